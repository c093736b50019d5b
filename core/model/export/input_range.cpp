#include "core/model/export/input_range.h"

namespace zipml::exported {

InputRange rangeOf(ScalingKind kind) {
    switch (kind) {
    case ScalingKind::MinMax:
    case ScalingKind::MaxAbs:
    case ScalingKind::RowUnit:
        return {0, 1, "scaled values are in [-1, 1]"};
    case ScalingKind::Unit:
        return {0.5, 0.5, "scaled values are in [0, 1]"};
    case ScalingKind::Standard:
        return {0, 8, "values up to 8 standard deviations from the mean"};
    case ScalingKind::None:
        return {};
    }
    return {};
}

} // namespace zipml::exported
