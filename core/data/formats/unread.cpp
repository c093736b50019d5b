#include "core/data/formats/unread.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstdint>

namespace zipml {
namespace {

struct Unread {
    const char* what;
    bool (*matches)(std::string_view bytes, const std::filesystem::path& file);
    const char* convert;
};

bool startsWith(std::string_view bytes, std::string_view magic) {
    return bytes.starts_with(magic);
}

/// Eight bytes of length, then a JSON object.
bool isSafetensors(std::string_view bytes) {
    constexpr std::size_t kLength = 8;
    if (bytes.size() < kLength + 2 || bytes[kLength] != '{')
        return false;
    std::uint64_t length = 0;
    for (std::size_t i = kLength; i-- > 0;)
        length = length << 8U | static_cast<unsigned char>(bytes[i]);
    return length >= 2 && length < 100'000'000 && bytes[kLength + 1] == '"';
}

constexpr Unread kUnread[] = {
    {"a Parquet file", [](std::string_view b, const std::filesystem::path&) { return startsWith(b, "PAR1"); },
     "pandas.read_parquet(FILE).to_csv('data.csv', index=False)"},
    {"a Feather (Arrow) file",
     [](std::string_view b, const std::filesystem::path&) {
         return startsWith(b, "ARROW1") || startsWith(b, "FEA1");
     },
     "pandas.read_feather(FILE).to_csv('data.csv', index=False)"},
    {"a safetensors file", [](std::string_view b, const std::filesystem::path&) { return isSafetensors(b); },
     "numpy.savez('data.npz', **safetensors.numpy.load_file(FILE))"},
    {"a spreadsheet (xlsx)",
     [](std::string_view b, const std::filesystem::path& file) {
         return startsWith(b, "PK\x03\x04") && file.extension() == ".xlsx";
     },
     "save it as CSV, or pandas.read_excel(FILE).to_csv('data.csv', index=False)"},
    {"a zip archive",
     [](std::string_view b, const std::filesystem::path& file) {
         return startsWith(b, "PK\x03\x04") && file.extension() != ".npz";
     },
     "unzip FILE, then name a file or the folder"},
    {"a tar archive",
     [](std::string_view b, const std::filesystem::path&) {
         constexpr std::size_t kMagicAt = 257;
         return b.size() > kMagicAt + 5 && b.substr(kMagicAt, 5) == "ustar";
     },
     "tar xf FILE, then name a file or the folder"},
    {"a Python pickle",
     [](std::string_view b, const std::filesystem::path&) {
         return b.size() > 2 && b[0] == '\x80' && b[1] >= 2 && b[1] <= 5;
     },
     "numpy.save('data.npy', numpy.asarray(...)) of what it holds"},
    {"an SQLite data base",
     [](std::string_view b, const std::filesystem::path&) { return startsWith(b, "SQLite format 3"); },
     "sqlite3 -header -csv FILE 'select * from TABLE' > data.csv"},
    {"JSON",
     [](std::string_view b, const std::filesystem::path&) {
         const auto first = b.find_first_not_of(" \t\r\n");
         b.remove_prefix(std::min(first, b.size()));
         return startsWith(b, "{\"") || startsWith(b, "[{") || startsWith(b, "[[");
     },
     "pandas.read_json(FILE, lines=True).to_csv('data.csv', index=False)"},
    {"packed twice",
     [](std::string_view b, const std::filesystem::path&) {
         return startsWith(b, "\x1F\x8B\x08") || startsWith(b, "BZh9") ||
                startsWith(b, "\xFD"
                              "7zXZ") ||
                startsWith(b, "\x28\xB5\x2F\xFD");
     },
     "unpack it once"},
};

} // namespace

void refuseUnread(const FileStart& start) {
    for (const Unread& format : kUnread)
        if (format.matches(start.bytes, start.file))
            throw InputError(start.file.string() + ": is " + format.what +
                             ", which is not read; convert it: " + format.convert);
}

} // namespace zipml
