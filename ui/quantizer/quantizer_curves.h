#pragma once
/// From values, levels and draws to curves.

#include "core/quant/repeated_rounding.h"
#include "ui/plot/curve.h"
#include "ui/quantizer/quantizer_model.h"

#include <optional>

namespace zipml::ui {

enum class ValueView { Histogram, Density, Cumulative };

/// A stretch of the horizontal axis.
struct Stretch {
    double low, high;
};

/// The values between `shown`, with the levels on them. @param selected level, drawn in another colour
/// @param picked value, likewise
std::vector<Curve> valueCurves(const QuantizerModel& model, ValueView view, const Stretch& shown,
                               std::optional<std::size_t> selected, std::optional<double> picked);
Axes valueAxes(const QuantizerModel& model, ValueView view);

/// Var Q(v) over v, and its mean over the values.
std::vector<Curve> varianceCurves(const QuantizerModel& model, const Stretch& shown);
Axes varianceAxes(const QuantizerModel& model);

/// The draws so far, their running mean, and where it should be.
std::vector<Curve> roundingCurves(const RepeatedRounding& rounding);
Axes roundingAxes(const RepeatedRounding& rounding);

} // namespace zipml::ui
