#include "ui/quantizer/quantizer_curves.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

// Colours, as indices into the palette.
constexpr int kValues = 0, kLevels = 1, kSelected = 2, kPicked = 3, kMean = 2;

QString tr(const char* text) {
    return QCoreApplication::translate("zipml::ui::QuantizerCurves", text);
}

Curve curveOf(int color, const QString& name, const QString& quantity, CurveRole role) {
    Curve curve;
    curve.run = color;
    curve.name = name;
    curve.quantity = quantity;
    curve.role = role;
    return curve;
}

/// The part of the values' range that is shown; all of it where nothing is.
Stretch visibleRange(const SortedValues& values, const Stretch& shown) {
    double low = std::max(values.low(), shown.low);
    double high = std::min(values.high(), shown.high);
    if (!(low < high)) {
        low = values.low();
        high = values.high();
    }
    if (!(low < high)) { // all values are equal
        const double half = std::max(std::abs(low), 1.0) * 0.5;
        return {low - half, low + half};
    }
    return {low, high};
}

/// As the cube root of the values in sight: bins of a few values each would show noise.
std::size_t binsOf(std::size_t values) {
    return static_cast<std::size_t>(std::clamp(3 * std::cbrt(static_cast<double>(values)), 12.0, 160.0));
}

Curve histogramOf(const SortedValues& values, const Stretch& range, bool density) {
    Curve bars = curveOf(kValues, tr("values"), density ? tr("density") : tr("count"), CurveRole::Bars);
    const std::size_t bins =
        binsOf(values.countBelow(std::nextafter(range.high, HUGE_VAL)) - values.countBelow(range.low));
    const auto counts = values.histogram(range.low, range.high, bins);
    const double width = (range.high - range.low) / static_cast<double>(bins);
    const double unit = density ? 1 / (static_cast<double>(values.size()) * width) : 1;
    // An empty bin on each side closes the outline.
    bars.x << range.low - width / 2;
    bars.y << 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        bars.x << range.low + width * (static_cast<double>(bin) + 0.5);
        bars.y << static_cast<double>(counts[bin]) * unit;
    }
    bars.x << range.high + width / 2;
    bars.y << 0;
    return bars;
}

Curve cumulativeOf(const SortedValues& values, const Stretch& range) {
    Curve share = curveOf(kValues, tr("values"), tr("share of values below"), CurveRole::Bars);
    constexpr std::size_t kPoints = 400;
    for (std::size_t i = 0; i <= kPoints; ++i) {
        const double x =
            range.low + (range.high - range.low) * static_cast<double>(i) / static_cast<double>(kPoints);
        share.x << x;
        share.y << static_cast<double>(values.countBelow(x)) / static_cast<double>(values.size());
    }
    return share;
}

/// The levels' lines reach as high as the values do.
std::vector<Curve> levelCurves(const QuantizerModel& model, double top, std::optional<std::size_t> selected) {
    const QString name = QuantizerModel::tr("levels: %1").arg(model.levelsName());
    Curve inner = curveOf(kLevels, name, tr("top"), CurveRole::Impulses);
    Curve ends = inner;
    ends.predicted = true; // they cannot be moved
    Curve chosen = curveOf(kSelected, tr("selected level"), tr("top"), CurveRole::Impulses);
    const auto& levels = model.levels();
    for (std::size_t i = 0; i < levels.size(); ++i) {
        Curve& curve = i == 0 || i + 1 == levels.size() ? ends : selected == i ? chosen : inner;
        curve.x << levels[i];
        curve.y << top;
    }
    std::vector<Curve> curves{std::move(inner), std::move(ends)};
    if (!chosen.x.isEmpty())
        curves.push_back(std::move(chosen));
    return curves;
}

} // namespace

std::vector<Curve> valueCurves(const QuantizerModel& model, ValueView view, const Stretch& shown,
                               std::optional<std::size_t> selected, std::optional<double> picked) {
    const SortedValues* values = model.values();
    if (values == nullptr)
        return {};
    const Stretch range = visibleRange(*values, shown);
    std::vector<Curve> curves{view == ValueView::Cumulative
                                  ? cumulativeOf(*values, range)
                                  : histogramOf(*values, range, view == ValueView::Density)};
    const double top = std::ranges::max(curves[0].y);
    for (auto& curve : levelCurves(model, top, selected))
        curves.push_back(std::move(curve));
    if (picked) {
        Curve line = curveOf(kPicked, tr("picked value"), tr("top"), CurveRole::Reference);
        line.x << *picked << *picked;
        line.y << 0 << top;
        curves.push_back(std::move(line));
    }
    return curves;
}

