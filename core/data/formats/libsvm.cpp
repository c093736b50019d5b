// LIBSVM text: "label index:value index:value ...", absent values 0. Indices count from 1 or, as scikit-learn
// and XGBoost write them, from 0; they may stand in any order, each once in a row. "label:weight" weighs a
// row.

#include "core/data/decimal.h"
#include "core/data/formats/format.h"
#include "core/data/formats/text_source.h"
#include "core/data/number.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kLargestIndex = std::numeric_limits<std::uint32_t>::max() - 1;

/// Takes the next word, empty at the end.
std::string_view takeWord(std::string_view& rest) {
    const auto begin = rest.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return rest = {};
    const auto end = std::min(rest.find_first_of(" \t", begin), rest.size());
    const auto word = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return word;
}

std::string_view withoutComment(std::string_view line) {
    return line.substr(0, line.find('#'));
}

bool isNumber(std::string_view word) {
    double value = 0;
    return parseField(word, value) == FieldKind::Number;
}

/// "12:..." with a whole number before the colon.
bool looksLikeEntry(std::string_view word) {
    const auto digits = word.find_first_not_of("0123456789", word.starts_with('-') ? 1 : 0);
    return digits != std::string_view::npos && digits > 0 && word[digits] == ':';
}

/// Minutes and seconds, hours and minutes: two digits behind the colon, below 60.
bool looksLikeTime(std::string_view word) {
    const auto colon = word.find(':');
    return colon != std::string_view::npos && colon >= 1 && colon <= 2 && word.size() == colon + 3 &&
           word[colon + 1] >= '0' && word[colon + 1] <= '5' && word[colon + 2] >= '0' &&
           word[colon + 2] <= '9';
}

/// "1:07": a number has no such zero in front.
bool hasLeadingZero(std::string_view word) {
    const auto colon = word.find(':');
    return colon != std::string_view::npos && word.size() == colon + 3 && word[colon + 1] == '0' &&
           word[colon + 2] >= '0' && word[colon + 2] <= '9';
}

/// What the words of a line are, as far as the format's recognition cares.
struct LineLook {
    bool rows = false;    ///< a first word, then entries alone
    bool entries = false; ///< there are some
    bool times = true;    ///< they all look like times
    bool zeros = false;   ///< one has a zero in front, as times have
    bool wide = true;     ///< all have two digits in front of the colon
};

LineLook lookAt(std::string_view line) {
    std::string_view rest = withoutComment(line);
    const auto first = takeWord(rest);
    LineLook look;
    look.rows = !first.empty();
    for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest)) {
        const auto value = word.substr(std::min(word.find(':'), word.size() - 1) + 1);
        look.rows = look.rows && (looksLikeEntry(word) || word.starts_with("qid:")) &&
                    value.find_first_of(",;|:") == std::string_view::npos;
        look.entries = look.entries || look.rows;
        look.times = look.times && looksLikeTime(word);
        look.zeros = look.zeros || hasLeadingZero(word);
        look.wide = look.wide && word.find(':') == 2;
    }
    return look;
}

/// Half of the first lines are rows, also with a bad value, so that the parser can say so.
bool matchesLibsvm(const FileStart& start) {
    constexpr std::size_t kLines = 200;
    std::string_view rest = start.bytes;
    std::size_t lines = 0, rows = 0;
    bool entries = false, times = true, zeros = false, wide = true;
    for (std::size_t i = 0; i < kLines && !rest.empty(); ++i) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (end == rest.size() && !start.whole && lines > 0)
            break; // a part of a line
        const auto line = withoutLineEnd(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (trimmed(withoutComment(line)).empty())
            continue;
        const LineLook look = lookAt(line);
        ++lines;
        rows += look.rows ? 1U : 0U;
        entries = entries || look.entries;
        times = times && look.times;
        zeros = zeros || look.zeros;
        wide = wide && look.wide;
    }
    return entries && 2 * rows >= lines && !(times && (zeros || wide));
}

