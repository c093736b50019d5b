#include "core/model/export/c_text.h"

#include <cstdio>

namespace zipml::exported {
namespace {

std::string number(double value, const char* format, const char* suffix) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    std::string literal(text);
    if (literal.find_first_of(".e") == std::string::npos)
        literal += ".0";
    return literal + suffix;
}

} // namespace

std::string asFloat(double value) {
    return number(value, "%.9g", "f");
}

std::string asDouble(double value) {
    return number(value, "%.17g", "");
}

std::string inShortDouble(double value) {
    return number(value, "%.6g", "");
}

std::string listed(std::size_t count, const std::function<std::string(std::size_t)>& element) {
    constexpr std::size_t kWidth = 100;
    std::string text = "   ";
    std::size_t column = 3;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string word = " " + element(i) + (i + 1 < count ? "," : "");
        if (column + word.size() > kWidth) {
            text += "\n   ";
            column = 3;
        }
        text += word;
        column += word.size();
    }
    return text + "\n";
}

std::string cArray(const std::string& declaration, std::size_t count,
                   const std::function<std::string(std::size_t)>& element) {
    return "static const " + declaration + " = {\n" + listed(count, element) + "};\n\n";
}

std::string commentText(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (!safe.empty() && ((safe.back() == '*' && c == '/') || (safe.back() == '/' && c == '*')))
            safe += ' ';
        safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return safe;
}

std::string originOf(const LinearModel& model) {
    const auto text = [&](const char* key) {
        return model.spec.is_object() && model.spec.contains(key) && model.spec[key].is_string()
                   ? model.spec[key].get<std::string>()
                   : std::string();
    };
    std::string origin = text("data").empty() ? "unnamed data" : text("data");
    const std::string estimator = text("estimator");
    if (!estimator.empty())
        origin +=
            " (estimator " + estimator +
            (estimator != "full" && model.spec.contains("bits") ? ", " + model.spec["bits"].dump() + " bits"
                                                                : "") +
            ")";
    return origin;
}

void replaceAll(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

} // namespace zipml::exported
