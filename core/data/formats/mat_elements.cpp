#include "core/data/formats/mat_elements.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <zlib.h>

namespace zipml {
namespace {

constexpr std::uint32_t kMatrix = 14, kPacked = 15; ///< types of elements
constexpr std::uint64_t kHeader = 128, kTag = 8;

[[noreturn]] void failCut(const SeekableFile& file, const std::string& what) {
    throw InputError(file.name().string() + ": is damaged or cut short: " + what + "; get or write it again");
}

std::uint32_t wordAt(const char* bytes, bool swapped) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return swapped ? __builtin_bswap32(word) : word;
}

/// The file's byte order is told by "IM" in its header.
bool isSwapped(std::ifstream& in) {
    std::array<char, 2> order{};
    in.seekg(kHeader - 2);
    in.read(order.data(), order.size());
    return order[0] == 'M';
}

/// An element's bytes in their order, unpacked where it is packed.
class ElementBytes {
  public:
    ElementBytes(const SeekableFile& file, const MatElement& element)
        : file_(file), in_(file.path(), std::ios::binary), left_(element.bytes), packed_(element.packed) {
        swapped = isSwapped(in_);
        in_.seekg(static_cast<std::streamoff>(element.offset));
        if (packed_ && inflateInit(&stream_) != Z_OK)
            throw RunError(file.name().string() + ": there is no memory to unpack it");
    }
    ElementBytes(const ElementBytes&) = delete;
    ElementBytes& operator=(const ElementBytes&) = delete;
    ~ElementBytes() {
        if (packed_)
            inflateEnd(&stream_);
    }

    /// Up to `most` bytes; less at the end.
    std::size_t read(char* bytes, std::size_t most) {
        const std::size_t got = packed_ ? unpack(bytes, most) : readStored(bytes, most);
        taken += got;
        return got;
    }
    std::uint32_t word() {
        std::array<char, 4> bytes{};
        if (read(bytes.data(), bytes.size()) != bytes.size())
            failCut(file_, "a variable ends in its middle");
        return wordAt(bytes.data(), swapped);
    }
    void skip(std::uint64_t count) {
        std::array<char, 1 << 14> bytes{};
        while (count > 0) {
            const std::size_t got = read(bytes.data(), std::min<std::uint64_t>(count, bytes.size()));
            if (got == 0)
                failCut(file_, "a variable ends in its middle");
            count -= got;
        }
    }
    void finish() {
        std::array<char, 1 << 14> bytes{};
        while (read(bytes.data(), bytes.size()) > 0)
            continue;
        if (packed_ && !ended_)
            failCut(file_, "a variable ends in its middle");
    }

    bool swapped = false;
    std::uint64_t taken = 0;

  private:
    std::size_t readStored(char* bytes, std::size_t most) {
        in_.read(bytes, static_cast<std::streamsize>(std::min<std::uint64_t>(most, left_)));
        const auto got = static_cast<std::size_t>(in_.gcount());
        left_ -= got;
        return got;
    }
    std::size_t unpack(char* bytes, std::size_t most) {
        stream_.next_out = reinterpret_cast<Bytef*>(bytes);
        stream_.avail_out = static_cast<uInt>(most);
        while (stream_.avail_out > 0 && !ended_) {
            if (stream_.avail_in == 0) {
                stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
                stream_.avail_in = static_cast<uInt>(readStored(buffer_.data(), buffer_.size()));
            }
            const int state = inflate(&stream_, Z_NO_FLUSH);
            ended_ = state == Z_STREAM_END;
            if (!ended_ && state != Z_OK)
                failCut(file_, stream_.msg == nullptr ? "a variable ends in its middle" : stream_.msg);
        }
        return most - stream_.avail_out;
    }

    const SeekableFile& file_;
    std::ifstream in_;
    std::uint64_t left_;
    const bool packed_;
    bool ended_ = false;
    z_stream stream_{};
    std::array<char, 1 << 14> buffer_{};
};

struct Part {
    std::uint32_t type = 0, bytes = 0;
    bool small = false; ///< its bytes stand in the tag
};

Part takeTag(ElementBytes& in) {
    constexpr std::uint32_t kHalf = 16, kLow = 0xFFFF;
    const std::uint32_t first = in.word();
    if (first >> kHalf != 0)
        return {first & kLow, first >> kHalf, true};
    return {first, in.word(), false};
}

void skipRest(ElementBytes& in, const Part& part) {
    constexpr std::uint64_t kSmall = 4, kAligned = 8;
    in.skip(part.small ? kSmall : (part.bytes + kAligned - 1) / kAligned * kAligned);
}

std::uint64_t bytesOfType(std::uint32_t type) {
    constexpr std::array<std::uint64_t, 14> kBytes{0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8};
    return type < kBytes.size() ? kBytes[type] : 0;
}

/// The parts of a matrix element up to its numbers: flags, dimensions, name.
void checkMatrix(const SeekableFile& file, ElementBytes& in, std::uint64_t bytes) {
    constexpr std::uint32_t kClassMask = 0xFF, kComplex = 0x0800, kInt32 = 5;
    constexpr std::uint32_t kFirstNumeric = 6, kLastNumeric = 15; // mxDOUBLE_CLASS to mxUINT64_CLASS
    constexpr std::uint32_t kMostDimensions = 32;
    const Part flags = takeTag(in);
    if (flags.bytes != 8 || flags.small)
        failCut(file, "a variable has no flags");
    const std::uint32_t word = in.word();
    in.skip(4);
    const std::uint32_t kind = word & kClassMask;
    if (kind < kFirstNumeric || kind > kLastNumeric)
        return;
    const Part dimensions = takeTag(in);
    if (dimensions.type != kInt32 || dimensions.bytes % 4 != 0 || dimensions.bytes / 4 > kMostDimensions)
        failCut(file, "a variable has no dimensions");
    double count = 1;
    for (std::uint32_t d = 0; d < dimensions.bytes / 4; ++d)
        count *= in.word();
    if (const std::uint64_t padding = dimensions.bytes % 8; padding != 0 && !dimensions.small)
        in.skip(8 - padding);
    skipRest(in, takeTag(in)); // the name
    for (int part = 0; part < ((word & kComplex) != 0 ? 2 : 1); ++part) {
        const Part numbers = takeTag(in);
        const std::uint64_t width = bytesOfType(numbers.type);
        if (width == 0 || static_cast<double>(numbers.bytes) != count * static_cast<double>(width) ||
            numbers.bytes > bytes)
            failCut(file, "a variable has not as many values as its dimensions say");
        skipRest(in, numbers);
    }
}

} // namespace

