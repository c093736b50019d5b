#include "core/solve/arithmetic.h"

namespace zipml {

template <>
std::span<const Named<Arithmetic>> namesOf<Arithmetic>() {
    static constexpr Named<Arithmetic> table[] = {
        {Arithmetic::Auto, "auto", "Automatic",
         "Integers where the estimator stays as unbiased as in floats and there are kernels, else floats."},
        {Arithmetic::Float, "float", "Floating point",
         "Model and residuals are not rounded, unless bits are set."},
        {Arithmetic::Integer, "integer", "8-bit integers",
         "Model and residuals are rounded at random to 8 bits: much faster, still unbiased."},
    };
    return table;
}

} // namespace zipml
