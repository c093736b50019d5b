#include "core/reproduce/claim.h"

#include "core/spec/json_block.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

bool asks(const ClaimSpec& claim, const DataRuns& data) {
    return data.rows() >= std::max<std::size_t>(1, claim.minRows) && !(claim.realOnly && data.generated) &&
           (claim.data.empty() || std::ranges::find(claim.data, data.name) != claim.data.end());
}

/// Of all answers: "every" fails with one, "any" succeeds with one; what is open leaves it open.
std::optional<bool> combined(const std::vector<std::optional<bool>>& answers, bool any) {
    if (std::ranges::find(answers, std::optional(any)) != answers.end())
        return any;
    if (answers.empty() || std::ranges::find(answers, std::optional<bool>()) != answers.end())
        return {};
    return !any;
}

} // namespace

ClaimSpec claimFrom(const json& object) {
    JsonBlock block(object);
    ClaimSpec claim;
    claim.name = block.need<std::string>("name");
    claim.paper = block.need<std::string>("paper");
    claim.say = block.need<std::string>("say");
    claim.value = quantityFrom(block.need<json>("value"));
    if (const json over = block.take<json>("over", nullptr); !over.is_null())
        claim.over = quantityFrom(over);
    claim.atLeast = block.take("at_least", claim.atLeast);
    claim.atMost = block.take("at_most", claim.atMost);
    const auto which = block.take<std::string>("for", "every");
    if (which != "every" && which != "any")
        throw InputError("for: '" + which + "' is neither every nor any");
    claim.any = which == "any";
    claim.realOnly = block.take("real", claim.realOnly);
    claim.minRows = block.take("min_rows", claim.minRows);
    claim.data = block.take("data", claim.data);
    claim.miss = block.take("miss", claim.miss);
    claim.note = block.take("note", claim.note);
    block.end();
    return claim;
}

Verdict judge(const ClaimSpec& claim, std::span<const DataRuns> all) {
    Verdict verdict{claim.name, claim.paper, {}, {}, claim.note};
    std::vector<std::optional<bool>> answers;
    for (const auto& data : all) {
        if (!asks(claim, data))
            continue;
        auto reading = read(claim.value, data, all);
        if (claim.over)
            reading = quotient(reading, read(*claim.over, data, all));
        if (!reading) {
            answers.emplace_back();
            continue;
        }
        answers.push_back(within(*reading, claim.atLeast, claim.atMost));
        verdict.measured +=
            (verdict.measured.empty() ? claim.say + ": " : "; ") + data.title + " " + toText(*reading);
    }
    verdict.holds = combined(answers, claim.any);
    if (verdict.measured.empty())
        verdict.measured = claim.say + ": not measured, no data set that the claim is about was run";
    if (verdict.holds == false && !claim.miss.empty())
        verdict.note = claim.miss + (claim.note.empty() ? "" : " " + claim.note);
    return verdict;
}

} // namespace zipml
