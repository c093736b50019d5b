#pragma once
/// Minibatch SGD in float32 written with other people's libraries: what FloatSgd, the divisor of every
/// speed-up that zipml bench reports, must hold its own against.

#include <cstddef>

namespace zipml::test {

/// One step of least squares on a batch: r = A x - b, then x -= step A'r.
struct BaselineBatch {
    const float* rows; ///< A, row-major
    const float* labels;
    std::size_t count, features;
    float step;       ///< over `count`
    float* model;     ///< x
    float* residuals; ///< room for r
    float* gradient;  ///< room for A'r
};
using BaselineStep = void (*)(const BaselineBatch& batch);

/// Two products of Eigen. That file is compiled for the very machine, as Eigen has no other way to its
/// vectors.
void eigenStep(const BaselineBatch& batch);
/// The instruction sets that it uses.
const char* eigenInstructionSets();

/// Adds the step to the benchmarks: an epoch out of cache for each number of features, on one thread. @return
/// true
bool registerBaseline(const char* name, BaselineStep step);

} // namespace zipml::test
