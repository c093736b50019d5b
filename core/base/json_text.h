#pragma once
/// JSON as text.

#include <nlohmann/json.hpp>

#include <string>

namespace zipml {

/// What JSON cannot hold, bytes that are no UTF-8, is U+FFFD: it must not be why a result is lost.
/// @param indent spaces a level; -1: all in one line
inline std::string jsonText(const nlohmann::json& value, int indent = -1) {
    return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace zipml
