#pragma once
/// The numbers that training multiplies and adds.

#include "core/base/names.h"

namespace zipml {

enum class Arithmetic {
    Auto,    ///< one of the others, as core/lab/arithmetic_choice.h says
    Float,   ///< model and residuals as they are, or as their bits say
    Integer, ///< both rounded at random to 8-bit integers each time they are used: fastest, still unbiased
};
template <>
std::span<const Named<Arithmetic>> namesOf<Arithmetic>();

} // namespace zipml
