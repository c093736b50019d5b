#pragma once
/// What the tables of rules say the same way.

#include "core/lab/rules.h"

#include <string>

namespace zipml {

/// Of the situation's spec.
inline const Estimator& estimatorOf(const Situation& at) {
    return estimatorOf(at.spec.estimator);
}
inline std::string estimatorName(const Situation& at) {
    return std::string(estimatorOf(at).name);
}
inline std::string solverName(const Situation& at) {
    return std::string(nameOf(at.spec.sgd.solver));
}
/// A rule's reason where it is broken.
inline std::string when(bool broken, const std::string& reason) {
    return broken ? reason : std::string();
}

} // namespace zipml
