#include "accel/tuning.h"

#include "accel/program.h"
#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>

namespace zipml {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
std::mutex fileMutex; ///< runs tune in threads of their own

json entriesIn(const std::filesystem::path& file) {
    std::error_code ignored;
    if (file.empty() || !std::filesystem::is_regular_file(file, ignored))
        return json::object();
    try {
        json all = json::parse(readFile(file));
        if (all.at("version") == kVersion && all.at("entries").is_object())
            return all["entries"];
    } catch (const std::exception&) { // damaged, or of another version: measured anew
    }
    return json::object();
}

/// @return nothing where the entry is not one of the candidates: they may have changed
std::optional<Tuning> tuningIn(const json& entry, std::span<const Tuning> candidates) {
    try {
        const Tuning tuning{entry.at("group_items").get<std::size_t>(),
                            entry.at("block_rows").get<std::size_t>(), entry.at("many_a_launch").get<bool>()};
        if (std::ranges::find(candidates, tuning) != candidates.end())
            return tuning;
    } catch (const json::exception&) { // damaged
    }
    return std::nullopt;
}

void keep(const std::filesystem::path& file, const std::string& key, const Tuning& tuning) {
    if (file.empty())
        return;
    const std::lock_guard lock(fileMutex);
    json entries = entriesIn(file);
    entries[key] = {{"group_items", tuning.groupItems},
                    {"block_rows", tuning.blockRows},
                    {"many_a_launch", tuning.manyALaunch}};
    try {
        std::filesystem::create_directories(file.parent_path());
        writeFileAtomically(file, json{{"version", kVersion}, {"entries", entries}}.dump(1) + "\n");
    } catch (const std::exception&) { // a full disk: the next run measures again
    }
}

} // namespace

std::filesystem::path tuningFile() {
    const std::filesystem::path folder = cacheFolder();
    return folder.empty() ? folder : folder / "opencl" / "tuning.json";
}

Tuning tunedFor(const OpenClDevice& device, const std::string& task, std::span<const Tuning> candidates,
                const std::function<double(const Tuning&)>& seconds) {
    constexpr double kWorthIt = 0.97;
    const std::filesystem::path file = tuningFile();
    const std::string key = device.platform + " | " + device.name + " | " + device.driver + " | " + task;
    {
        const std::lock_guard lock(fileMutex);
        const json entries = entriesIn(file);
        if (const auto entry = entries.find(key); entry != entries.end())
            if (const auto known = tuningIn(*entry, candidates))
                return *known;
    }
    Tuning best = candidates.front();
    double least = seconds(best) * kWorthIt;
    for (const Tuning& candidate : candidates.subspan(1))
        if (const double took = seconds(candidate); took < least) {
            best = candidate;
            least = took;
        }
    keep(file, key, best);
    return best;
}

} // namespace zipml
