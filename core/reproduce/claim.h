#pragma once
/// A published statement in a form that runs decide.

#include "core/reproduce/outcome.h"
#include "core/reproduce/reading.h"

#include <limits>

namespace zipml {

/// `value` [over `over`] is within [atLeast, atMost] for every data set that is asked, or for any.
struct ClaimSpec {
    std::string name, paper;
    std::string say; ///< what the number is: "bits to stay within 1% of full precision"
    Quantity value;
    std::optional<Quantity> over;
    double atLeast = -std::numeric_limits<double>::infinity();
    double atMost = std::numeric_limits<double>::infinity();
    bool any = false;
    bool realOnly = false;         ///< generated sets do not count
    std::size_t minRows = 0;       ///< training and test rows together
    std::vector<std::string> data; ///< those that are asked; empty: all
    std::string miss;              ///< what explains it when it does not hold
    std::string note;              ///< what is to be said in any case
};

/// {"name", "paper", "say", "value": [...], "over": [...], "at_least", "at_most", "for": "every"|"any",
/// "real", "min_rows", "data": [...], "miss", "note"}. @throws InputError, nlohmann::json::exception
ClaimSpec claimFrom(const nlohmann::json& object);

/// @param all the data sets that ran
Verdict judge(const ClaimSpec& claim, std::span<const DataRuns> all);

} // namespace zipml
