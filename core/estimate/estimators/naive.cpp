#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kNaive{
    .name = "naive",
    .title = "Naive stochastic",
    .summary = "One stochastic rounding used as if it were exact. Biased: it learns a shrunken model.",
    .copies = 1,
    .mostCopies = 1,
    .bias = BiasForm::RoundingVariance,
    .addGradient = addPlain,
    .secondMoment = momentOfSingle,
    .pairs = Pairs::None,
    .onDevices = true,
    .differences = true,
    .scores = kPlainScores,
};

} // namespace zipml
