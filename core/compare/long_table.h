#pragma once
/// Runs side by side as one long table, which other programs regroup as they like.

#include "core/lab/run_record.h"

#include <span>
#include <string>

namespace zipml {

struct TabledRun {
    std::string name;
    const EpochRecord* initial;
    std::span<const EpochRecord> epochs;
};

/// CSV: run,epoch,quantity,value, a line a number; quantities are called as in records ("train_loss"), what does
/// not apply or is not finite has no line.
std::string longTable(std::span<const TabledRun> runs);

} // namespace zipml
