#pragma once
/// The largest step that an estimator's second moment allows.
///
/// Of least squares one row's gradient estimate is G x, less the labels' part, and a step of B rows is
/// x - step mean(G) x. Its noise must not feed itself faster than the gradient takes it away.
///
/// One rounding q used as if it were exact (naive, nearest) is plain SGD on the rows q, which is stable in
/// the mean square below 2 / (L + R / B), L the largest eigenvalue of mean(q q') and R = mean |q|^4 / mean
/// |q|^2.
///
/// Unbiased estimators have E |G x|^2 = (|a|^2 + TV) ((a.x)^2 + x'Dx), and less (docs/method.md#eq6, #eq7,
/// #eq9). With h_i = mean a_i^2, d_i the mean rounding variance and f the model's own noise, energy in
/// coordinate j feeds coordinate i with  step^2 / B  kappa (h_i + d_i) (h_j + d_j + f),  where kappa =
/// mean(l^2) / mean(l)^2 for l = |a|^2 + TV stands for rows of unlike length; the pull against it is 2 step
/// h_i. Being of rank one, they balance where
///
///     step / (2 B) R = 1,   R = kappa sum_i (h_i + d_i) (h_i + d_i + f) / h_i
///
/// which without rounding is the R above. An estimator that uses each rounding once, or one rounding twice
/// (plain, end to end, corrected), has twice the rounding's part of it (docs/method.md#s3-3, #s3-7).
///
/// Frozen roundings may leave a mean matrix that is not positive: then no step will do, see
/// core/lab/frozen_curvature.h.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/grid.h"

#include <span>

namespace zipml {

/// Of the samples as they are read, in scaled units; the intercept's exact 1 is one of the features, first.
struct SampleMoments {
    Eigen::VectorXd square;      ///< h, a feature
    Eigen::VectorXd variance;    ///< d, a feature
    double squared = 0;          ///< mean of l = |a|^2 + TV
    double fourth = 0;           ///< mean of l^2
    double longest = 0;          ///< max of l
    double curvature = 0;        ///< largest eigenvalue of mean(a a')
    double roundedCurvature = 0; ///< of mean(a a') + diag(d)
};

/// Adds up over rows, which may come in parts, what SampleMoments have beside the eigenvalues.
class MomentSums {
  public:
    MomentSums(std::size_t features, bool intercept);
    /// @param grids one a feature, rounded at random or to the nearest level, which is then `a`; empty: exact
    void add(const Dataset& rows, std::span<const Grid> grids, Rounding rounding, ThreadTeam& team,
             const Job& job = {});
    /// Of all rows so far, at least one.
    [[nodiscard]] SampleMoments means() const;

  private:
    bool intercept_;
    std::size_t rows_ = 0;
    SampleMoments sums_;
};

/// Fills in the eigenvalues. @param rows of the data that they are taken from
void addCurvature(SampleMoments& moments, const Dataset& data, std::span<const std::uint32_t> rows,
                  std::span<const Grid> grids, Rounding rounding, bool intercept);

/// Of all rows, eigenvalues from at most kStepRows of them. @param seed chooses these
SampleMoments sampleMoments(const Dataset& data, std::span<const Grid> grids, Rounding rounding,
                            bool intercept, std::uint64_t seed, ThreadTeam& team, const Job& job = {});

/// The step at which half of what is stable is used up, as autoStep's for exact samples. Infinite where
/// nothing is rounded. @param overshoots leaves out the bound by the longest row, which keeps one row's step
/// from overshooting: solvers whose noise vanishes (variance_reduction.h) need none
double mostStep(const SampleMoments& moments, const GradientMethod& method, std::size_t rowsAStep,
                bool overshoots = false);

} // namespace zipml
