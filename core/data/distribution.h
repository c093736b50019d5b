#pragma once
/// Values drawn from well-known distributions, to look at what quantization does to each.

#include "core/base/job.h"
#include "core/base/names.h"
#include "core/base/parallel.h"

#include <cstdint>
#include <vector>

namespace zipml {

enum class Distribution { Normal, Uniform, Exponential, Bimodal, HeavyTailed };
template <>
std::span<const Named<Distribution>> namesOf<Distribution>();

/// The same for any number of threads. @param count 1 to 2^32 - 1
std::vector<float> drawValues(Distribution distribution, std::size_t count, std::uint64_t seed,
                              ThreadTeam& team, const Job& job = {});

} // namespace zipml
