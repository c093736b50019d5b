#pragma once
/// The flags of a spec: one for each of its keys.

#include "app/cli/command.h"
#include "core/lab/run_spec.h"

#include <memory>
#include <string>
#include <vector>

namespace zipml::cli {

class KeyFlags {
  public:
    /// Adds the flags to `command`.
    /// @param keys must outlive this @param defaults all keys' values, for the help
    KeyFlags(Command& command, const std::vector<const SpecKey*>& keys, const nlohmann::json& defaults,
             const std::string& group);

    /// The settings that were given, by key. @throws InputError.
    [[nodiscard]] nlohmann::json given() const;

  private:
    struct Given {
        const SpecKey* key;
        Flag* option;
        std::string text;
        bool yes = false;
    };
    std::vector<std::unique_ptr<Given>> given_; // CLI11 keeps pointers to the texts
};

/// Pointers to all of them.
std::vector<const SpecKey*> pointersTo(std::span<const SpecKey> keys);

} // namespace zipml::cli
