#include "core/spec/spec_key.h"

#include "core/base/error.h"
#include "core/base/utf8.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;

bool needsQuotes(const std::string& word) {
    return word.empty() ||
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_-+=:,./@^%") != std::string::npos;
}

} // namespace

json specValue(const SpecKey& key, const std::string& text) {
    const auto fail = [&](const char* wanted) -> json {
        throw InputError("--" + flagOf(key.name) + ": '" + text + "' is not " + wanted);
    };
    const char* const end = text.data() + text.size();
    switch (key.kind) {
    case Kind::Text:
    case Kind::TextOrNumber:
        return textOfFileName(text);
    case Kind::YesNo:
        if (text == "true" || text == "false")
            return text == "true";
        return fail("true or false");
    case Kind::Whole: {
        std::uint64_t number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        return error == std::errc{} && stop == end ? json(number) : fail("a whole number of 0 or more");
    }
    case Kind::Number: {
        double number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        const bool good = error == std::errc{} && stop == end && std::isfinite(number);
        return good ? json(number) : fail("a finite number");
    }
    }
    throw std::logic_error("unknown kind of setting");
}

void checkKind(const SpecKey& key, const json& value) {
    const auto require = [&](bool fits, const char* wanted) {
        if (!fits)
            throw InputError(value.dump() + " is not " + wanted);
    };
    switch (key.kind) {
    case Kind::Text:
        return require(value.is_string(), "a text in quotes");
    case Kind::TextOrNumber:
        return require(value.is_string() || value.is_number(), "a number or a text in quotes");
    case Kind::Number:
        return require(value.is_number(), "a number");
    case Kind::Whole:
        return require(value.is_number_integer(), "a whole number");
    case Kind::YesNo:
        return require(value.is_boolean(), "true or false");
    }
    throw std::logic_error("unknown kind of setting");
}

std::string flagOf(std::string_view key) {
    std::string flag(key);
    for (char& c : flag)
        c = c == '_' ? '-' : c;
    return flag;
}

std::string flagWithValue(const SpecKey& key, const json& value) {
    const std::string flag = flagOf(key.name);
    if (key.kind == Kind::YesNo)
        return (value.get<bool>() ? "--" : "--no-") + flag;
    return "--" + flag + " " +
           shellWord(value.is_string() ? fileNameOfText(value.get<std::string>()) : value.dump());
}

std::string shellWord(const std::string& word) {
    if (!needsQuotes(word))
        return word;
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'')
            quoted += R"('\'')";
        else
            quoted += c;
    }
    return quoted + "'";
}

} // namespace zipml
