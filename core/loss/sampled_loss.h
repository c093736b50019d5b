#pragma once
/// The mean loss over many rows of which only roundings are at hand, from some that are exact
/// (docs/method.md#s27).
///
/// With e the loss of a row and p that of its rounding, m of n rows chosen at random, whatever the model:
/// mean(e) over these is without bias. So is, to order 1/m, the regression estimator (Cochran, Sampling
/// Techniques, 3rd edition, sections 7.1 to 7.4)
///
///     mean(e) + beta (P - mean(p)),   beta = cov(e, p) / var(p),   P the mean of p over all n rows,
///
/// whose variance, (1 - m/n) var(e - beta p) / m, is smaller by the square of their correlation: the finer the
/// roundings, the less is left to chance. A model that was fitted to the roundings makes no difference, since
/// the choice of rows has no part in the fit.

#include "core/loss/evaluate.h"

namespace zipml {

struct LossEstimate {
    double loss = 0;          ///< never below 0 where no row's loss is
    double standardError = 0; ///< of it; 0 where all rows are exact
    double accuracy = 0;      ///< 0 to 1
};

/// @param exact rows with labels, at least 2, a uniformly random choice out of `population`
/// @param rounded the same rows as they are stored; not read where all rows are exact
/// @param all the evaluation of all rows as they are stored; likewise
LossEstimate estimateLoss(const Dataset& exact, const Dataset& rounded, const Evaluation& all,
                          std::size_t population, const Loss& loss, const LinearParameters& model,
                          ThreadTeam& team, const Job& job = {});

} // namespace zipml
