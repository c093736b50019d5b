#include "core/data/column_choice.h"

#include "core/base/error.h"
#include "core/data/formats/csv_fields.h"

#include <algorithm>
#include <charconv>

namespace zipml {
namespace {

/// Names that a column of row numbers has.
constexpr std::string_view kRowNumberNames[] = {
    "",   "unnamed: 0", "id", "index", "row", "row_id",   "rowid",  "rownames", "row.names",
    "no", "no.",        "nr", "#",     "idx", "instance", "sample", "rownumber"};

class Chooser {
  public:
    Chooser(const std::filesystem::path& file, const SourceShape& shape, const TableSurvey& survey,
            const LoadOptions& options)
        : file_(file), shape_(shape), survey_(survey), options_(options) {}

    ColumnChoice choose() {
        nameColumns();
        chooseRoles();
        chooseKinds();
        chooseLabelColumn();
        for (const std::size_t c : rowNumberColumns_)
            if (column(c).role == ColumnRole::Feature)
                leaveOut(c, "it numbers the rows");
        settleKinds();
        choice_.plain = choice_.plain && std::ranges::all_of(choice_.schema.columns, [](const Column& c) {
                            return c.kind == ColumnKind::Number &&
                                   (c.role == ColumnRole::Feature || c.role == ColumnRole::Label);
                        });
        const bool alone = columns() == 1 && options_.labelColumn != "none";
        if (choice_.schema.features() == 0 || alone)
            choice_.whyNot =
                file_.string() +
                (columns() == 1 ? ": has one column; a table has features and a label, separated by commas, "
                                  "tabs, semicolons, pipes or blanks"
                                : ": no feature is left to learn from" +
                                      (choice_.notes.empty() ? std::string() : "; " + choice_.notes.front()));
        return std::move(choice_);
    }

  private:
    [[nodiscard]] std::size_t columns() const { return shape_.columns; }
    Column& column(std::size_t c) { return choice_.schema.columns[c]; }
    [[nodiscard]] const ColumnSurvey& seen(std::size_t c) const { return survey_.columns[c]; }
    [[nodiscard]] std::string titleOf(std::size_t c) const {
        const bool named = c < shape_.names.size() && !shape_.names[c].empty();
        return "column " + std::to_string(c + 1) + (named ? " (" + inQuotes(shape_.names[c]) + ")" : "");
    }
    std::size_t find(const std::string& wanted, const char* what) const {
        return findColumn(file_, shape_.names, columns(), wanted, what);
    }
    void leaveOut(std::size_t c, const std::string& why) {
        column(c).role = ColumnRole::Ignored;
        choice_.notes.push_back(titleOf(c) + " is left out: " + why);
    }

    void nameColumns() {
        choice_.plain = true;
        choice_.schema.named = !shape_.names.empty();
        choice_.schema.columns = shape_.declared;
        choice_.schema.columns.resize(columns());
        for (std::size_t c = 0; c < columns(); ++c) {
            const bool named = c < shape_.names.size() && !shape_.names[c].empty();
            column(c).name = named ? shape_.names[c] : "x" + std::to_string(c + 1);
        }
    }

    void chooseRoles() {
        if (!options_.features.empty()) {
            for (std::size_t c = 0; c < columns(); ++c)
                column(c).role = ColumnRole::Ignored;
            for (const auto& name : namesInList(options_.features))
                column(find(name, "features: column")).role = ColumnRole::Feature;
        }
        ignored_.resize(columns());
        for (const auto& name : namesInList(options_.ignore)) {
            const std::size_t c = find(name, "ignore: column");
            ignored_[c] = true;
            column(c).role = ColumnRole::Ignored;
        }
        if (!options_.weight.empty())
            column(find(options_.weight, "weight: column")).role = ColumnRole::Weight;
        chosen_.resize(columns());
        for (std::size_t c = 0; c < columns(); ++c) // what a person chose is not decided again
            chosen_[c] = column(c).role != ColumnRole::Feature || !options_.features.empty();
        findRowNumbers();
    }

    void findRowNumbers() {
        if (columns() < 3 || chosen_[0] || survey_.rows < 3)
            return;
        const ColumnSurvey& first = seen(0);
        const bool counts = first.counting && first.numbers == survey_.rows;
        const bool unnamed = !shape_.names.empty() && shape_.names[0].empty();
        const bool named = !shape_.names.empty() && std::ranges::any_of(kRowNumberNames, [&](auto name) {
            return equalsIgnoringCase(shape_.names[0], name);
        });
        const bool texts = unnamed && first.texts + first.times == survey_.rows &&
                           (first.manyWords || first.words.size() == survey_.rows);
        // pandas writes its index also where rows were shuffled or picked.
        const bool index =
            (unnamed || (!shape_.names.empty() && equalsIgnoringCase(shape_.names[0], "unnamed: 0"))) &&
            first.whole && first.numbers == survey_.rows &&
            (first.manyValues || first.values.size() == survey_.rows);
        if ((counts && named) || texts || index) {
            choice_.plain = false; // the whole file decides
            rowNumberColumns_.push_back(0);
        } else if (counts && shape_.names.empty()) {
            doubts_.emplace_back("column 1 counts the rows and is used as a feature; leave it out with "
                                 "--ignore 1 where it only numbers them");
        }
    }

