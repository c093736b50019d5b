#pragma once
/// JSON files are read here, so that a fault is always said with the file, the place in it and what would be
/// right: "spec.json:4: band: 1e999 is beyond the numbers that there are ...", "m.json: weights[2]: "x" is
/// not a number".

#include "core/base/error.h"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zipml {

/// @param what the file, for the error @param wanted what would be right: "zipml train --model writes one"
/// @throws InputError where it is no JSON, or holds a number that no double does
nlohmann::json parseJson(std::string_view text, const std::string& what, const std::string& wanted);
/// @throws InputError as parseJson and readFile
nlohmann::json readJson(const std::filesystem::path& file, const std::string& wanted);

/// As it stands in an error: a long value is cut.
std::string jsonInShort(const nlohmann::json& value);

/// What `read` returns; what is wrong there is said with `where` in front: "m.json", "spec".
template <class Read>
auto readIn(const std::string& where, Read&& read) {
    try {
        return std::forward<Read>(read)();
    } catch (const InputError& error) {
        throw InputError(where + ": " + error.what());
    }
}

/// A value in a JSON file together with its place: "runs[2].spec", as in RFC 9535. All functions throw
/// InputError that begins with the place.
class JsonPart {
  public:
    explicit JsonPart(const nlohmann::json& value, std::string place = {})
        : value_(&value), place_(std::move(place)) {}

    [[nodiscard]] const nlohmann::json& value() const { return *value_; }
    [[nodiscard]] bool has(const std::string& key) const {
        return value_->is_object() && value_->contains(key);
    }
    /// A member, which must be there.
    [[nodiscard]] JsonPart at(const std::string& key) const;
    /// The elements of a list.
    [[nodiscard]] std::vector<JsonPart> list() const;
    /// The members of an object, with their keys.
    [[nodiscard]] std::vector<std::pair<std::string, JsonPart>> members() const;
    [[noreturn]] void fail(const std::string& why) const;

    /// The value as a bool, a whole number in the type's range, a double, a text, or a list of one of these.
    template <class Value>
    [[nodiscard]] Value get() const {
        Value to{};
        if (const char* wanted = read(*value_, to))
            failAs(wanted);
        return to;
    }
    template <class Value>
    [[nodiscard]] Value get(const std::string& key) const {
        return at(key).get<Value>();
    }
    /// `otherwise` where the key is missing.
    template <class Value>
    [[nodiscard]] Value get(const std::string& key, Value otherwise) const {
        return has(key) ? at(key).get<Value>() : otherwise;
    }

  private:
    // Each returns what was wanted where the value is something else; null: it is read.
    static const char* read(const nlohmann::json& value, bool& to);
    static const char* read(const nlohmann::json& value, double& to);
    static const char* read(const nlohmann::json& value, std::string& to);
    template <std::integral Number>
    static const char* read(const nlohmann::json& value, Number& to) {
        const bool fits = value.is_number_unsigned()  ? std::in_range<Number>(value.get<std::uint64_t>())
                          : value.is_number_integer() ? std::in_range<Number>(value.get<std::int64_t>())
                                                      : false;
        if (fits)
            to = value.get<Number>();
        return fits                             ? nullptr
               : std::unsigned_integral<Number> ? "a whole number of 0 or more that fits here"
                                                : "a whole number that fits here";
    }
    template <class Element>
    const char* read(const nlohmann::json& value, std::vector<Element>& to) const {
        if (!value.is_array())
            return "a list";
        to.reserve(value.size());
        for (const auto& each : value) {
            Element element{};
            const auto part = [&] { return JsonPart(each, place_ + "[" + std::to_string(to.size()) + "]"); };
            if constexpr (std::ranges::range<Element> && !std::same_as<Element, std::string>)
                element = part().template get<Element>();
            else if (const char* wanted = read(each, element))
                part().failAs(wanted);
            to.push_back(std::move(element));
        }
        return nullptr;
    }
    [[noreturn]] void failAs(const char* wanted) const;

    const nlohmann::json* value_;
    std::string place_;
};

} // namespace zipml
