#include "core/estimate/estimators/rows.h"
#include "core/estimate/estimators/slopes.h"
#include "core/estimate/row_moments.h"

namespace zipml {

constinit const Estimator kEndToEnd{
    .name = "end-to-end",
    .title = "End to end",
    .summary = "Plain double sampling with the model and the gradient rounded too: set their bits. Unbiased.",
    .copies = 2,
    .mostCopies = 2,
    .unbiased = true,
    .roundsChannels = true,
    .twiceTheNoise = true,
    .addGradient = addOneAtTheOther,
    .secondMoment = momentOfPlain,
    .pairs = Pairs::Plain,
    .onDevices = true,
    .differences = true,
    .scores = kScoresOfTheOther,
};

} // namespace zipml
