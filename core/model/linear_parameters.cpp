#include "core/model/linear_parameters.h"

#include <cmath>

namespace zipml {

double LinearParameters::norm() const {
    return std::sqrt(squaredNorm());
}

bool LinearParameters::finite() const {
    return std::isfinite(intercept) && weights.allFinite();
}

} // namespace zipml
