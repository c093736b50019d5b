#pragma once
/// The step size that a run on this CPU takes where its spec leaves it open.

#include "core/estimate/gradient_method.h"
#include "core/lab/run_spec.h"
#include "core/quant/grid.h"
#include "core/solve/second_moment.h"

#include "core/base/job.h"
#include "core/base/parallel.h"

namespace zipml {

struct AutomaticStep {
    double step = 0;
    std::string note; ///< why it is less than autoStep's; empty where it is not
};

/// autoStep's (core/solve/sgd.h), or less where the estimator's second moment does not allow it
/// (core/solve/second_moment.h).
/// @param train as scaled @param grids of the samples; empty: they are exact
AutomaticStep automaticStep(const RunSpec& spec, const Dataset& train, const GradientMethod& method,
                            std::span<const Grid> grids, ThreadTeam& team, const Job& job = {});

/// The same where both are known. @param exact autoStep's, for samples as they are @param moments of these
AutomaticStep allowedStep(double exact, const SampleMoments& moments, const GradientMethod& method,
                          std::size_t batch, bool overshoots = false);

} // namespace zipml
