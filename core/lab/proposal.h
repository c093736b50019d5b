#pragma once
/// A proposal is what a report on a data file suggests for a run on it: what is learned, the share of the
/// rows that trains, and how labels and features are scaled.

#include "core/data/report.h"
#include "core/lab/run_spec.h"

#include <string>
#include <string_view>
#include <vector>

namespace zipml {

struct Proposal {
    RunSpec spec;
    struct Change {
        std::string_view key;
        std::string why; ///< "10 classes"
    };
    std::vector<Change> changes; ///< in the order of the keys
};

/// @param report of data that can be trained on
/// @param usual what the settings were before a person touched them: where `now` differs, that is kept,
/// unless nothing can be trained with it
Proposal proposalFor(const DataReport& report, const RunSpec& now, const RunSpec& usual = {});

} // namespace zipml
