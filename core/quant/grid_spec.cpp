#include "core/quant/grid_spec.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>

namespace zipml {

namespace {

std::size_t parseCandidates(const std::string& text, std::string_view number) {
    constexpr std::size_t kFewest = 4;
    constexpr std::size_t kMost = 1'000'000;
    std::size_t candidates = 0;
    const auto [stop, error] = std::from_chars(number.begin(), number.end(), candidates);
    if (error != std::errc{} || stop != number.end() || candidates < kFewest || candidates > kMost)
        throw InputError("grid: '" + text +
                         "': write candidates:M with 4 to 1000000 points, such as candidates:1024");
    return candidates;
}

std::vector<double> parseLevels(const std::string& text, std::string_view list) {
    constexpr std::size_t kMost = 65'536; // of 16 bits
    const auto levels = parseFiniteList(list);
    if (!levels || std::ranges::adjacent_find(*levels, std::greater_equal{}) != levels->end())
        throw InputError("grid: '" + text +
                         "': write given:L1,L2,... with ascending levels, such as given:-1,-0.3,0,0.5,1");
    if (levels->size() < 2 || levels->size() > kMost)
        throw InputError("grid: " + std::to_string(levels->size()) + " given levels; write 2 to " +
                         std::to_string(kMost));
    return *levels;
}

} // namespace

GridSpec parseGrid(const std::string& text) {
    const auto colon = text.find(':');
    GridSpec spec;
    spec.kind = parseName<GridKind>(std::string_view(text).substr(0, colon), "grid");
    if (colon == std::string::npos)
        return spec;
    const std::string_view detail = std::string_view(text).substr(colon + 1);
    if (spec.kind == GridKind::Candidates)
        spec.candidates = parseCandidates(text, detail);
    else if (spec.kind == GridKind::Given)
        spec.levels = parseLevels(text, detail);
    else
        throw InputError("grid: '" + text + "': nothing goes after " + std::string(nameOf(spec.kind)));
    return spec;
}

std::string gridForms() {
    std::string forms;
    for (const auto& entry : namesOf<GridKind>())
        forms.append(forms.empty() ? "" : "|")
            .append(entry.name)
            .append(entry.value == GridKind::Candidates ? ":M"
                    : entry.value == GridKind::Given    ? ":L1,L2,..."
                                                        : "");
    return forms;
}

std::string toString(const GridSpec& spec) {
    std::string text(nameOf(spec.kind));
    if (spec.kind == GridKind::Candidates)
        text += ":" + std::to_string(spec.candidates);
    if (spec.kind == GridKind::Given)
        for (std::size_t i = 0; i < spec.levels.size(); ++i)
            text += (i == 0 ? ":" : ",") + shortest(spec.levels[i]);
    return text;
}

int bitsFor(std::size_t levels) {
    return std::max(1, static_cast<int>(std::bit_width(std::max<std::size_t>(levels, 1) - 1)));
}

std::string inShort(const GridSpec& spec) {
    return spec.kind == GridKind::Given ? std::to_string(spec.levels.size()) + " given" : toString(spec);
}

} // namespace zipml
