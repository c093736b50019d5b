#include "core/data/fingerprint.h"

#include "core/data/source_files.h"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <vector>
#include <zlib.h>

namespace zipml {

std::string fingerprintOf(const std::filesystem::path& source, const Job& job) {
    constexpr std::size_t kAtOnce = 1 << 20;
    const SourceFiles files(source, job);
    std::vector<char> bytes(kAtOnce);
    std::uint64_t size = 0;
    uLong sum = 0;
    for (const auto& file : files.files()) {
        std::ifstream in(file, std::ios::binary);
        while (in) {
            job.checkpoint();
            in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            const auto got = static_cast<std::size_t>(in.gcount());
            sum = crc32_z(sum, reinterpret_cast<const unsigned char*>(bytes.data()), got);
            size += got;
        }
        if (!in.eof())
            return "absent";
    }
    char text[32];
    std::snprintf(text, sizeof text, "%08lx", sum);
    const std::size_t count = files.files().size();
    return std::to_string(count) + (count == 1 ? " file, " : " files, ") + std::to_string(size) +
           " bytes, crc32 " + text;
}

} // namespace zipml
