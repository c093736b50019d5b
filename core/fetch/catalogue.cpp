#include "core/fetch/catalogue.h"

#include "core/base/json_file.h"
#include "core/fetch/digest.h"
#include "core/fetch/download.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

using nlohmann::json;

std::string textAt(const json& object, const char* key, bool wanted) {
    if (!object.contains(key)) {
        if (wanted)
            throw InputError(std::string(key) + " is missing");
        return {};
    }
    if (!object[key].is_string() || (wanted && object[key].get<std::string>().empty()))
        throw InputError(std::string(key) + " is not a text");
    return object[key].get<std::string>();
}

std::uint64_t numberAt(const json& object, const char* key) {
    if (!object.contains(key))
        return 0;
    if (!object[key].is_number_unsigned())
        throw InputError(std::string(key) + " is not a whole number of 0 or more");
    return object[key].get<std::uint64_t>();
}

const json& listAt(const json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_array() || object[key].empty())
        throw InputError(std::string(key) + " is not a list of something");
    return object[key];
}

/// A catalogue may come from anywhere: nothing is written outside of the data folder.
std::filesystem::path insideFolder(const std::string& text) {
    std::filesystem::path path = std::filesystem::path(text).lexically_normal();
    if (path.empty() || path.is_absolute() || *path.begin() == ".." || !path.has_filename() ||
        path.filename() == ".")
        throw InputError("file '" + text + "' is not a file below the data folder");
    return path;
}

CatalogueFile parseFile(const json& object, const std::filesystem::path& file) {
    CatalogueFile parsed;
    parsed.file = file;
    const std::string part = textAt(object, "part", false);
    if (part != "train" && part != "test" && !part.empty())
        throw InputError("part '" + part + "' is neither train nor test");
    parsed.part = part == "train" ? DataPart::Train : part == "test" ? DataPart::Test : DataPart::None;
    parsed.rows = numberAt(object, "rows");
    return parsed;
}

CatalogueDownload parseDownload(const json& object) {
    CatalogueDownload download;
    download.url = textAt(object, "url", true);
    if (!download.url.starts_with("http://") && !download.url.starts_with("https://"))
        throw InputError("url '" + download.url + "' is neither http nor https");
    const std::string file = textAt(object, "file", false);
    download.file = insideFolder(file.empty() ? download.url.substr(download.url.rfind('/') + 1) : file);
    download.bytes = numberAt(object, "bytes");
    download.checksum = textAt(object, "checksum", false);
    download.checksumSource = textAt(object, "checksum_source", false);
    if (!download.checksum.empty() && !isChecksum(download.checksum))
        throw InputError("checksum '" + download.checksum +
                         "' is neither sha256: and 64 nor md5: and 32 hexadecimal digits");
    if (!object.contains("unpack")) {
        download.contents.push_back(parseFile(object, download.file));
        return download;
    }
    for (const auto& member : listAt(object, "unpack")) {
        auto unpacked = parseFile(member, insideFolder(textAt(member, "file", true)));
        unpacked.member = textAt(member, "member", true);
        download.contents.push_back(unpacked);
    }
    return download;
}

CatalogueEntry parseEntry(const json& object) {
    CatalogueEntry entry;
    entry.name = textAt(object, "name", true);
    entry.title = textAt(object, "title", true);
    entry.task = parseName<Task>(textAt(object, "task", true), "task");
    entry.classes = numberAt(object, "classes");
    if (entry.classes == 0 && entry.task == Task::Classification)
        entry.classes = 2;
    entry.rows = numberAt(object, "rows");
    entry.testRows = numberAt(object, "test_rows");
    entry.features = numberAt(object, "features");
    entry.aboutBytes = numberAt(object, "about_bytes");
    entry.labelColumn = textAt(object, "label_column", false);
    entry.licence = textAt(object, "licence", true);
    entry.citation = textAt(object, "citation", true);
    entry.page = textAt(object, "page", true);
    for (const auto& file : listAt(object, "files"))
        entry.downloads.push_back(parseDownload(file));
    return entry;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
    return result;
}

} // namespace

