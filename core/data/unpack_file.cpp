#include "core/data/unpack_file.h"

#include "core/base/error.h"
#include "core/data/byte_reader.h"

namespace zipml {

std::string unpackFile(const std::filesystem::path& file, std::size_t most) {
    const auto reader = ByteReader::open(file);
    std::string bytes;
    while (true) {
        constexpr std::size_t kAtOnce = std::size_t{1} << 20;
        const std::size_t size = bytes.size();
        bytes.resize(size + kAtOnce);
        const std::size_t got = reader->read(bytes.data() + size, kAtOnce);
        bytes.resize(size + got);
        if (!reader->fault().empty())
            failDamaged(file, reader->fault(), "");
        if (bytes.size() > most)
            throw InputError(file.string() + ": is larger than the " + std::to_string(most >> 20) +
                             " MB that are read at most");
        if (got == 0)
            return bytes;
    }
}

} // namespace zipml
