#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kNearest{
    .name = "nearest",
    .title = "Naive nearest",
    .summary = "Each value rounded to its nearest level, used as if it were exact. Biased.",
    .copies = 1,
    .mostCopies = 1,
    .rounding = Rounding::Nearest,
    .bias = BiasForm::Unknown,
    .addGradient = addPlain,
    .secondMoment = momentOfExact,
    .pairs = Pairs::None,
    .onDevices = true,
    .differences = true,
    .scores = kPlainScores,
};

} // namespace zipml
