#pragma once
/// A spec's settings in one table; JSON, the command line's flags and "copy as command line" follow from it.

#include "core/base/closest_word.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/base/utf8.h"
#include "core/spec/spec_key.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace zipml {

template <class Spec>
struct SpecEntry {
    SpecKey key;
    nlohmann::json (*get)(const Spec&);
    /// The value is of the key's kind; its name is for messages.
    void (*set)(Spec&, const nlohmann::json&, const std::string& key);
    /// SpecKey::values where they are the names of an enum; null: they stand in the key.
    std::string (*choices)() = nullptr;
};

namespace spec_table {

template <class Enum>
nlohmann::json named(Enum value) {
    return std::string(nameOf(value));
}

inline std::string text(const nlohmann::json& value) {
    return value.get<std::string>();
}

/// A whole number, made sure of by checkKind, that fits `Number`.
template <class Number = int>
Number whole(const nlohmann::json& value) {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
    const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
    if (!negative && value.get<std::uint64_t>() <= kLargest)
        return value.get<Number>();
    throw InputError(value.dump() + " is out of range; use 0 to " + std::to_string(kLargest));
}

template <class Value>
constexpr SpecKey::Kind kindOf() {
    using Kind = SpecKey::Kind;
    if constexpr (std::is_same_v<Value, bool>)
        return Kind::YesNo;
    else if constexpr (std::is_integral_v<Value>)
        return Kind::Whole;
    else if constexpr (std::is_floating_point_v<Value>)
        return Kind::Number;
    else
        return Kind::Text;
}

/// "a|b|c"
template <class Enum>
std::string choices() {
    return choicesOf<Enum>("|");
}

template <class Value>
nlohmann::json write(const Value& value) {
    if constexpr (std::is_enum_v<Value>)
        return named(value);
    else if constexpr (std::is_same_v<Value, std::string>) // a file's name, perhaps
        return textOfFileName(value);
    else
        return value;
}

template <class Value>
void read(Value& value, const nlohmann::json& from, const std::string& key) {
    if constexpr (std::is_enum_v<Value>)
        value = parseName<Value>(text(from), key);
    else if constexpr (kindOf<Value>() == SpecKey::Kind::Whole)
        value = whole<Value>(from);
    else if constexpr (std::is_same_v<Value, std::string>)
        value = fileNameOfText(text(from));
    else
        value = from.get<Value>();
}

template <class Spec, class Member>
Spec ownerOf(Member Spec::*);

/// The member at the end of a path of pointers to members.
template <auto... Path, class Spec>
constexpr auto& at(Spec& spec) {
    return (spec.*....*Path);
}

/// The entry of a member that is a text, a number, a bool or an enum with names; of a member's member by the
/// path there: member<&RunSpec::data, &DataSpec::split>("split", "0..1", "...").
template <auto First, auto... Rest>
auto member(const char* name, const char* values, const char* help) {
    using Spec = decltype(ownerOf(First));
    using Value = std::remove_cvref_t<decltype(at<First, Rest...>(std::declval<Spec&>()))>;
    return SpecEntry<Spec>{
        {name, kindOf<Value>(), values, help},
        [](const Spec& spec) { return write<Value>(at<First, Rest...>(spec)); },
        [](Spec& spec, const nlohmann::json& value, const std::string& key) {
            read<Value>(at<First, Rest...>(spec), value, key);
        },
    };
}

/// That of an enum, whose names are its values.
template <auto First, auto... Rest>
auto choice(const char* name, const char* help) {
    using Spec = decltype(ownerOf(First));
    using Enum = std::remove_cvref_t<decltype(at<First, Rest...>(std::declval<Spec&>()))>;
    auto entry = member<First, Rest...>(name, "", help);
    entry.choices = choices<Enum>;
    return entry;
}

/// That of an enum of whose names only those are values that `Some` lists ("a|b|c"): a word that is none is told
/// these, and who takes the spec says why another name does not go.
template <std::string (*Some)(), auto First, auto... Rest>
auto choiceAmong(const char* name, const char* help) {
    using Spec = decltype(ownerOf(First));
    auto entry = choice<First, Rest...>(name, help);
    entry.choices = Some;
    entry.set = [](Spec& spec, const nlohmann::json& value, const std::string& key) {
        using Enum = std::remove_cvref_t<decltype(at<First, Rest...>(spec))>;
        std::string some;
        for (const char c : Some())
            some += c == '|' ? std::string(", ") : std::string(1, c);
        const std::string wanted = text(value);
        for (const auto& named : namesOf<Enum>())
            if (named.name == wanted) {
                at<First, Rest...>(spec) = named.value;
                return;
            }
        throw InputError(key + ": '" + wanted + "' is unknown; choose one of " + some);
    };
    return entry;
}

inline void requireWithin(const char* key, int value, int low, int high) {
    if (value < low || value > high)
        throw InputError(std::string(key) + ": " + std::to_string(value) + " is out of range; use " +
                         std::to_string(low) + " to " + std::to_string(high));
}

template <class Spec>
nlohmann::json toJson(std::span<const SpecEntry<Spec>> table, const Spec& spec) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& entry : table)
        object[std::string(entry.key.name)] = entry.get(spec);
    return object;
}

template <class Spec>
std::vector<std::string> namesIn(std::span<const SpecEntry<Spec>> table) {
    std::vector<std::string> names;
    for (const auto& entry : table)
        names.emplace_back(entry.key.name);
    return names;
}

/// Sets the keys that `object` has. @param command "zipml tomography", for the error message
/// @throws InputError naming the key: an unknown one, a wrong type or a bad value.
template <class Spec>
void apply(std::span<const SpecEntry<Spec>> table, Spec& spec, const nlohmann::json& object,
           const std::string& command) {
    if (!object.is_object())
        throw InputError("settings are a JSON object, {\"key\": value, ...}");
    for (const auto& [name, value] : object.items()) {
        const SpecEntry<Spec>* found = nullptr;
        for (const auto& entry : table)
            if (entry.key.name == name)
                found = &entry;
        if (found == nullptr)
            throw InputError(std::string("'")
                                 .append(name)
                                 .append("' is not a setting; see ")
                                 .append(command)
                                 .append(" --help for all of them")
                                 .append(didYouMean(name, namesIn(table))));
        try {
            checkKind(found->key, value);
            found->set(spec, value, name);
        } catch (const InputError& error) {
            const std::string prefix = name + ": ";
            const std::string message = error.what();
            throw InputError(message.starts_with(prefix) ? message : prefix + message);
        }
    }
}

/// The flags of the settings in which the spec differs from the defaults, each with a space in front.
template <class Spec>
std::string flags(std::span<const SpecEntry<Spec>> table, const Spec& spec, const Spec& defaults = {}) {
    std::string line;
    for (const auto& entry : table)
        if (const nlohmann::json value = entry.get(spec); value != entry.get(defaults))
            line += " " + flagWithValue(entry.key, value);
    return line;
}

template <class Spec>
std::vector<SpecKey> keys(std::span<const SpecEntry<Spec>> table) {
    std::vector<SpecKey> all;
    for (const auto& entry : table) {
        all.push_back(entry.key);
        if (entry.choices != nullptr)
            all.back().values = entry.choices();
    }
    return all;
}

} // namespace spec_table

} // namespace zipml
