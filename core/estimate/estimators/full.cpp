#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kFull{
    .name = "full",
    .title = "Full precision",
    .summary = "32-bit samples, not quantized: the reference.",
    .rounding = Rounding::Nearest,
    .unbiased = true,
    .unbiasedInEverySlope = true,
    .addGradient = addPlain,
    .secondMoment = momentOfExact,
    .pairs = Pairs::None,
    .onDevices = true,
    .differences = true,
};

} // namespace zipml
