#pragma once
/// The flags that every run understands: one for each key of a RunSpec.

#include "app/cli/key_flags.h"

#include <filesystem>
#include <string>
#include <vector>

namespace zipml::cli {

class SpecFlags {
  public:
    /// Adds the flags to `command`. @param only the keys to offer; empty: all
    explicit SpecFlags(Command& command, const std::vector<std::string>& only = {});

    /// The settings that were given, over `base`. @throws InputError.
    [[nodiscard]] RunSpec over(const RunSpec& base) const;
    /// Says on standard error what was given and `spec` does not read.
    void noteUnread(const RunSpec& spec) const;

  private:
    KeyFlags flags_;
};

/// The keys that say how a data file is read, and `others`.
std::vector<std::string> loadKeysAnd(const std::vector<std::string>& others);

/// The files that a run of this spec reads, which came from `file` (as specFromFile takes it).
std::vector<std::filesystem::path> filesRead(const std::string& file, const RunSpec& spec);

/// `file` as a spec when it is named *.json, that of a run of a figure (*.png, *.svg, *.pdf; with #K behind it the
/// K-th), the spec of a store (*.zq), else defaults with `file` as the data.
RunSpec specFromFile(const std::string& file);

} // namespace zipml::cli
