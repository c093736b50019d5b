#pragma once
/// The rows of the table of estimators, one a file of this folder; estimators.def lists them.

#include "core/estimate/estimator.h"

namespace zipml {

#define ESTIMATOR(row) extern const Estimator row;
#include "core/estimate/estimators/estimators.def"
#undef ESTIMATOR

} // namespace zipml