std::vector<CatalogueEntry> parseCatalogue(std::string_view text, const std::string& name) {
    std::vector<CatalogueEntry> catalogue;
    std::string where = name + ": ";
    const json parsed = parseJson(text, name, R"(a catalogue was expected, {"datasets": [{"name": ...}]})");
    try {
        std::size_t number = 0;
        for (const auto& object : listAt(parsed, "datasets")) {
            ++number;
            const bool named = object.is_object() && object.contains("name") && object["name"].is_string();
            where = name + ": " +
                    (named ? object["name"].get<std::string>() : "data set " + std::to_string(number)) + ": ";
            catalogue.push_back(parseEntry(object));
            const auto same = [&](const CatalogueEntry& entry) {
                return lower(entry.name) == lower(catalogue.back().name);
            };
            if (std::ranges::count_if(catalogue, same) > 1)
                throw InputError("there are two of this name");
        }
    } catch (const InputError& error) {
        throw InputError(where + error.what());
    }
    return catalogue;
}

const std::vector<CatalogueEntry>& builtInCatalogue() {
    static const auto catalogue = parseCatalogue(builtInCatalogueText(), "built-in catalogue");
    return catalogue;
}

const CatalogueEntry& findEntry(std::span<const CatalogueEntry> catalogue, std::string_view name) {
    const auto found = std::ranges::find_if(
        catalogue, [&](const CatalogueEntry& entry) { return lower(entry.name) == lower(name); });
    if (found != catalogue.end())
        return *found;
    std::string names;
    for (const auto& entry : catalogue)
        names += (names.empty() ? "" : ", ") + entry.name;
    throw InputError("no data set '" + std::string(name) + "' in the catalogue; it has " + names);
}

std::vector<CatalogueFile> filesOf(const CatalogueEntry& entry) {
    std::vector<CatalogueFile> files;
    for (const auto& download : entry.downloads)
        files.insert(files.end(), download.contents.begin(), download.contents.end());
    return files;
}

std::uint64_t bytesOf(const CatalogueEntry& entry) {
    std::uint64_t bytes = 0;
    for (const auto& download : entry.downloads) {
        if (download.bytes == 0)
            return 0;
        bytes += download.bytes;
    }
    return bytes;
}

std::string fetchSizeText(const CatalogueEntry& entry) {
    const std::uint64_t bytes = bytesOf(entry);
    return bytes == 0 && entry.aboutBytes != 0 ? "about " + sizeText(entry.aboutBytes) : sizeText(bytes);
}

std::string shapeOf(const CatalogueEntry& entry) {
    const auto grouped = [](std::size_t number) {
        std::string text = std::to_string(number);
        for (auto at = text.size(); at > 3; at -= 3)
            text.insert(at - 3, ",");
        return text;
    };
    return grouped(entry.rows) + " x " + grouped(entry.features);
}

std::string sizeText(std::uint64_t bytes) {
    if (bytes == 0)
        return "unknown";
    constexpr std::array kUnits{"bytes", "kB", "MB", "GB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 999.5 && unit + 1 < kUnits.size(); ++unit)
        size /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit > 0 && size < 9.95 ? "%.1f %s" : "%.0f %s", size,
                  kUnits[unit]);
    return text.data();
}

std::filesystem::path defaultDataFolder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::filesystem::path(value != nullptr ? value : "");
    };
    if (auto folder = variable("ZIPML_DATA_DIR"); !folder.empty())
        return folder;
    // The XDG specification has relative paths ignored.
    if (const auto folder = variable("XDG_DATA_HOME"); folder.is_absolute())
        return folder / "zipml" / "data";
    return variable("HOME") / ".local" / "share" / "zipml" / "data";
}

FetchState stateOf(const CatalogueEntry& entry, const std::filesystem::path& folder) {
    std::error_code failed;
    std::size_t here = 0;
    bool partial = false;
    const auto files = filesOf(entry);
    for (const auto& file : files)
        here += std::filesystem::is_regular_file(folder / file.file, failed) ? 1U : 0U;
    for (const auto& download : entry.downloads)
        partial = partial || std::filesystem::exists(folder / partialFile(download.file), failed);
    return here == files.size()  ? FetchState::Here
           : here > 0 || partial ? FetchState::Partial
                                 : FetchState::Absent;
}

} // namespace zipml
