#pragma once
/// Gradient estimators: how an estimate of slope(a.x, b) a, the gradient of a loss (core/loss/loss.h), is
/// made from rounded copies of a sample (docs/method.md#s3 and #s4). Each estimator is a file in
/// core/estimate/estimators and a line in estimators.def there; everything that the rest of the program asks
/// about it stands in its row.

#include "core/base/names.h"
#include "core/loss/loss_kind.h"
#include "core/model/linear_parameters.h"
#include "core/quant/rounding.h"

#include <Eigen/Core>

#include <optional>
#include <string>

namespace zipml {

/// Those that the program names, in the order of the table; an estimator that is added needs no name here.
enum class EstimatorKind {
    Full,
    Naive,
    Nearest,
    Double,
    DoublePlain,
    DoubleMean,
    Corrected,
    EndToEnd,
    Polynomial,
    Refetch
};
template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>();

/// The rounded copies of one sample: `copies` rows of `features` values, one after the other. In doubles, as
/// levels are: a float near a level far from 0 would be biased (core/quant/grid.h).
struct SampleView {
    const double* values;
    Eigen::Index features;
    int copies = 1;
    // For refetching only (refetch_source.h):
    const float* exact = nullptr;  ///< the sample itself
    const double* reach = nullptr; ///< how far each value is at most from that of copy 0
    const float* sketch = nullptr; ///< R (a - copy 0), or null
    float distance = 0;            ///< |a - copy 0|, where the certificate needs it
    [[nodiscard]] Eigen::Map<const Eigen::VectorXd> copy(Eigen::Index index) const {
        return {values + index * features, features};
    }
};

constexpr int kMostCopies = 8;

struct GradientMethod;
struct RowMoments;
struct SecondMoment;

/// How kernels of packed codes read two roundings of a value (core/solve/packed/packed_sgd.h).
enum class Pairs {
    None,        ///< they read one
    Mean,        ///< in the mean over the coins
    Symmetrized, ///< d = Q1 - m counts in both orders
    Plain,       ///< Q1 (Q2.x - b)
};

/// Some copies of a sample: bit i is copy i.
using CopySet = unsigned;

struct ScoreBlock;

/// How kernels that decode copies (core/solve/packed/decoded_sgd.h) make a gradient of many rows: from the
/// scores at the copies factors follow, and the gradient is the sum of factor * copy.
struct ScoreRule {
    void (*toFactors)(const ScoreBlock& block) = nullptr; ///< null: there is no such rule
    CopySet (*scored)(int copies) = nullptr;              ///< whose scores it reads
    CopySet (*added)(int copies) = nullptr;               ///< which have factors
    /// Beside them (s2 / k) o x is subtracted, s2 the copies' sample variance (docs/method.md#eq8).
    bool subtractsSpread = false;
};

/// What an estimator needs beside the roundings.
enum class Needs {
    Nothing,
    Correction, ///< the mean rounding variance of each feature, GradientMethod::correction
    Polynomial, ///< one in the place of the slope, and as many roundings as its degree, and one more
    ExactRows,  ///< some samples themselves, GradientMethod::refetching
};

/// The bias by formula, where the slope is linear in the model.
enum class BiasForm {
    None,
    RoundingVariance, ///< D o x, D the mean rounding variance; less a correction
    Unknown,
};

struct Estimator {
    std::string_view name;    ///< as typed
    std::string_view title;   ///< as shown
    std::string_view summary; ///< one sentence for help and tooltips
    int copies = 0;           ///< fewest roundings of a sample that it reads; 0: the exact sample
    int mostCopies = 0;       ///< the most; more of them lower the variance
    Rounding rounding = Rounding::Stochastic; ///< of those copies
    /// For the losses that it is for, least squares if there are several: E estimate = exact gradient, over
    /// the roundings (with a correction: and the rows); see isUnbiased.
    bool unbiased = false;
    bool unbiasedInEverySlope = false; ///< of slopes that are not linear, too
    Needs needs = Needs::Nothing;
    BiasForm bias = BiasForm::None;
    bool roundsChannels = false; ///< it is there to round the model and the gradient, too
    bool exactModel = false;     ///< the model must not be rounded: it is inside of a slope
    bool twiceTheNoise = false;  ///< each rounding is used once, or one of them twice (second_moment.h)
    /// Adds the estimate of one sample's gradient at `model` to `gradient`, a correction aside.
    void (*addGradient)(const SampleView& sample, double label, const GradientMethod& method,
                        const LinearParameters& model, LinearParameters& gradient) = nullptr;
    /// Of one sample's estimate (row_moments.h); null: not known.
    SecondMoment (*secondMoment)(const RowMoments& row, int copies) = nullptr;
    /// Why it does not go with a loss, in words that fit behind "because", with what does; null: it goes with
    /// every loss.
    std::string (*whyNotWith)(const Estimator& self, LossKind loss) = nullptr;
    // What opts in, so that nothing runs an estimator that it does not know:
    /// Kernels that work on packed codes (this CPU's, tomography's), and stores; empty: row by row only.
    std::optional<Pairs> pairs{};
    std::string_view whyRowByRow = "it has no kernels for packed codes"; ///< where it has no pairs
    bool onDevices = false;                                              ///< the OpenCL kernels
    bool differences = false; ///< of one estimate at two models, which variance reduction takes

    EstimatorKind kind{}; ///< set by the table
    /// Kernels that decode copies: of any number, of more than 8 bits, and on levels that are not uniform.
    ScoreRule scores{};

    [[nodiscard]] bool quantized() const { return copies > 0; }
    [[nodiscard]] bool corrected() const { return needs == Needs::Correction; }
};

const Estimator& estimatorOf(EstimatorKind kind);
/// Adds a row, for programs that bring their own: at their start, before other threads.
EstimatorKind addEstimator(const Estimator& row);

/// Whether the estimate's mean is the exact gradient: rounding inside a slope that is not linear biases it
/// even with two independent roundings (docs/method.md#s7-1).
bool isUnbiased(EstimatorKind estimator, LossKind loss);
/// Why an estimator does not go with a loss, in words that fit behind "because", with what does; empty where
/// it does.
std::string whyNotWith(EstimatorKind estimator, LossKind loss);

} // namespace zipml
