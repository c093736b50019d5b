#pragma once
/// What the lab shows on first start, and `./dev run` runs where there is no display.

#include "core/lab/run_spec.h"

#include <vector>

namespace zipml {

/// Full precision, naive rounding and double sampling at the same bits on generated data: the method's point,
/// visible within seconds.
std::vector<RunSpec> welcomeComparison();

} // namespace zipml
