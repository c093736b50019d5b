#pragma once
/// Generated data of a linear model, in the sizes of the paper's synthetic sets (docs/method.md#s8-1). The
/// paper's own generator is not known; this one draws features and true model from N(0, 1) and labels a.x +
/// 0.1 N(0, 1). Options make it harder, in the ways that real data is:
///
/// heavy-tailed: columns as those of YearPrediction. Each value is a normal times exp(half of another
/// normal), which makes the kurtosis 3 e, about 8; each column has a scale of its own, exp of a normal, and
/// its weight the inverse scale, so that every column matters. r2=SHARE: the true model explains this share
/// of the labels' variance, and noise the rest.
/// classes: two classes, -1 and +1: the sign of the label that there would be without this option.

#include "core/base/job.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <optional>
#include <string>

namespace zipml {

/// "synthetic:FEATURES" or "synthetic:FEATURESxROWS", with ",heavy-tailed", ",classes" and ",r2=SHARE" behind
/// as wished, and with "@SEED" behind the size or at the end.
struct SyntheticSource {
    std::size_t features = 100; ///< 1..100,000
    std::size_t rows = 10'000;  ///< training rows, at least 10
    std::uint64_t seed = 1;     ///< of the data; the run's own seed does not change it
    bool heavyTailed = false;
    std::optional<double> r2 = {}; ///< above 0, at most 1; empty: noise of 0.1
    bool classes = false;          ///< labels are -1 and +1

    /// As many as training rows; but at most 10,000 where an option is given or the training rows have more
    /// than 10^8 values, so that large sets do not take their memory twice.
    [[nodiscard]] std::size_t testRows() const;
};

bool isSynthetic(const std::string& source);
/// @return nothing when `source` does not begin with "synthetic:". @throws InputError when the rest is wrong.
std::optional<SyntheticSource> parseSynthetic(const std::string& source);

struct SyntheticData {
    Dataset train, test;
};

/// The same for any number of threads. @param threads 0: one a core. @throws InputError when memory does not
/// suffice
SyntheticData generate(const SyntheticSource& source, const Job& job = {}, int threads = 0);

} // namespace zipml
