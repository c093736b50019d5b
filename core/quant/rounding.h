#pragma once
/// Ways to round a value to a grid's levels (docs/method.md#s2-1).

namespace zipml {

enum class Rounding {
    Stochastic, ///< up or down at random, so that the mean is the value itself
    Nearest,    ///< to the nearest level, the upper one at half way
    Interval,   ///< copy 0 to the level below, the others at random: a code of two copies is twice the number
    ///< of the value's interval, plus one where the rounding went up. The last level, where copy 0
    ///< has none below, stands for the last interval
};

} // namespace zipml
