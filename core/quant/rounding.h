#pragma once
/// Ways to round a value to a grid's levels (method.md 2.1).

#include "core/base/names.h"

namespace zipml {

enum class Rounding {
    Stochastic, ///< up or down at random, so that the mean is the value itself
    Nearest,    ///< to the nearest level, the upper one at half way
};

/// How the levels of each feature are placed.
enum class GridKind { Uniform };
template <>
std::span<const Named<GridKind>> namesOf<GridKind>();

} // namespace zipml
