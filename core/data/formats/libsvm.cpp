// LIBSVM text: "label index:value index:value ...", indices from 1 and increasing, absent ones 0.

#include "core/data/decimal.h"
#include "core/data/formats/format.h"
#include "core/data/number.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kLargestIndex = std::numeric_limits<std::uint32_t>::max();

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

/// "12:..." with a whole number before the colon.
bool looksLikeEntry(std::string_view word) {
    const auto digits = word.find_first_not_of("0123456789", word.starts_with('-') ? 1 : 0);
    return digits != std::string_view::npos && digits > 0 && word[digits] == ':';
}

class LibsvmParser final : public RowParser {
  public:
    explicit LibsvmParser(const LoadContext& context)
        : expectedFeatures_(context.expectedFeatures), allowMissing_(context.allowMissing) {}

    [[nodiscard]] bool sparse() const override { return true; }

  protected:
    const char* addPlainRow(const char* line, const char* end, ParsedRows& rows) const override {
        const std::size_t before = rows.entries.size();
        float label = 0;
        std::size_t last = 0;
        const char* const stop = takePlainRow(line, end, label, last, rows.entries);
        if (stop == nullptr)
            rows.entries.resize(before);
        else
            endRow(label, last, rows);
        return stop;
    }

    void addRow(std::string_view line, std::size_t /*offset*/, ParsedRows& rows) const override {
        std::string_view rest = withoutComment(line);
        const auto word = takeWord(rest);
        if (word.empty())
            return;
        if (looksLikeEntry(word))
            fail("the label is missing before " + inQuotes(word) +
                 "; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
        float label = 0;
        const FieldKind kind = parseField(word, label);
        if (kind != FieldKind::Number)
            fail(describeField(kind, word));
        std::size_t last = 0;
        for (auto entry = takeWord(rest); !entry.empty(); entry = takeWord(rest))
            last = addEntry(entry, last, rows);
        endRow(label, last, rows);
    }

  private:
    static bool isWordEnd(const char* at, const char* end) {
        return at == end || *at == ' ' || *at == '\t' || isLineEnd(at, end);
    }

    static void endRow(float label, std::size_t width, ParsedRows& rows) {
        rows.labels.push_back(label);
        rows.ends.push_back(rows.entries.size());
        rows.width = std::max(rows.width, width);
    }

    /// @param last the last index
    const char* takePlainRow(const char* at, const char* end, float& label, std::size_t& last,
                             std::vector<SparseValue>& entries) const {
        const std::size_t largest = expectedFeatures_ > 0 ? expectedFeatures_ : kLargestIndex;
        constexpr std::ptrdiff_t kMostDigits = 10; // of an index
        at = takeDecimal(skipBlanks(at, end), end, label);
        while (at != nullptr && isWordEnd(at, end)) {
            at = skipBlanks(at, end);
            if (isLineEnd(at, end))
                return at;
            std::uint64_t index = 0;
            const char* const colon = takeDigits(at, end, index);
            if (colon == end || *colon != ':' || colon - at > kMostDigits || index <= last || index > largest)
                return nullptr;
            float value = 0;
            at = takeDecimal(colon + 1, end, value);
            entries.push_back({static_cast<std::uint32_t>(index - 1), value});
            last = index;
        }
        return nullptr;
    }

    /// @param last the index before in the row, 0 at its start. @return this one's
    std::size_t addEntry(std::string_view word, std::size_t last, ParsedRows& rows) const {
        const auto colon = word.find(':');
        if (word.starts_with("qid:"))
            fail("'qid:' belongs to ranking data, which is not supported; remove these entries");
        if (colon == std::string_view::npos)
            fail(inQuotes(word) + " is not an entry; entries are INDEX:VALUE, as in 3:0.5");
        const std::size_t index = indexOf(word.substr(0, colon));
        if (index == 0)
            fail("index 0 in " + inQuotes(word) + "; LIBSVM indices start from 1");
        if (index <= last)
            fail("index " + std::to_string(index) + " comes after " + std::to_string(last) +
                 "; indices increase within a row");
        if (expectedFeatures_ > 0 && index > expectedFeatures_)
            fail("index " + std::to_string(index) + " is beyond the " + std::to_string(expectedFeatures_) +
                 " features of the training data; both need the same features");
        float value = 0;
        const auto text = word.substr(colon + 1);
        const FieldKind kind = parseField(text, value);
        const auto feature = static_cast<std::uint32_t>(index - 1);
        if (kind == FieldKind::Missing && allowMissing_) {
            value = std::numeric_limits<float>::quiet_NaN();
            rows.missing.push_back(feature);
        } else if (kind != FieldKind::Number) {
            fail(describeField(kind, text), index);
        }
        rows.entries.push_back({feature, value});
        return index;
    }

    [[nodiscard]] static std::size_t indexOf(std::string_view digits) {
        std::size_t index = 0;
        const char* const stop = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), stop, index);
        if (error != std::errc{} || end != stop || index > kLargestIndex)
            fail(inQuotes(digits) + " is not an index; indices are whole numbers from 1 to " +
                 std::to_string(kLargestIndex));
        return index;
    }

    const std::size_t expectedFeatures_;
    const bool allowMissing_;
};

std::unique_ptr<RowParser> openLibsvm(const Head& /*head*/, const ParseRequest& request, LoadedData& loaded) {
    loaded.format = "libsvm";
    loaded.data.features = request.context.expectedFeatures;
    return std::make_unique<LibsvmParser>(request.context);
}

/// Two words, the second an entry: also with a wrong or missing label, so that the parser can say so.
bool sniffLibsvm(const std::vector<std::string>& head) {
    return std::ranges::any_of(head, [](const std::string& line) {
        std::string_view rest = withoutComment(line);
        const auto first = takeWord(rest);
        const auto second = takeWord(rest);
        return first.find_first_of(",;|") == std::string_view::npos &&
               (looksLikeEntry(second) || second.starts_with("qid:"));
    });
}

} // namespace

const Format kLibsvmFormat{"libsvm", sniffLibsvm, openLibsvm};

} // namespace zipml
