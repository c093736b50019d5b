#pragma once
/// What a run's rounded samples make of the curvature H = mean(a a') of least squares: the matrix M that the
/// mean of the estimator's gradients has in its place, known by products with it (one pass over the samples
/// each). Told before a run starts: whether any step would do, and how fast a variance-reduced solver
/// contracts.

#include "core/lab/run_samples.h"
#include "core/solve/spectrum.h"

#include <string>
#include <vector>

namespace zipml {

struct FrozenCurvature {
    Extremes m;                        ///< of M and the regularizer's l2
    std::optional<double> contraction; ///< spectral radius of I - M^-1 H; of variance-reduced solvers
};

/// Nothing where it would take too long (more than 2 * 10^8 values), on a device, or where the loss is not
/// quadratic. Ritz values from at most 48 products. @param contraction whether it is wanted
std::optional<FrozenCurvature> frozenCurvature(const RunSpec& spec, const PreparedData& data,
                                               RunSamples& samples, bool contraction, const Job& job = {});

/// Whether some direction has a negative curvature, beyond what float32 products may show.
bool isUphill(const FrozenCurvature& curvature);

/// What a person should know before the run starts.
void addCurvatureNotes(const RunSpec& spec, const FrozenCurvature& curvature,
                       std::vector<std::string>& notes);

} // namespace zipml
