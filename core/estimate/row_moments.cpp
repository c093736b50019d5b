#include "core/estimate/row_moments.h"

namespace zipml {
namespace {

double lengthsOf(const RowMoments& row) {
    return row.squaredLength + row.total;
}

/// docs/method.md#s3-2 (r for a.x, W <= TV |x o x|).
double lemmaOf(const RowMoments& row) {
    return lengthsOf(row) * (row.squaredResidual() + row.largestNoise);
}

} // namespace

SecondMoment momentOfExact(const RowMoments& row, int /*copies*/) {
    const double exact = row.squaredLength * row.squaredResidual();
    return {exact, exact, row.squaredMean()};
}

SecondMoment momentOfSingle(const RowMoments& row, int /*copies*/) {
    return {row.singleMoment, row.singleMoment, row.singleMean};
}

/// docs/method.md#eq9.
SecondMoment momentOfPlain(const RowMoments& row, int /*copies*/) {
    return {lengthsOf(row) * (row.squaredResidual() + row.sampleNoise), lemmaOf(row), row.squaredMean()};
}

/// All pairs of k copies are a U-statistic of order 2: Var = 2 (2 (k - 2) one + two) / (k (k - 1)), with
/// `two` the variance (7) of a pair and `one` that of its mean given one copy (Hoeffding 1948).
SecondMoment momentOfPairs(const RowMoments& row, int copies) {
    const double k = copies;
    const double two = 0.5 * (row.total * row.squaredResidual() + lengthsOf(row) * row.sampleNoise) +
                       0.5 * (2 * row.cross + row.doubled);
    const double one =
        0.25 * (row.total * row.squaredResidual() + row.squaredLength * row.sampleNoise + 2 * row.cross);
    const double pairs = 2 * (2 * (k - 2) * one + two) / (k * (k - 1));
    const double exact = pairs + row.squaredLength * row.modelNoise + row.squaredMean();
    return {exact, lemmaOf(row), row.squaredMean()};
}

SecondMoment boundOfPairs(const RowMoments& row, int copies) {
    SecondMoment moment = momentOfPairs(row, copies);
    moment.known = false;
    return moment;
}

} // namespace zipml
