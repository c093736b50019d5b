#include "core/data/survey.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kFirstRows = 10;
constexpr std::size_t kSampleRows = 2000;
constexpr std::size_t kSampleCells = 2'000'000;

/// SplitMix64's finalizer (Steele, Lea, Flood 2014).
std::uint64_t hashOf(std::uint64_t place) {
    place += 0x9E3779B97F4A7C15;
    place = (place ^ (place >> 30U)) * 0xBF58476D1CE4E5B9;
    place = (place ^ (place >> 27U)) * 0x94D049BB133111EB;
    return place ^ (place >> 31U);
}

template <class Counts>
void joinCounts(Counts& counts, bool& many, Counts&& later, bool laterMany) {
    many = many || laterMany;
    if (!many)
        for (auto& [value, rows] : later)
            counts[value] += rows;
    many = many || counts.size() > ColumnSurvey::kMostDistinct;
    if (many)
        counts.clear();
}

void joinSeen(SeenAt& seen, SeenAt&& later, std::size_t lines) {
    if (seen.line == 0 && later.line > 0)
        seen = {lines + later.line, std::move(later.text)};
}

} // namespace

std::size_t ColumnSurvey::distinct() const {
    return manyValues ? kMostDistinct + 1 : values.size();
}

void ColumnSurvey::measure(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    const double before = value - mean; // Welford: no cancellation in columns with a large common part
    mean += before / static_cast<double>(numbers + times);
    squares += before * (value - mean);
}

void ColumnSurvey::addNumber(double value) {
    counting = counting && (numbers == 0 || value == last + 1) && missing + times + texts + wrong == 0;
    if (numbers == 0)
        first = value;
    last = value;
    ++numbers;
    measure(value);
    nonzero += value != 0 ? 1U : 0U;
    whole = whole && value == std::nearbyint(value);
    if (manyValues)
        return;
    ++values[value == 0 ? 0.0 : value]; // -0 is 0
    if (values.size() > kMostDistinct) {
        manyValues = true;
        values.clear();
    }
}

void ColumnSurvey::keepWord(std::string_view text) {
    if (manyWords)
        return;
    const auto found = words.find(text);
    if (found != words.end())
        ++found->second;
    else
        words.emplace(text, 1U);
    if (words.size() > kMostDistinct) {
        manyWords = true;
        words.clear();
    }
}

void ColumnSurvey::addTime(double seconds, std::string_view text) {
    ++times;
    measure(seconds);
    keepWord(text);
}

void ColumnSurvey::addText(std::string_view text, std::size_t line) {
    if (++texts == 1)
        firstText = {line, std::string(text)};
    keepWord(text);
}

void ColumnSurvey::join(ColumnSurvey&& later, std::size_t lines) {
    if (later.numbers > 0) {
        counting = counting && later.counting && (numbers == 0 || later.first == last + 1) &&
                   missing + times + texts + wrong == 0;
        first = numbers == 0 ? later.first : first;
        last = later.last;
    } else if (later.missing + later.times + later.texts + later.wrong > 0) {
        counting = false;
    }
    const auto before = static_cast<double>(numbers + times);
    const auto after = static_cast<double>(later.numbers + later.times);
    if (after > 0) { // Chan, Golub, LeVeque 1979
        const double apart = later.mean - mean;
        mean += apart * after / (before + after);
        squares += later.squares + apart * apart * before * after / (before + after);
    }
    low = std::min(low, later.low);
    high = std::max(high, later.high);
    whole = whole && later.whole;
    nonzero += later.nonzero;
    numbers += later.numbers;
    missing += later.missing;
    times += later.times;
    texts += later.texts;
    wrong += later.wrong;
    joinCounts(values, manyValues, std::move(later.values), later.manyValues);
    joinCounts(words, manyWords, std::move(later.words), later.manyWords);
    joinSeen(firstText, std::move(later.firstText), lines);
    joinSeen(firstMissing, std::move(later.firstMissing), lines);
    joinSeen(firstWrong, std::move(later.firstWrong), lines);
}

SampledRows::SampledRows(std::size_t columns)
    : most_(std::clamp<std::size_t>(kSampleCells / std::max<std::size_t>(columns, 1), 20, kSampleRows)) {}

bool SampledRows::wants(std::size_t place) const {
    return rows_.size() < most_ || hashOf(place) < rows_.rbegin()->first;
}

void SampledRows::add(std::size_t place, const std::vector<double>& row) {
    rows_.emplace(hashOf(place), row);
    trim();
}

void SampledRows::join(SampledRows&& other) {
    rows_.merge(std::move(other.rows_));
    trim();
}

void SampledRows::trim() {
    while (rows_.size() > most_)
        rows_.erase(std::prev(rows_.end()));
}

TableSurvey::TableSurvey(std::size_t count) : columns(count), sample(count) {}

void TableSurvey::join(TableSurvey&& later) {
    columns.resize(std::max(columns.size(), later.columns.size()));
    for (std::size_t c = 0; c < later.columns.size(); ++c)
        columns[c].join(std::move(later.columns[c]), lines);
    if (raggedLine == 0 && later.raggedLine > 0) {
        raggedLine = lines + later.raggedLine;
        raggedColumns = later.raggedColumns;
    }
    if (bad.empty())
        bad = std::move(later.bad);
    for (auto& row : later.firstRows)
        if (firstRows.size() < kFirstRows)
            firstRows.push_back(std::move(row));
    sample.join(std::move(later.sample));
    width = std::max(width, later.width);
    zeroIndex = zeroIndex || later.zeroIndex;
    rows += later.rows;
    lines += later.lines;
}

} // namespace zipml
