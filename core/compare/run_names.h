#pragma once
/// Names of runs say in what they differ: "Double sampling, 3 bits, step 0.001".

#include "core/compare/run_facts.h"

namespace zipml {

/// A setting in a few words: "3 bits", "step 0.001", "no intercept", "on a9a".
std::string phraseOf(const SpecKey& key, const SettingValue& value);

struct NamedRun {
    const std::vector<SettingValue>* settings;
    std::string_view alone; ///< displayName of its spec
    std::string_view name;  ///< as it is called now
};

/// What to call a run beside others: displayName, and behind it each setting in which it differs from those
/// that are called so too. Where nothing differs it is a repeat. No other has the name.
/// Beside a thousand runs it takes less than a millisecond, as their settings are known.
std::string nameAmong(const RunSpec& spec, std::span<const NamedRun> others);

} // namespace zipml