/// Whether a first word "a:b" is a label with a weight and not the first entry of a row without a label: it
/// has a sign, or its index is not below the second word's.
bool isWeightedLabel(std::string_view line) {
    std::string_view rest = withoutComment(line);
    const auto first = takeWord(rest);
    const auto second = takeWord(rest);
    const auto colon = first.find(':');
    if (colon == std::string_view::npos || !isNumber(first.substr(0, colon)))
        return false;
    if (first.starts_with('-') || first.starts_with('+') || !looksLikeEntry(first))
        return true;
    std::size_t index = 0, next = 0;
    std::from_chars(first.data(), first.data() + colon, index);
    std::from_chars(second.data(), second.data() + second.size(), next);
    return !second.empty() && next <= index;
}

class LibsvmSource final : public TextSource {
  public:
    LibsvmSource(std::unique_ptr<TextReader> reader, Head head)
        : TextSource(std::move(reader), std::move(head), false) {
        shape_.format = "libsvm";
        shape_.sparse = true;
        bool rows = false, labelled = false;
        for (const HeadLine& line : head_.lines) {
            std::string_view rest = withoutComment(line.text);
            const auto first = takeWord(rest);
            if (first.empty())
                continue;
            weighted_ = weighted_ || isWeightedLabel(line.text);
            labelled = labelled || !looksLikeEntry(first);
            rows = true;
        }
        unlabelled_ = rows && !labelled && !weighted_;
        shape_.labelled = !unlabelled_;
        if (weighted_)
            shape_.notes.emplace_back("the labels are LABEL:WEIGHT");
    }

    void surveyHead(const CellSyntax& /*syntax*/, TableSurvey& /*survey*/) const override {}

  protected:
    const char* addPlainRow(const char* line, const char* end, const RowPlan& plan,
                            ParsedRows& rows) const override {
        if (unlabelled_ || weighted_ || !plan.offsets.empty())
            return nullptr;
        const std::size_t before = rows.entries.size();
        double label = 0;
        std::size_t next = 0;
        const char* const stop = takePlainRow(line, end, plan, label, next, rows.entries);
        if (stop == nullptr)
            rows.entries.resize(before);
        else
            endRow(label - plan.labelOffset, next, rows);
        return stop;
    }