Axes valueAxes(const QuantizerModel& model, ValueView view) {
    Axes axes;
    const auto mean = model.meanVariance();
    axes.title = mean ? tr("%1; levels: %2, mean variance %3")
                            .arg(model.chosen().title, model.levelsName(), QString::number(*mean, 'g', 4))
                      : model.chosen().title;
    axes.caption = tr("triangle: a level, drag it   dashed: the ends, which stay   "
                      "dotted: the value that is rounded again and again, click to choose it");
    axes.legend = false; // it would hide levels
    axes.xLabel = model.chosen().unit;
    axes.yLabel = view == ValueView::Histogram ? tr("Count in a bin")
                  : view == ValueView::Density ? tr("Density (1/unit)")
                                               : tr("Share of values");
    return axes;
}

std::vector<Curve> varianceCurves(const QuantizerModel& model, const Stretch& shown) {
    const auto mean = model.meanVariance();
    if (!mean || model.levels().size() < 2)
        return {};
    Curve variance = curveOf(kLevels, model.levelsName(), tr("rounding variance"), CurveRole::Roof);
    Curve average = curveOf(kMean, tr("mean over the values"), tr("mean variance"), CurveRole::Reference);
    constexpr int kSteps = 16; // to an interval: parabolas look round
    const auto& levels = model.levels();
    for (std::size_t i = 1; i < levels.size(); ++i) {
        const double low = levels[i - 1];
        const double high = levels[i];
        if (high < shown.low || low > shown.high)
            continue;
        for (int step = variance.x.isEmpty() ? 0 : 1; step <= kSteps; ++step) {
            const double v = low + (high - low) * step / kSteps;
            variance.x << v;
            variance.y << (high - v) * (v - low);
        }
    }
    average.x << levels.front() << levels.back();
    average.y << *mean << *mean;
    return {std::move(variance), std::move(average)};
}

Axes varianceAxes(const QuantizerModel& model) {
    Axes axes;
    axes.title = tr("Rounding variance of a value v");
    axes.caption = tr("line: (upper level − v)(v − lower level)   dotted: its mean over the values");
    axes.xLabel = model.chosen().unit;
    axes.yLabel = tr("Variance");
    axes.legend = false;
    return axes;
}

std::vector<Curve> roundingCurves(const RepeatedRounding& rounding) {
    const std::size_t draws = rounding.draws();
    if (draws == 0)
        return {};
    constexpr std::size_t kDots = 60;    // the last draws
    constexpr std::size_t kPoints = 400; // of the running mean
    Curve dots = curveOf(kValues, tr("last draws"), tr("rounded to"), CurveRole::Points);
    for (std::size_t i = draws > kDots ? draws - kDots : 0; i < draws; ++i) {
        dots.x << static_cast<double>(i + 1);
        dots.y << rounding.result(i);
    }
    Curve mean = curveOf(kLevels, tr("running mean"), tr("mean so far"), CurveRole::Main);
    Curve value = curveOf(kPicked, tr("the value"), tr("value"), CurveRole::Reference);
    Curve above = curveOf(kMean, tr("value + 2 standard errors"), tr("band"), CurveRole::Secondary);
    Curve below = curveOf(kMean, tr("value − 2 standard errors"), tr("band"), CurveRole::Secondary);
    const double deviation = std::sqrt(rounding.variance());
    const std::size_t stride = std::max<std::size_t>(draws / kPoints, 1);
    for (std::size_t count = 1;; count = std::min(count + stride, draws)) {
        const double n = static_cast<double>(count);
        mean.x << n;
        mean.y << rounding.mean(count);
        const double error = 2 * deviation / std::sqrt(n);
        above.x << n;
        above.y << std::min(rounding.value() + error, rounding.upper());
        below.x << n;
        below.y << std::max(rounding.value() - error, rounding.lower());
        if (count == draws)
            break;
    }
    value.x << 1 << static_cast<double>(draws);
    value.y << rounding.value() << rounding.value();
    std::vector<Curve> curves{std::move(dots), std::move(mean), std::move(value)};
    if (rounding.rounding() == Rounding::Stochastic) {
        curves.push_back(std::move(above));
        curves.push_back(std::move(below));
    }
    return curves;
}

Axes roundingAxes(const RepeatedRounding& rounding) {
    Axes axes;
    axes.title = tr("v = %1, rounded again and again").arg(rounding.value(), 0, 'g', 5);
    axes.legend = false;
    axes.caption = rounding.rounding() == Rounding::Stochastic
                       ? tr("dots: draws   line: their mean   dotted: v   dashed: ± 2 standard errors")
                       : tr("dots: draws   line: their mean   dotted: v, which it misses");
    axes.xLabel = tr("Draws");
    axes.yLabel = tr("Rounded to");
    return axes;
}

} // namespace zipml::ui
