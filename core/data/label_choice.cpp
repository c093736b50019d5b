#include "core/data/label_choice.h"

#include "core/data/number.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// Names that say "this is the label", the surest first.
constexpr std::string_view kLabelNames[] = {"label",
                                            "target",
                                            "class",
                                            "y",
                                            "output",
                                            "response",
                                            "outcome",
                                            "labels",
                                            "classes",
                                            "targets",
                                            "species",
                                            "diagnosis",
                                            "classlabel",
                                            "ytrue",
                                            "targetvalue",
                                            "dependent",
                                            "dependentvariable",
                                            "outcomevariable",
                                            "targetvariable"};
/// Names of what is usually predicted; they decide only between the first and the last column.
constexpr std::string_view kUsualTargets[] = {
    "grade",    "quality", "rating",  "score",   "price",   "mpg",   "medv",      "cost",
    "salary",   "income",  "value",   "sales",   "demand",  "rings", "digit",     "survived",
    "strength", "result",  "charges", "default", "churn",   "yield", "saleprice", "count",
    "exited",   "isspam",  "spam",    "fraud",   "isfraud", "gdp",   "wage"};
/// Names of what things are predicted from.
constexpr std::string_view kUsualFeatures[] = {
    "id",        "index",  "cylinders", "rooms", "bedrooms", "age",   "sex",    "month",
    "day",       "hour",   "weekday",   "size",  "year",     "doors", "gender", "floors",
    "bathrooms", "pclass", "season",    "zone",  "type",     "group", "store",  "week"};

/// Letters alone, as "Class Label", "class_label" and "ClassLabel" have them in common.
std::string lettersOf(std::string_view name) {
    std::string letters;
    for (const char c : name)
        if (c != ' ' && c != '_' && c != '-' && c != '.')
            letters += c;
    return letters;
}

bool isOneOf(std::string_view name, std::span<const std::string_view> names) {
    const std::string letters = lettersOf(name);
    return std::ranges::any_of(names, [&](auto other) { return equalsIgnoringCase(letters, other); });
}

bool isBinary(const LabelEvidence& column) {
    const auto is = [&](double a, double b) { return column.values == std::set<double>{a, b}; };
    return !column.many && (is(0, 1) || is(-1, 1) || is(1, 2));
}

/// Whole numbers without gaps from -1, 0 or 1 on.
bool isNumbered(const LabelEvidence& column) {
    return !column.many && column.values.size() >= 2 && column.low >= -1 && column.low <= 1 &&
           column.high - column.low + 1 == static_cast<double>(column.values.size());
}

/// Whether the values may be classes: texts, or whole numbers of which each occurs more than once on average.
bool mayBeClasses(const LabelEvidence& column) {
    constexpr std::size_t kMostUsual = 32;
    return column.words || (column.whole && !column.many && column.values.size() >= 2 &&
                            column.values.size() <= kMostUsual && column.values.size() < column.rows);
}

/// Years, ages, counts: many whole numbers that fill most of their range.
bool isFilled(const LabelEvidence& column) {
    constexpr std::size_t kFew = 10;
    const double range = column.high - column.low + 1;
    return column.whole && !column.many && column.values.size() >= kFew &&
           static_cast<double>(column.values.size()) >= 0.5 * range;
}

/// Whether the last column looks like those between: of their size, on the same sides of zero, written alike.
bool looksLikeTheOthers(std::span<const LabelEvidence> columns) {
    const LabelEvidence& last = columns.back();
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    std::size_t count = 0, straddling = 0, decimals = 0;
    for (std::size_t c = 1; c + 1 < columns.size(); ++c) {
        const LabelEvidence& column = columns[c];
        if (column.words || column.whole || !(column.high > column.low))
            continue;
        ++count;
        least = std::min(least, column.high - column.low);
        most = std::max(most, column.high - column.low);
        straddling += column.low < 0 && column.high > 0 ? 1U : 0U;
        decimals = std::max(decimals, column.decimals);
    }
    if (count == 0)
        return true;
    constexpr double kApart = 4;
    const double range = last.high - last.low;
    const bool straddles = last.low < 0 && last.high > 0;
    return range * kApart >= least && range <= most * kApart && !(straddling == count && !straddles) &&
           !(straddling == 0 && straddles) && (last.decimals == decimals || columns.size() > 12);
}

