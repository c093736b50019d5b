#pragma once
/// Which arithmetic a run takes where its spec leaves that open, and why: asked here by rules, runs, stores,
/// forecasts, command line and window, so that all say the same.

#include "core/lab/rules.h"

namespace zipml {

struct ArithmeticChoice {
    Arithmetic taken = Arithmetic::Float; ///< Float or Integer
    std::string why;                      ///< in words that fit into the brackets of "float (...)"
};

/// What is asked for; else integers where the estimator stays as unbiased as it is in floats and kernels run
/// it, as far as the situation is known: final once the training rows and the levels are, those placed as
/// floats.
ArithmeticChoice arithmeticOf(const Situation& at);

} // namespace zipml