std::vector<MatElement> matElements(const SeekableFile& file) {
    std::ifstream in(file.path(), std::ios::binary);
    const bool swapped = isSwapped(in);
    std::vector<MatElement> elements;
    for (std::uint64_t at = kHeader; at < file.bytes();) {
        std::array<char, kTag> tag{};
        in.seekg(static_cast<std::streamoff>(at));
        if (!in.read(tag.data(), tag.size()))
            failCut(file, "it ends within a tag");
        const std::uint32_t type = wordAt(tag.data(), swapped);
        const std::uint64_t bytes = wordAt(tag.data() + 4, swapped);
        at += kTag;
        if ((type != kMatrix && type != kPacked) || bytes == 0)
            failCut(file, "what begins at byte " + std::to_string(at - kTag) + " is no variable");
        if (bytes > file.bytes() - at)
            failCut(file, "the variable at byte " + std::to_string(at - kTag) + " has " +
                              std::to_string(bytes) + " bytes, and " + std::to_string(file.bytes() - at) +
                              " follow");
        elements.push_back({at, bytes, type == kPacked});
        at += bytes;
    }
    return elements;
}

std::uint64_t checkMatElement(const SeekableFile& file, const MatElement& element) {
    ElementBytes in(file, element);
    std::uint64_t bytes = element.bytes;
    if (element.packed) {
        const Part tag = takeTag(in);
        bytes = tag.bytes;
        if (tag.type != kMatrix || tag.small)
            failCut(file, "a packed variable is none");
    }
    checkMatrix(file, in, bytes);
    in.finish();
    if (in.taken != bytes + (element.packed ? kTag : 0))
        failCut(file, "a variable is said to have " + std::to_string(bytes) + " bytes");
    return bytes;
}

namespace {

struct Mat4Header {
    bool good = false;
    std::uint64_t nameBytes = 0;
    double valueBytes = 0;
};
constexpr std::size_t kMat4Header = 20;

Mat4Header mat4Header(const char* bytes) {
    constexpr std::array<double, 6> kWidths{8, 4, 4, 2, 2, 1};
    for (const bool swapped : {false, true}) {
        std::array<std::uint32_t, 5> words{};
        for (std::size_t i = 0; i < words.size(); ++i)
            words[i] = wordAt(bytes + 4 * i, swapped);
        const std::uint32_t type = words[0];
        const std::uint32_t order = type / 1000, precision = type / 10 % 10, kind = type % 10;
        constexpr std::uint32_t kLongestName = 64;
        if (order != (swapped ? 1U : 0U) || type / 100 % 10 != 0 || precision > 5 || kind > 2 ||
            words[3] > 1 || words[4] < 2 || words[4] > kLongestName)
            continue;
        return {true, words[4],
                static_cast<double>(words[1]) * words[2] * kWidths[precision] * (words[3] + 1)};
    }
    return {};
}

} // namespace

bool looksLikeMat4(std::string_view bytes) {
    if (bytes.size() <= kMat4Header)
        return false;
    const Mat4Header header = mat4Header(bytes.data());
    if (!header.good || bytes.size() < kMat4Header + header.nameBytes)
        return false;
    const auto name = bytes.substr(kMat4Header, header.nameBytes - 1);
    const auto isNamed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return std::ranges::all_of(name, isNamed) && bytes[kMat4Header + name.size()] == '\0';
}

std::size_t countMat4Variables(const SeekableFile& file) {
    std::ifstream in(file.path(), std::ios::binary);
    std::size_t count = 0;
    for (std::uint64_t at = 0; at < file.bytes(); ++count) {
        std::array<char, kMat4Header> bytes{};
        in.seekg(static_cast<std::streamoff>(at));
        if (!in.read(bytes.data(), bytes.size()))
            failCut(file, "it ends within a variable's header");
        const Mat4Header header = mat4Header(bytes.data());
        if (!header.good)
            failCut(file, "what begins at byte " + std::to_string(at) + " is no variable");
        at += kMat4Header + header.nameBytes;
        if (at > file.bytes() || header.valueBytes > static_cast<double>(file.bytes() - at))
            failCut(file, "its variable number " + std::to_string(count + 1) + " ends behind the file");
        at += static_cast<std::uint64_t>(header.valueBytes);
    }
    return count;
}

} // namespace zipml
