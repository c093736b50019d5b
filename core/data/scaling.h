#pragma once
/// Feature scaling, fitted on the training rows and kept with the model (docs/method.md#s2-3, #s12-8).

#include "core/data/dataset.h"

namespace zipml {

enum class ScalingKind { MinMax, Unit, Standard, MaxAbs, RowUnit, None };
template <>
std::span<const Named<ScalingKind>> namesOf<ScalingKind>();

/// scaled = (value - offset) * factor by column; RowUnit divides each row by its Euclidean norm instead.
/// A constant column gets factor 1, so that it becomes the constant 0 (Standard, MinMax, Unit) and never NaN.
struct Scaling {
    ScalingKind kind = ScalingKind::None;
    std::vector<double> offset; ///< one a feature, the feature's units
    std::vector<double> factor; ///< one a feature, 1 / the feature's units

    void apply(std::span<float> row) const;
};

/// Fits a scaling to rows that come in blocks. The blocks' widths may grow: values not yet seen were 0.
class ScalingFit {
  public:
    /// @param values the next rows, row-major
    void add(std::span<const float> values, std::size_t rows, std::size_t features);
    /// @param offsets that were subtracted from the values, by feature; empty: none
    [[nodiscard]] Scaling fit(ScalingKind kind, std::span<const double> offsets = {}) const;
    /// Least and greatest value of each feature, unscaled.
    [[nodiscard]] const std::vector<double>& low() const { return low_; }
    [[nodiscard]] const std::vector<double>& high() const { return high_; }

  private:
    std::size_t rows_ = 0;
    std::vector<double> low_, high_;
    std::vector<double> origin_;        ///< the feature's first value: a large common part does not cancel
    std::vector<double> sum_, squares_; ///< of deviations from the origin
};

Scaling fitScaling(const Dataset& training, ScalingKind kind);
/// The same for values as the file has them, from which nothing was subtracted.
Scaling forRawValues(Scaling scaling, const Dataset& data);
/// Whether a model of features scaled so is the same when an offset is subtracted from each first: where
/// scaling subtracts one itself, or else the intercept takes it up.
bool allowsOffsets(ScalingKind kind, bool intercept);
void applyScaling(const Scaling& scaling, Dataset& data);

} // namespace zipml
