#include "accel/tuning.h"

#include "accel/kept_entries.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

KeptEntries& kept() {
    static KeptEntries entries("tuning.json", 1);
    return entries;
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

} // namespace

std::filesystem::path tuningFile() {
    return kept().file();
}

Tuning tunedFor(const OpenClDevice& device, const std::string& task, std::span<const Tuning> candidates,
                const std::function<double(const Tuning&)>& seconds) {
    constexpr double kWorthIt = 0.97;
    const std::string key = device.platform + " | " + device.name + " | " + device.driver + " | " + task;
    if (const auto entry = kept().find(key))
        if (const auto known = tuningIn(*entry, candidates))
            return *known;
    Tuning best = candidates.front();
    double least = seconds(best) * kWorthIt;
    for (const Tuning& candidate : candidates.subspan(1))
        if (const double took = seconds(candidate); took < least) {
            best = candidate;
            least = took;
        }
    kept().keep(key, {{"group_items", best.groupItems},
                      {"block_rows", best.blockRows},
                      {"many_a_launch", best.manyALaunch}});
    return best;
}

} // namespace zipml
