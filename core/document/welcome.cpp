#include "core/document/welcome.h"

namespace zipml {

std::vector<RunSpec> welcomeComparison() {
    std::vector<RunSpec> specs;
    for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Double}) {
        RunSpec spec;
        spec.estimator = estimator;
        specs.push_back(spec);
    }
    return specs;
}

} // namespace zipml