/// How much speaks for the first column, where the last is no class: above 0 it is the label.
int scoreOfFirst(std::span<const LabelEvidence> columns, std::span<const std::string> names) {
    const LabelEvidence& first = columns.front();
    if (first.words) { // texts first, numbers last
        int score = 2 + (mayBeClasses(columns.back()) ? -2 : 0) + (looksLikeTheOthers(columns) ? 1 : -3);
        if (!names.empty() && isOneOf(names.back(), kUsualTargets))
            score -= 4;
        return score;
    }
    const bool repeated = first.many || first.values.size() < first.rows;
    if (!first.whole || first.low == first.high || !repeated || (first.many && !names.empty()))
        return -5;
    int score = isBinary(first) ? 4 : isNumbered(first) ? 2 : isFilled(first) ? 2 : -1;
    std::size_t otherWhole = 0;
    for (std::size_t c = 1; c + 1 < columns.size(); ++c)
        otherWhole += mayBeClasses(columns[c]) && !columns[c].words ? 1U : 0U;
    score += otherWhole == 0 ? 0 : -2;
    score += looksLikeTheOthers(columns) ? 1 : -3;
    if (!names.empty()) {
        score += isOneOf(names.front(), kUsualTargets) ? 3 : isOneOf(names.front(), kUsualFeatures) ? -4 : 0;
        score += isOneOf(names.back(), kUsualTargets) ? -4 : isOneOf(names.back(), kUsualFeatures) ? 2 : 0;
    }
    return score;
}

std::optional<LabelChoice> byName(std::span<const std::string> names) {
    for (const auto usual : kLabelNames)
        for (std::size_t c = 0; c < names.size(); ++c)
            if (equalsIgnoringCase(lettersOf(names[c]), usual))
                return LabelChoice{c, "named " + inQuotes(names[c])};
    return std::nullopt;
}

/// The one column whose name is that of something usually predicted, where it is not at an end.
std::optional<LabelChoice> byUsualName(std::span<const std::string> names) {
    const auto usual = [](const std::string& name) { return isOneOf(name, kUsualTargets); };
    if (names.size() < 3 || std::ranges::count_if(names, usual) != 1)
        return std::nullopt;
    const auto at = static_cast<std::size_t>(std::ranges::find_if(names, usual) - names.begin());
    return LabelChoice{at, "named " + inQuotes(names[at]) + ", which is usually predicted",
                       at + 1 < names.size() ? std::optional(names.size() - 1) : std::nullopt};
}

} // namespace

void LabelEvidence::add(double value) {
    ++rows;
    low = std::min(low, value);
    high = std::max(high, value);
    whole = whole && value == std::nearbyint(value);
    if (many || !whole)
        return;
    values.insert(value);
    if (values.size() > kMostValues) {
        many = true;
        values.clear();
    }
}

std::string doubtText(const std::string& label, const std::string& why, const std::string& other) {
    return "the label is " + label + ", " + why + "; it may also be " + other +
           ": choose with --label-column";
}

LabelChoice chooseLabel(std::span<const LabelEvidence> columns, std::span<const std::string> names) {
    if (const auto named = byName(names))
        return *named;
    if (const auto named = byUsualName(names))
        return *named;
    const std::size_t end = columns.size() - 1;
    const LabelEvidence& first = columns.front();
    const LabelEvidence& last = columns.back();
    if (columns.size() > 1 && last.words && !first.words)
        return {end, std::ranges::count(columns, true, &LabelEvidence::words) == 1
                         ? "the only column of texts"
                         : "the last column"};
    if (mayBeClasses(last)) {
        const bool firstToo = columns.size() > 1 && mayBeClasses(first);
        const bool surely =
            !first.words && isBinary(first) && !last.words && !isBinary(last) && !isNumbered(last);
        if (firstToo && surely)
            return {0, "its two values are those of classes", end};
        return {end, "the last column, and its values are classes",
                firstToo && isBinary(first) ? std::optional<std::size_t>(0) : std::nullopt};
    }
    if (columns.size() == 1)
        return {0, "the only column"};
    const int score = scoreOfFirst(columns, names);
    constexpr int kClose = 2;
    if (score > 0)
        return {0,
                first.words ? "its texts are classes, and the last column is a feature like the others"
                : mayBeClasses(first)
                    ? "its whole numbers are classes or grades, and the last column is a feature "
                      "like the others"
                    : "the first column is of whole numbers, and the last one is a feature like "
                      "the others",
                score <= kClose ? std::optional(end) : std::nullopt};
    return {end, "the last column", score > -kClose ? std::optional<std::size_t>(0) : std::nullopt};
}

} // namespace zipml
