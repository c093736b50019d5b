#pragma once
/// The rules of packed stores: what can be packed, and what a store has decided already.

#include "core/lab/rules.h"

namespace zipml {

/// Asked where Situation::packs.
std::span<const Rule> packingRules();
/// Asked where Situation::store is known, before all others: what is settled with the store.
std::span<const Rule> decidedRules();
/// Asked where Situation::store is known.
std::span<const Rule> storeRules();

} // namespace zipml
