#pragma once
/// The key "version" of a file of JSON: which one the program that wrote it knew.

#include "core/base/error.h"

#include <nlohmann/json.hpp>
#include <string>

namespace zipml {

/// @param newest that this program reads @return 1 to newest
/// @throws InputError, to stand behind the file's name: of a newer one, or of what is no version
inline int formatVersion(const nlohmann::json& object, int newest) {
    const auto found = object.find("version");
    if (found == object.end())
        throw InputError(
            "is damaged: it does not say of which version it is; use a copy that was not edited");
    const bool whole = found->is_number_unsigned() || // one made in memory has a sign
                       (found->is_number_integer() && found->get<std::int64_t>() >= 0);
    const std::uint64_t version = whole ? found->get<std::uint64_t>() : 0;
    if (version > static_cast<std::uint64_t>(newest))
        throw InputError("was written by a newer version of ZipML Lab (its format is version " +
                         found->dump() + ", this one reads up to " + std::to_string(newest) + "); update it");
    if (version < 1)
        throw InputError("is damaged: its version, " + found->dump().substr(0, 40) +
                         ", is no whole number of 1 or more; use a copy that was not edited");
    return found->get<int>();
}

} // namespace zipml
