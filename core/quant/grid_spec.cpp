#include "core/quant/grid_spec.h"

#include <charconv>

namespace zipml {

GridSpec parseGrid(const std::string& text) {
    constexpr std::size_t kFewest = 4;
    constexpr std::size_t kMost = 1'000'000;
    const auto colon = text.find(':');
    GridSpec spec;
    spec.kind = parseName<GridKind>(std::string_view(text).substr(0, colon), "grid");
    if (colon == std::string::npos)
        return spec;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, spec.candidates);
    if (spec.kind != GridKind::Candidates)
        throw InputError("grid: '" + text + "': nothing goes after " + std::string(nameOf(spec.kind)));
    if (error != std::errc{} || stop != end || spec.candidates < kFewest || spec.candidates > kMost)
        throw InputError("grid: '" + text +
                         "': write candidates:M with 4 to 1000000 points, such as candidates:1024");
    return spec;
}

std::string gridForms() {
    std::string forms;
    for (const auto& entry : namesOf<GridKind>())
        forms.append(forms.empty() ? "" : "|")
            .append(entry.name)
            .append(entry.value == GridKind::Candidates ? ":M" : "");
    return forms;
}

std::string toString(const GridSpec& spec) {
    std::string text(nameOf(spec.kind));
    if (spec.kind == GridKind::Candidates)
        text += ":" + std::to_string(spec.candidates);
    return text;
}

} // namespace zipml
