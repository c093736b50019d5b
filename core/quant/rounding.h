#pragma once
/// Ways to round a value to a grid's levels (method.md 2.1).

#include "core/base/names.h"

namespace zipml {

enum class Rounding { Stochastic, Nearest };
template <>
std::span<const Named<Rounding>> namesOf<Rounding>();

/// How the levels of each feature are placed.
enum class GridKind { Uniform };
template <>
std::span<const Named<GridKind>> namesOf<GridKind>();

} // namespace zipml
