#include "core/base/json_file.h"

#include "core/base/file.h"
#include "core/base/json_text.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

/// @param what of the parser: "... number overflow parsing '1e999'". @return ":4: band: ..."
std::string faultOfNumber(std::string_view text, const std::string& what) {
    const auto begin = what.find('\''), end = what.rfind('\'');
    if (begin == end)
        return ": holds a number that is too large";
    const std::string number = what.substr(begin + 1, end - begin - 1);
    const std::string_view before = text.substr(0, text.find(number));
    const auto closes = before.rfind('"'), opens = closes > 0 ? before.rfind('"', closes - 1) : closes;
    const std::string key = closes != std::string_view::npos && opens < closes
                                ? std::string(before.substr(opens + 1, closes - opens - 1)) + ": "
                                : std::string();
    return ":" + std::to_string(1 + std::ranges::count(before, '\n')) + ": " + key + number +
           " is beyond the numbers that there are (1.8e308); write a smaller one";
}

/// The parser's "[json.exception.parse_error.101] parse error at line 3, column 5: ..." from "at line" on.
std::string faultOfText(const std::string& what) {
    const auto at = what.find("at line");
    return at == std::string::npos ? what : what.substr(at);
}

} // namespace

json parseJson(std::string_view text, const std::string& what, const std::string& wanted) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        throw InputError(what + ": is empty; " + wanted);
    try {
        return json::parse(text);
    } catch (const json::parse_error& error) {
        const bool like = text[begin] == '{' || text[begin] == '[';
        throw InputError(what + (like ? ": is not JSON: " + faultOfText(error.what()) : ": is not JSON") +
                         "; " + wanted);
    } catch (const json::out_of_range& error) {
        throw InputError(what + faultOfNumber(text, error.what()));
    }
}

json readJson(const std::filesystem::path& file, const std::string& wanted) {
    return parseJson(readFile(file), file.string(), wanted);
}

std::string jsonInShort(const json& value) {
    constexpr std::size_t kMost = 60;
    if (value.is_structured() && value.size() > kMost)
        return value.is_array() ? "a list" : "an object";
    std::string text = jsonText(value);
    if (text.size() > kMost)
        text = text.substr(0, kMost) + "...";
    return text;
}

JsonPart JsonPart::at(const std::string& key) const {
    if (!value_->is_object())
        failAs("an object, {\"key\": value, ...}");
    const auto found = value_->find(key);
    const std::string place = place_.empty() ? key : place_ + "." + key;
    if (found == value_->end())
        throw InputError(place + ": is missing");
    return JsonPart(*found, place);
}

std::vector<JsonPart> JsonPart::list() const {
    if (!value_->is_array())
        failAs("a list");
    std::vector<JsonPart> parts;
    for (std::size_t i = 0; i < value_->size(); ++i)
        parts.emplace_back((*value_)[i], place_ + "[" + std::to_string(i) + "]");
    return parts;
}

std::vector<std::pair<std::string, JsonPart>> JsonPart::members() const {
    if (!value_->is_object())
        failAs("an object, {\"key\": value, ...}");
    std::vector<std::pair<std::string, JsonPart>> parts;
    for (auto member = value_->begin(); member != value_->end(); ++member)
        parts.emplace_back(member.key(), at(member.key()));
    return parts;
}

void JsonPart::fail(const std::string& why) const {
    throw InputError(place_.empty() ? why : place_ + ": " + why);
}

void JsonPart::failAs(const char* wanted) const {
    fail(jsonInShort(*value_) + " is not " + wanted);
}

const char* JsonPart::read(const json& value, bool& to) {
    if (!value.is_boolean())
        return "true or false";
    to = value.get<bool>();
    return nullptr;
}

const char* JsonPart::read(const json& value, double& to) {
    if (!value.is_number())
        return "a number";
    to = value.get<double>();
    return nullptr;
}

const char* JsonPart::read(const json& value, std::string& to) {
    if (!value.is_string())
        return "a text in quotes";
    to = value.get<std::string>();
    return nullptr;
}

} // namespace zipml
