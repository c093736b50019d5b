#pragma once
/// What a run's rounded samples make of the curvature H = mean(a a') of least squares: the matrix M that the
/// mean of the estimator's gradients has in its place, known by products with it (one pass over the samples
/// each). Told before a run starts: whether any step would do, and how fast a variance-reduced solver
/// contracts.

#include "core/lab/run_samples.h"
#include "core/solve/spectrum.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zipml {

struct FrozenCurvature {
    Extremes m;                        ///< of M and the regularizer's l2
    std::optional<double> contraction; ///< spectral radius of I - M^-1 H; of variance-reduced solvers
};

constexpr std::size_t kMostCurvatureValues = 200'000'000; ///< that are looked at; of more it would take long

/// Samples as a run reads them.
struct RoundedSamples {
    std::size_t rows = 0, features = 0;
    const GradientMethod& method; ///< the run's
    bool quantized = true;
    /// An epoch of a method on them; null: nothing runs it. @param labels, method outlive the result
    std::function<std::shared_ptr<EpochRunner>(std::span<const float> labels, const GradientMethod& method,
                                               std::size_t batch)>
        makeRunner;
};

/// Nothing where it would take too long (more than kMostCurvatureValues), or where the loss is not quadratic.
/// Ritz values from at most 48 products. @param contraction whether it is wanted
std::optional<FrozenCurvature> frozenCurvature(const RunSpec& spec, const RoundedSamples& samples,
                                               bool contraction, const Job& job = {});

/// The same of a run in memory; nothing on a device.
std::optional<FrozenCurvature> frozenCurvature(const RunSpec& spec, const PreparedData& data,
                                               RunSamples& samples, bool contraction, const Job& job = {});

/// Whether some direction has a negative curvature, beyond what float32 products may show.
bool isUphill(const FrozenCurvature& curvature);

/// What a person should know before the run starts.
void addCurvatureNotes(const RunSpec& spec, const FrozenCurvature& curvature,
                       std::vector<std::string>& notes);

} // namespace zipml
