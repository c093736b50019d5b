#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kDoublePlain{
    .name = "double-plain",
    .title = "Double sampling, plain",
    .summary = "Two roundings, one for the residual and one for the direction. Unbiased; about twice the "
               "variance.",
    .copies = 2,
    .mostCopies = 2,
    .unbiased = true,
    .twiceTheNoise = true,
    .addGradient = addOneAtTheOther,
    .secondMoment = momentOfPlain,
    .pairs = Pairs::Plain,
    .onDevices = true,
    .differences = true,
    .scores = kScoresOfTheOther,
};

} // namespace zipml
