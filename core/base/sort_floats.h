#pragma once
/// Sorts many floats: linear time, on all threads.

#include "core/base/job.h"
#include "core/base/parallel.h"

#include <vector>

namespace zipml {

/// Ascending. @param values no NaN
void sortFloats(std::vector<float>& values, ThreadTeam& team, const Job& job = {});

} // namespace zipml
