#pragma once
/// Generated linear-regression data, in the sizes of the paper's synthetic sets (method.md 8.1). The paper's
/// own generator is not known; this one draws features and true model from N(0, 1) and labels a.x + 0.1 N(0,
/// 1).

#include "core/base/job.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <optional>
#include <string>

namespace zipml {

/// "synthetic:FEATURES", "synthetic:FEATURESxROWS", either with "@SEED" behind.
struct SyntheticSource {
    std::size_t features = 100; ///< 1..100,000
    std::size_t rows = 10'000;  ///< training rows, at least 10; as many test rows
    std::uint64_t seed = 1;     ///< of the data; the run's own seed does not change it
};

/// @return nothing when `source` does not begin with "synthetic:". @throws InputError when the rest is wrong.
std::optional<SyntheticSource> parseSynthetic(const std::string& source);

struct SyntheticData {
    Dataset train, test;
};

SyntheticData generate(const SyntheticSource& source, const Job& job = {});

} // namespace zipml