    void addRow(std::string_view line, std::size_t /*offset*/, const RowPlan& plan,
                ParsedRows& rows) const override {
        std::string_view rest = withoutComment(line);
        std::string_view look = rest;
        if (takeWord(look).empty())
            return;
        double label = 0;
        if (!unlabelled_)
            label = takeLabel(takeWord(rest), plan, rows);
        const std::size_t before = rows.entries.size();
        std::size_t next = 0; // one more than the greatest index so far
        bool sorted = true;
        for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest))
            addEntry(word, plan, next, sorted, rows);
        if (!sorted)
            refuseRepeated(rows.entries, before);
        endRow(label - plan.labelOffset, next, rows);
    }

    void surveyRow(std::string_view /*line*/, std::size_t /*offset*/, const CellSyntax& /*syntax*/,
                   TableSurvey& /*survey*/) const override {}

  private:
    static bool isWordEnd(const char* at, const char* end) {
        return at == end || *at == ' ' || *at == '\t' || isLineEnd(at, end);
    }

    static void endRow(double label, std::size_t width, ParsedRows& rows) {
        rows.labels.push_back(label);
        rows.ends.push_back(rows.entries.size());
        rows.width = std::max(rows.width, width);
    }

    /// The first index that is left out.
    static std::size_t endOf(const RowPlan& plan) {
        const std::size_t base =
            plan.indexBase == 0 ? 0 : 1; // not known: as if it were 1, else they come again
        return plan.width > 0 ? plan.width + base : kLargestIndex + 1;
    }

    /// @param next one more than the last index
    static const char* takePlainRow(const char* at, const char* end, const RowPlan& plan, double& label,
                                    std::size_t& next, std::vector<SparseValue>& entries) {
        const std::size_t limit = endOf(plan);
        constexpr std::ptrdiff_t kMostDigits = 10; // of an index
        std::size_t least = 1;                     // an index 0 takes the slow way, which counts it
        at = takeDecimal(skipBlanks(at, end), end, label);
        while (at != nullptr && isWordEnd(at, end)) {
            at = skipBlanks(at, end);
            if (isLineEnd(at, end))
                return at;
            std::uint64_t index = 0;
            const char* const colon = takeDigits(at, end, index);
            if (colon == end || *colon != ':' || colon - at > kMostDigits || index < least || index >= limit)
                return nullptr;
            float value = 0;
            at = takeDecimal(colon + 1, end, value);
            entries.push_back({static_cast<std::uint32_t>(index), value});
            least = index + 1;
            next = least;
        }
        return nullptr;
    }

    double takeLabel(std::string_view word, const RowPlan& plan, ParsedRows& rows) const {
        const auto colon = word.find(':');
        if (weighted_) {
            double weight = 1;
            if (colon != std::string_view::npos &&
                (parseField(word.substr(colon + 1), weight) != FieldKind::Number || weight < 0))
                throw LineFault{inQuotes(word) + " has a bad weight; LABEL:WEIGHT has a number of 0 or more"};
            rows.weights.push_back(static_cast<float>(weight));
            word = word.substr(0, colon);
        } else if (colon != std::string_view::npos && looksLikeEntry(word)) {
            throw LineFault{"the label is missing before " + inQuotes(word) +
                            "; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ..."};
        }
        double label = 0;
        const FieldKind kind = parseField(word, label);
        if (kind == FieldKind::Missing && plan.missingAllowed)
            return std::numeric_limits<double>::quiet_NaN();
        if (kind != FieldKind::Number)
            throw LineFault{describeField(kind, word)};
        return label;
    }

    static void addEntry(std::string_view word, const RowPlan& plan, std::size_t& next, bool& sorted,
                         ParsedRows& rows) {
        const auto colon = word.find(':');
        if (word.starts_with("qid:"))
            throw LineFault{"'qid:' belongs to ranking data, which is not supported; remove these entries"};
        if (colon == std::string_view::npos)
            throw LineFault{inQuotes(word) + " is not an entry; entries are INDEX:VALUE, as in 3:0.5"};
        const std::size_t index = indexOf(word.substr(0, colon));
        if (index == 0 && plan.indexBase == 1)
            throw LineFault{"index 0 in " + inQuotes(word) +
                            ", but indices begin with 1 here (as in the training file, or chosen); use "
                            "--index-base 0 where they begin with 0"};
        rows.zeroIndex = rows.zeroIndex || index == 0;
        float value = 0;
        const auto text = word.substr(colon + 1);
        double exact = 0;
        const FieldKind kind = parseField(text, exact);
        if (kind == FieldKind::Missing && plan.missingAllowed)
            value = std::numeric_limits<float>::quiet_NaN();
        else if (kind != FieldKind::Number)
            throw LineFault{"column " + std::to_string(index) + ": " + describeField(kind, text)};
        if (index >= endOf(plan)) {
            ++rows.dropped;
            return;
        }
        if (kind == FieldKind::Number) {
            const auto feature = index - static_cast<std::size_t>(std::max(plan.indexBase, 0));
            value = static_cast<float>(exact - (plan.offsets.empty() ? 0 : plan.offsets[feature]));
        }
        sorted = sorted && index >= next;
        next = std::max(next, index + 1);
        rows.entries.push_back({static_cast<std::uint32_t>(index), value});
    }

    static void refuseRepeated(const std::vector<SparseValue>& entries, std::size_t first) {
        std::vector<std::uint32_t> indices;
        for (std::size_t e = first; e < entries.size(); ++e)
            indices.push_back(entries[e].index);
        std::ranges::sort(indices);
        const auto repeated = std::ranges::adjacent_find(indices);
        if (repeated != indices.end())
            throw LineFault{"index " + std::to_string(*repeated) +
                            " stands twice in the row; which value counts cannot be told: keep one"};
    }

    [[nodiscard]] static std::size_t indexOf(std::string_view digits) {
        std::size_t index = 0;
        const char* const stop = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), stop, index);
        if (error != std::errc{} || end != stop || index > kLargestIndex)
            throw LineFault{inQuotes(digits) + " is not an index; indices are whole numbers from 0 to " +
                            std::to_string(kLargestIndex)};
        return index;
    }

    bool weighted_ = false;
    bool unlabelled_ = false;
};

std::unique_ptr<RowSource> openLibsvm(const OpenRequest& request) {
    auto reader = std::make_unique<TextReader>(request.file);
    Head head = readHead(*reader, request.options.skipLines, request.job);
    return std::make_unique<LibsvmSource>(std::move(reader), std::move(head));
}

} // namespace

constinit const Format kLibsvmFormat{"libsvm", "LIBSVM", matchesLibsvm, openLibsvm};

} // namespace zipml
