#pragma once
/// Names of runs say in what they differ: "Double sampling, 3 bits, step 0.001".

#include "core/compare/run_facts.h"

namespace zipml {

/// A setting in a few words: "3 bits", "step 0.001", "no intercept", "on a9a".
std::string phraseOf(const SpecKey& key, const SettingValue& value);

struct NamedSpec {
    const RunSpec* spec;
    std::string_view name; ///< as it is called now
};

/// What to call a run beside others: displayName, and behind it each setting in which it differs from those
/// that are called so too. Where nothing differs it is a repeat. No other has the name.
std::string nameAmong(const RunSpec& spec, std::span<const NamedSpec> others);

} // namespace zipml
