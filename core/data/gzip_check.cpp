#include "core/data/gzip_check.h"

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <zlib.h>

namespace zipml {
namespace {

std::uint32_t littleEndian(std::string_view bytes) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;)
        word = (word << 8) | static_cast<unsigned char>(bytes[i]);
    return word;
}

/// A second member's header: magic, deflate, no reserved flag, a known system. In packed bytes this pattern
/// comes up by chance once in some gigabytes.
bool hasFurtherMember(std::string_view bytes) {
    for (auto at = bytes.find("\x1F\x8B\x08", 1); at != std::string_view::npos && at + 10 <= bytes.size();
         at = bytes.find("\x1F\x8B\x08", at + 1)) {
        const auto flags = static_cast<unsigned char>(bytes[at + 3]);
        const auto speed = static_cast<unsigned char>(bytes[at + 8]);
        const auto system = static_cast<unsigned char>(bytes[at + 9]);
        if (flags < 0x20 && (speed == 0 || speed == 2 || speed == 4) && (system <= 13 || system == 255))
            return true;
    }
    return false;
}

} // namespace

void GzipCheck::add(std::string_view bytes) {
    crc_ =
        static_cast<std::uint32_t>(crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    size_ += static_cast<std::uint32_t>(bytes.size());
}

bool GzipCheck::agrees(const std::filesystem::path& file, std::uint64_t end) const {
    std::ifstream in(file, std::ios::binary);
    std::array<char, 8> trailer{};
    in.seekg(static_cast<std::streamoff>(end) - 8);
    if (!in.read(trailer.data(), trailer.size()))
        return true; // a pipe cannot be read again
    const std::string_view bytes(trailer.data(), trailer.size());
    if (littleEndian(bytes.substr(0, 4)) == crc_ && littleEndian(bytes.substr(4, 4)) == size_)
        return true;
    in.seekg(0);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    return hasFurtherMember(whole);
}

} // namespace zipml
