#include "accel/kept_entries.h"

#include "accel/program.h"
#include "core/base/file.h"

namespace zipml {

using nlohmann::json;

std::filesystem::path KeptEntries::file() const {
    const std::filesystem::path folder = cacheFolder();
    return folder.empty() ? folder : folder / "opencl" / name_;
}

json KeptEntries::read() const {
    std::error_code ignored;
    if (file().empty() || !std::filesystem::is_regular_file(file(), ignored))
        return json::object();
    try {
        json all = json::parse(readFile(file()));
        if (all.at("version") == version_ && all.at("entries").is_object())
            return all["entries"];
    } catch (const std::exception&) { // damaged, or of another version
    }
    return json::object();
}

std::optional<json> KeptEntries::find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    json entries = read();
    const auto entry = entries.find(key);
    return entry == entries.end() ? std::nullopt : std::optional(std::move(*entry));
}

void KeptEntries::keep(const std::string& key, json entry) {
    if (file().empty())
        return;
    const std::lock_guard lock(mutex_);
    json entries = read();
    entries[key] = std::move(entry);
    try {
        std::filesystem::create_directories(file().parent_path());
        writeFileAtomically(file(), json{{"version", version_}, {"entries", entries}}.dump(1) + "\n");
    } catch (const std::exception&) { // a full disk, a home that is read only
    }
}

} // namespace zipml
