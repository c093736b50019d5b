#pragma once
/// How far a feature's scaled values reach, by the scaling: what integer inference has codes for.

#include "core/data/scaling.h"

namespace zipml::exported {

/// middle - half to middle + half, scaled units.
struct InputRange {
    double middle = 0, half = 0; ///< half 0: not known
    const char* why = "";
};

InputRange rangeOf(ScalingKind kind);

} // namespace zipml::exported