    /// Texts of which hardly one comes twice: names, not classes or categories.
    [[nodiscard]] bool isName(std::size_t c) const {
        constexpr std::size_t kFewest = 6;
        const ColumnSurvey& look = seen(c);
        return column_(c).kind == ColumnKind::Category && !isForcedCategory(c) && look.texts >= kFewest &&
               column_(c).categories.empty() && (look.manyWords || 10 * look.words.size() > 9 * look.texts);
    }
    [[nodiscard]] const Column& column_(std::size_t c) const { return choice_.schema.columns[c]; }

    [[nodiscard]] bool isForcedCategory(std::size_t c) const {
        return !survey_.asText.empty() && survey_.asText[c];
    }

    void chooseKinds() {
        for (std::size_t c = 0; c < columns(); ++c) {
            const ColumnSurvey& look = seen(c);
            choice_.plain = choice_.plain && look.missing + look.times + look.texts + look.wrong == 0;
            if (column(c).kind != ColumnKind::Number) // the format says so
                continue;
            const bool times = look.times > look.texts && look.numbers == 0;
            const bool texts = look.texts > 0 && look.numbers == 0 && !areMisreadNumbers(look);
            if (isForcedCategory(c) || (!times && texts))
                column(c).kind = ColumnKind::Category;
            else if (times)
                column(c).kind = ColumnKind::Time; // texts among them are refused by line
        }
    }

    /// "1,234", "0.5%", "$3", "13/01/2020": numbers and dates in forms that are not read; not categories.
    static bool areMisreadNumbers(const ColumnSurvey& look) {
        constexpr std::string_view kSigns = " .,'+-/:%$";
        const auto misread = [&](std::string_view word) {
            bool digits = false;
            for (const char c : word) {
                const bool digit = c >= '0' && c <= '9';
                digits = digits || digit;
                if (!digit && kSigns.find(c) == std::string_view::npos &&
                    static_cast<unsigned char>(c) < 0x80)
                    return false;
            }
            return digits;
        };
        if (look.words.empty())
            return misread(look.firstText.text);
        return std::ranges::all_of(look.words, misread,
                                   [](const auto& entry) { return std::string_view(entry.first); });
    }

    void chooseLabelColumn() {
        const std::string& wanted = options_.labelColumn;
        if (wanted == "none")
            return;
        if (wanted == "first" || wanted == "last")
            return setLabel(wanted == "first" ? 0 : columns() - 1, "chosen");
        if (wanted != "auto")
            return setLabel(find(wanted, "label column"), "chosen");
        if (shape_.label)
            return setLabel(*shape_.label, "the file says so");
        std::vector<std::size_t> places;
        std::vector<LabelEvidence> evidence;
        std::vector<std::string> names;
        for (std::size_t c = 0; c < columns(); ++c) {
            if (ignored_[c] || column(c).role == ColumnRole::Weight || column(c).kind == ColumnKind::Time ||
                std::ranges::count(rowNumberColumns_, c) > 0 || seen(c).present() == 0 || isName(c))
                continue;
            places.push_back(c);
            evidence.push_back(evidenceOf(seen(c), survey_.rows));
            evidence.back().decimals = c < shape_.decimals.size() ? shape_.decimals[c] : 0;
            if (choice_.schema.named)
                names.push_back(column(c).name);
        }
        if (places.empty() || columns() == 1)
            return;
        const LabelChoice found = chooseLabel(evidence, names);
        choice_.labelOpen = !found.why.starts_with("named");
        setLabel(places[found.column], found.why);
        if (found.doubt)
            choice_.warnings.push_back(
                doubtText(titleOf(places[found.column]), found.why, titleOf(places[*found.doubt])));
    }

    void setLabel(std::size_t c, std::string why) {
        choice_.label = c;
        choice_.labelWhy = std::move(why);
        column(c).role = ColumnRole::Label;
        std::erase(rowNumberColumns_, c);
    }

