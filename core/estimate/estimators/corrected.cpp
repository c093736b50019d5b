#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kCorrected{
    .name = "corrected",
    .title = "Corrected",
    .summary = "One rounding with the known mean rounding variance subtracted. Unbiased over the rows; no "
               "extra bit.",
    .copies = 1,
    .mostCopies = 1,
    .unbiased = true,
    .needs = Needs::Correction,
    .bias = BiasForm::RoundingVariance,
    .twiceTheNoise = true,
    .addGradient = addPlain,
    .secondMoment = momentOfSingle,
    .whyNotWith = linearBiasOnly,
    .pairs = Pairs::None,
    .onDevices = true,
    .differences = true,
    .scores = kPlainScores,
};

} // namespace zipml
