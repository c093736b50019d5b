#pragma once
/// Every choice a person can make (a scaling, a schedule, an estimator) has one name, used by the CLI, the
/// JSON and the tests, and one title, used on the screen. Each enum has one table of them.

#include "core/base/error.h"

#include <span>
#include <string>
#include <string_view>

namespace zipml {

template <class Enum>
struct Named {
    Enum value;
    std::string_view name;    ///< as typed: "double"
    std::string_view title;   ///< as shown: "Double sampling"
    std::string_view summary; ///< one sentence for help and tooltips
};

/// The table of an enum; specialised beside each enum.
template <class Enum>
std::span<const Named<Enum>> namesOf();

template <class Enum>
const Named<Enum>& entryOf(Enum value) {
    for (const auto& entry : namesOf<Enum>())
        if (entry.value == value)
            return entry;
    throw std::logic_error("an enum value is missing from its name table");
}

template <class Enum>
std::string_view nameOf(Enum value) {
    return entryOf(value).name;
}

/// "a, b, c": for help texts and error messages.
template <class Enum>
std::string choicesOf(std::string_view between = ", ") {
    std::string choices;
    for (const auto& entry : namesOf<Enum>())
        choices.append(choices.empty() ? "" : between).append(entry.name);
    return choices;
}

/// @throws InputError naming `what` and the choices when `name` is none of them.
template <class Enum>
Enum parseName(std::string_view name, std::string_view what) {
    for (const auto& entry : namesOf<Enum>())
        if (entry.name == name)
            return entry.value;
    throw InputError(std::string(what) + ": '" + std::string(name) + "' is unknown; choose one of " +
                     choicesOf<Enum>());
}

} // namespace zipml
