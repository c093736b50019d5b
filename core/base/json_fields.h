#pragma once
/// A struct's members as keys of a JSON object, in one table for writing and reading.

#include "core/base/error.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace zipml {

template <class Object>
struct JsonField {
    const char* name;
    std::variant<int Object::*, std::uint64_t Object::*, double Object::*, std::optional<double> Object::*,
                 std::string Object::*, std::vector<std::string> Object::*>
        member;
};

namespace json_fields {

inline void read(const nlohmann::json& value, int& to) {
    const bool fits =
        value.is_number_unsigned()
            ? value.get<std::uint64_t>() <= std::numeric_limits<int>::max()
            : value.is_number_integer() && value.get<std::int64_t>() >= std::numeric_limits<int>::min();
    if (!fits)
        throw InputError(value.dump() + " is not a whole number");
    to = value.get<int>();
}
inline void read(const nlohmann::json& value, std::uint64_t& to) {
    if (!value.is_number_unsigned())
        throw InputError(value.dump() + " is not a whole number of 0 or more");
    to = value.get<std::uint64_t>();
}
/// JSON has no NaN and no infinity: they are texts.
inline void read(const nlohmann::json& value, double& to) {
    if (value.is_number())
        to = value.get<double>();
    else if (value == "nan")
        to = std::numeric_limits<double>::quiet_NaN();
    else if (value == "inf" || value == "-inf")
        to = (value == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity();
    else
        throw InputError(value.dump() + " is not a number");
}
inline void read(const nlohmann::json& value, std::optional<double>& to) {
    to.reset();
    if (!value.is_null())
        read(value, to.emplace());
}
inline void read(const nlohmann::json& value, std::string& to) {
    if (!value.is_string())
        throw InputError(value.dump() + " is not a text");
    to = value.get<std::string>();
}

inline void read(const nlohmann::json& value, std::vector<std::string>& to) {
    if (!value.is_array())
        throw InputError(value.dump() + " is not a list of texts");
    to.resize(value.size());
    for (std::size_t i = 0; i < to.size(); ++i)
        read(value[i], to[i]);
}

inline nlohmann::json write(double value) {
    if (std::isfinite(value))
        return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
inline nlohmann::json write(const std::optional<double>& value) {
    return value ? write(*value) : nlohmann::json();
}
template <class Value>
nlohmann::json write(const Value& value) {
    return value;
}

} // namespace json_fields

template <class Object>
nlohmann::json getField(const Object& object, const JsonField<Object>& field) {
    return std::visit([&](auto member) { return json_fields::write(object.*member); }, field.member);
}

/// Every field is wanted. @throws InputError naming the first key that is missing or of a wrong type.
template <class Object, class Fields>
void setFields(Object& object, const Fields& fields, const nlohmann::json& json) {
    for (const auto& field : fields) {
        if (!json.is_object() || !json.contains(field.name))
            throw InputError(std::string(field.name) + ": is missing");
        try {
            std::visit([&](auto member) { json_fields::read(json[field.name], object.*member); },
                       field.member);
        } catch (const InputError& error) {
            throw InputError(std::string(field.name) + ": " + error.what());
        }
    }
}

} // namespace zipml
