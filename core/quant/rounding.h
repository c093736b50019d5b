#pragma once
/// Ways to round a value to a grid's levels (method.md 2.1).

namespace zipml {

enum class Rounding {
    Stochastic, ///< up or down at random, so that the mean is the value itself
    Nearest,    ///< to the nearest level, the upper one at half way
};

} // namespace zipml
