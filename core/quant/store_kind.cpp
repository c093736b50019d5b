#include "core/quant/store_kind.h"

namespace zipml {

template <>
std::span<const Named<StoreKind>> namesOf<StoreKind>() {
    static constexpr Named<StoreKind> table[] = {
        {StoreKind::Packed, "packed", "Packed", "Rounded to 2^bits levels, for this number of bits."},
        {StoreKind::AnyPrecision, "any-precision", "Any precision",
         "Rounded once for all widths from 1 to 8 bits: the bits can be changed while it trains. b bits are "
         "2^(b-1) + 1 levels."},
    };
    return table;
}

} // namespace zipml