    /// What can be learned from, by kind.
    void settleKinds() {
        const bool timesUsed = options_.times == "seconds";
        if (!timesUsed && options_.times != "ignore")
            throw InputError("times: " + inQuotes(options_.times) + " is unknown; choose ignore or seconds");
        names_.resize(columns());
        for (std::size_t c = 0; c < columns(); ++c)
            names_[c] = column(c).role == ColumnRole::Feature && isName(c);
        for (std::size_t c = 0; c < columns(); ++c) {
            const ColumnRole role = column(c).role;
            if (role == ColumnRole::Ignored || role == ColumnRole::Weight)
                continue;
            if (column(c).kind == ColumnKind::Category && !names_[c])
                takeCategories(c);
            if (role != ColumnRole::Feature)
                continue;
            if (seen(c).present() == 0 && survey_.rows > 0)
                leaveOut(c, "all of its cells are empty");
            else if (names_[c])
                leaveOut(c, "nearly every row has another text");
            else if (column(c).kind == ColumnKind::Time && !timesUsed)
                leaveOut(c, "its cells are dates or times, such as " + inQuotes(firstWord(c)) +
                                "; --times seconds makes numbers of them");
        }
        for (auto& doubt : doubts_)
            choice_.warnings.push_back(std::move(doubt));
    }

    [[nodiscard]] std::string firstWord(std::size_t c) const {
        const ColumnSurvey& look = seen(c);
        if (!look.words.empty())
            return look.words.begin()->first;
        for (const auto& row : survey_.firstRows)
            if (c < row.size() && !row[c].empty())
                return row[c];
        return look.firstText.text;
    }

    void takeCategories(std::size_t c) {
        const bool label = column(c).role == ColumnRole::Label;
        const ColumnSurvey& look = seen(c);
        const std::size_t most = label ? kMostClasses : options_.categories;
        if (column(c).categories.empty()) { // else the format states them, in its order
            for (const auto& [word, rows] : look.words)
                column(c).categories.push_back(word);
            if (isForcedCategory(c))
                sortNumbers(column(c).categories);
        }
        if (!look.manyWords && column(c).categories.size() <= most)
            return;
        const std::string count = look.manyWords ? "more than " + std::to_string(ColumnSurvey::kMostDistinct)
                                                 : std::to_string(column(c).categories.size());
        if (label)
            throw InputError(file_.string() + ": the label, " + titleOf(c) + ", has " + count +
                             " different texts, such as " + inQuotes(firstWord(c)) +
                             "; classes are at most " + std::to_string(kMostClasses) +
                             ": choose another label with --label-column");
        column(c).categories.clear();
        leaveOut(c, "it has " + count + " different texts, and categories are at most " +
                        std::to_string(most) + " (--categories)");
    }

    static void sortNumbers(std::vector<std::string>& words) {
        const auto numberOf = [](const std::string& word) {
            double value = 0;
            return parseField(word, value) == FieldKind::Number ? std::optional(value) : std::nullopt;
        };
        if (std::ranges::all_of(words, [&](const auto& word) { return numberOf(word).has_value(); }))
            std::ranges::stable_sort(words, {}, [&](const auto& word) { return *numberOf(word); });
    }

    const std::filesystem::path& file_;
    const SourceShape& shape_;
    const TableSurvey& survey_;
    const LoadOptions& options_;
    ColumnChoice choice_;
    std::vector<bool> ignored_; ///< by a person
    std::vector<bool> chosen_;  ///< their role, by a person
    std::vector<bool> names_;   ///< features of texts that hardly come twice
    std::vector<std::size_t> rowNumberColumns_;
    std::vector<std::string> doubts_;
};

} // namespace

ColumnChoice chooseColumns(const std::filesystem::path& file, const SourceShape& shape,
                           const TableSurvey& survey, const LoadOptions& options) {
    return Chooser(file, shape, survey, options).choose();
}

std::size_t findColumn(const std::filesystem::path& file, const std::vector<std::string>& names,
                       std::size_t columns, const std::string& wanted, const std::string& what) {
    const auto named = std::ranges::find(names, wanted);
    if (named != names.end() && !wanted.empty())
        return static_cast<std::size_t>(named - names.begin());
    std::size_t index = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto [stop, error] = std::from_chars(wanted.data(), end, index);
    if (error == std::errc{} && stop == end && index >= 1 && index <= columns)
        return index - 1;
    constexpr std::size_t kShown = 12;
    std::string choices = columns == 1 ? "1" : "1 to " + std::to_string(columns);
    for (std::size_t c = 0; c < std::min(names.size(), kShown); ++c)
        choices += ", " + inQuotes(names[c]);
    if (names.size() > kShown)
        choices += ", ...";
    throw InputError(file.string() + ": " + what + " " + inQuotes(wanted) + " does not exist; choose " +
                     (what == "label column" ? "auto, first, last, none or " : "") + "one of " + choices);
}

LabelEvidence evidenceOf(const ColumnSurvey& column, std::size_t rows) {
    LabelEvidence evidence;
    evidence.rows = rows;
    evidence.words = column.texts > 0 && column.numbers == 0;
    evidence.kinds = column.words.size();
    evidence.whole = column.whole && column.numbers > 0;
    evidence.low = column.low;
    evidence.high = column.high;
    evidence.many = column.manyValues || column.values.size() > LabelEvidence::kMostValues;
    if (!evidence.many)
        for (const auto& [value, count] : column.values)
            evidence.values.insert(value);
    return evidence;
}

} // namespace zipml
