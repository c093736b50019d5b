// LIBSVM text: "label index:value index:value ...", indices from 1 and increasing, absent ones 0.

#include "core/data/formats/format.h"
#include "core/data/memory_limit.h"
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

class LibsvmParser {
  public:
    LibsvmParser(Lines& lines, const LoadContext& context) : lines_(lines), context_(context) {}

    LoadedData parse() {
        while (const auto line = lines_.next())
            addRow(withoutComment(*line));
        loaded_.format = "libsvm";
        Dataset& data = loaded_.data;
        data.rows = ends_.size();
        data.features = std::max(width_, context_.expectedFeatures);
        if (data.rows == 0)
            throw InputError(lines_.file().string() + ": holds no rows, only comments; a data file has one "
                                                      "row a line");
        if (data.features == 0)
            throw InputError(lines_.file().string() +
                             ": has labels only; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
        requireRoomForAll();
        spread();
        return std::move(loaded_);
    }

  private:
    struct Entry {
        std::uint32_t feature; ///< from 0
        float value;
    };

    void addRow(std::string_view rest) {
        const auto label = takeWord(rest);
        if (label.empty())
            return;
        if (looksLikeEntry(label))
            lines_.fail("the label is missing before " + inQuotes(label) +
                        "; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
        const double share = lines_.share();
        const auto limit = context_.memoryLimitBytes;
        const auto colons = static_cast<std::size_t>(std::ranges::count(rest, ':'));
        makeRoom(loaded_.data.labels, 1, share, lines_.file(), limit);
        makeRoom(ends_, 1, share, lines_.file(), limit);
        makeRoom(entries_, colons, share, lines_.file(), limit);

        float value = 0;
        const FieldKind kind = parseField(label, value);
        if (kind != FieldKind::Number)
            lines_.fail(describeField(kind, label));
        loaded_.data.labels.push_back(value);
        std::size_t last = 0;
        for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest))
            last = addEntry(word, last);
        ends_.push_back(entries_.size());
        width_ = std::max(width_, last);
        requireRoomForAll();
    }

    /// @param last the index before in the row, 0 at its start. @return this one's
    std::size_t addEntry(std::string_view word, std::size_t last) {
        const auto colon = word.find(':');
        if (word.starts_with("qid:"))
            lines_.fail("'qid:' belongs to ranking data, which is not supported; remove these entries");
        if (colon == std::string_view::npos)
            lines_.fail(inQuotes(word) + " is not an entry; entries are INDEX:VALUE, as in 3:0.5");
        const std::size_t index = indexOf(word.substr(0, colon));
        if (index == 0)
            lines_.fail("index 0 in " + inQuotes(word) + "; LIBSVM indices start from 1");
        if (index <= last)
            lines_.fail("index " + std::to_string(index) + " comes after " + std::to_string(last) +
                        "; indices increase within a row");
        if (context_.expectedFeatures > 0 && index > context_.expectedFeatures)
            lines_.fail("index " + std::to_string(index) + " is beyond the " +
                        std::to_string(context_.expectedFeatures) +
                        " features of the training data; both need the same features");
        float value = 0;
        const auto text = word.substr(colon + 1);
        const FieldKind kind = parseField(text, value);
        if (kind == FieldKind::Missing && context_.allowMissing)
            value = std::numeric_limits<float>::quiet_NaN();
        else if (kind != FieldKind::Number)
            lines_.fail(describeField(kind, text), index);
        entries_.push_back({static_cast<std::uint32_t>(index - 1), value});
        return index;
    }

    [[nodiscard]] std::size_t indexOf(std::string_view digits) const {
        std::size_t index = 0;
        const char* const stop = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), stop, index);
        if (error != std::errc{} || end != stop || index > kLargestIndex)
            lines_.fail(inQuotes(digits) + " is not an index; indices are whole numbers from 1 to " +
                        std::to_string(kLargestIndex));
        return index;
    }

    /// While the entries are spread out, they and the full rows are both in memory.
    void requireRoomForAll() const {
        const auto features = static_cast<double>(std::max(width_, context_.expectedFeatures));
        const auto rows = static_cast<double>(ends_.size());
        requireMemory(lines_.file(),
                      features * (rows * sizeof(float) + kBytesPerFeature) +
                          static_cast<double>(entries_.size() * sizeof(Entry)),
                      context_.memoryLimitBytes);
    }

    void spread() {
        Dataset& data = loaded_.data;
        data.values.resize(data.rows * data.features);
        if (context_.allowMissing)
            loaded_.missing.assign(data.features, 0);
        std::size_t entry = 0;
        for (std::size_t r = 0; r < data.rows; ++r)
            for (; entry < ends_[r]; ++entry) {
                const auto [feature, value] = entries_[entry];
                data.values[r * data.features + feature] = value;
                if (value != value) // NaN: missing
                    ++loaded_.missing[feature];
            }
    }

    Lines& lines_;
    const LoadContext& context_;
    LoadedData loaded_;
    std::vector<Entry> entries_; ///< of all rows, until the width is known
    std::vector<std::size_t> ends_;
    std::size_t width_ = 0;
};

LoadedData parseLibsvm(Lines& lines, const ParseRequest& request) {
    return LibsvmParser(lines, request.context).parse();
}

/// Two words, the second an entry: also with a wrong or missing label, so that the parser can say so.
bool sniffLibsvm(const std::deque<std::string>& head) {
    return std::ranges::any_of(head, [](const std::string& line) {
        std::string_view rest = withoutComment(line);
        const auto first = takeWord(rest);
        const auto second = takeWord(rest);
        return first.find_first_of(",;|") == std::string_view::npos &&
               (looksLikeEntry(second) || second.starts_with("qid:"));
    });
}

} // namespace

const Format kLibsvmFormat{"libsvm", sniffLibsvm, parseLibsvm};

} // namespace zipml
