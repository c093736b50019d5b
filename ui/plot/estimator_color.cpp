#include "ui/plot/estimator_color.h"

#include <algorithm>
#include <array>

namespace zipml::ui {

int colorOfEstimator(EstimatorKind estimator) {
    static constexpr std::array kFirst{EstimatorKind::Full,      EstimatorKind::Naive,
                                       EstimatorKind::Double,    EstimatorKind::Corrected,
                                       EstimatorKind::Nearest,   EstimatorKind::DoublePlain,
                                       EstimatorKind::DoubleMean};
    const auto* const found = std::ranges::find(kFirst, estimator);
    return found != kFirst.end() ? static_cast<int>(found - kFirst.begin()) : static_cast<int>(estimator);
}

} // namespace zipml::ui
