#include "core/quant/grid_spec.h"

#include <charconv>

namespace zipml {

template <>
std::span<const Named<GridKind>> namesOf<GridKind>() {
    static constexpr Named<GridKind> table[] = {
        {GridKind::Uniform, "uniform", "Uniform", "Equally spaced levels over each feature's range."},
        {GridKind::Optimal, "optimal", "Variance-optimal",
         "The levels with the least mean rounding variance on the data, exactly."},
        {GridKind::Candidates, "candidates", "Optimal on candidates",
         "The best levels among M of the values, dense where rounding costs most: faster, nearly optimal."},
        {GridKind::Greedy, "greedy", "Greedy",
         "Intervals are merged greedily, then the best levels among their ends are taken: at most twice the "
         "least variance."},
        {GridKind::Quantile, "quantile", "Quantiles", "Equally many values between neighbouring levels."},
        {GridKind::LloydMax, "lloyd-max", "Lloyd-Max",
         "Least squared error of nearest rounding, with the ends held at the range's."},
        {GridKind::Logarithmic, "logarithmic", "Powers of two",
         "0 and the range's ends halved again and again: fine near 0, coarse far from it."},
    };
    return table;
}

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

std::string toString(const GridSpec& spec) {
    std::string text(nameOf(spec.kind));
    if (spec.kind == GridKind::Candidates)
        text += ":" + std::to_string(spec.candidates);
    return text;
}

} // namespace zipml
