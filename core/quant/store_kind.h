#pragma once
/// How rounded samples are kept.

#include "core/base/names.h"

namespace zipml {

enum class StoreKind {
    Packed,       ///< codes of one width (sample_store.h)
    AnyPrecision, ///< bit planes, read at any width from 1 to 8 bits (any_precision_store.h)
};
template <>
std::span<const Named<StoreKind>> namesOf<StoreKind>();

} // namespace zipml
