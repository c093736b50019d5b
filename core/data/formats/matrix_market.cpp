// MatrixMarket (https://math.nist.gov/MatrixMarket/formats.html): a banner, comments, the size, then the
// entries of a sparse matrix (coordinate) or all values column by column (array).

#include "core/base/error.h"
#include "core/data/formats/npy_labels.h"
#include "core/data/formats/sparse_entries.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"
#include "core/data/text_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

constexpr std::string_view kBanner = "%%MatrixMarket";
constexpr std::size_t kLargest = std::numeric_limits<std::uint32_t>::max();

enum class Symmetry { General, Symmetric, Skew };

struct Banner {
    bool coordinate = true;
    bool pattern = false; ///< entries have no value: they are 1
    bool whole = false;
    Symmetry symmetry = Symmetry::General;
};

struct Size {
    std::size_t rows = 0, columns = 0;
    std::size_t entries = 0; ///< of a coordinate matrix
};

std::string_view takeWord(std::string_view& rest) {
    const auto begin = rest.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos)
        return rest = {};
    const auto end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
    const auto word = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return word;
}

bool matchesMatrixMarket(const FileStart& start) {
    return equalsIgnoringCase(std::string_view(start.bytes).substr(0, kBanner.size()), kBanner);
}

/// All values of an array, column by column.
class ColumnMajorValues final : public Matrix {
  public:
    ColumnMajorValues(std::size_t rows, std::size_t columns, std::vector<double> values)
        : rows_(rows), columns_(columns), values_(std::move(values)) {}
    [[nodiscard]] std::size_t rows() const override { return rows_; }
    [[nodiscard]] std::size_t columns() const override { return columns_; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        for (std::size_t r = 0; r < count; ++r)
            for (std::size_t c = 0; c < columns_; ++c)
                cells[r * columns_ + c] = values_[c * rows_ + first + r];
    }

  private:
    const std::size_t rows_, columns_;
    const std::vector<double> values_;
};

class MatrixMarketReader {
  public:
    explicit MatrixMarketReader(const OpenRequest& request) : request_(request), text_(request.file) {}

    std::unique_ptr<Matrix> read() {
        readBanner();
        readSize();
        return banner_.coordinate ? readEntries() : readValues();
    }
    [[nodiscard]] std::string compression() const { return text_.compression(); }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(request_.file.string() + ":" + std::to_string(line_) + ": " + what);
    }

    /// The next line that holds something. False at the end.
    bool nextLine(bool comments = true) {
        while (true) {
            while (at_ < block_.bytes.size()) {
                const auto end = std::min(block_.bytes.find('\n', at_), block_.bytes.size());
                current_ = std::string_view(block_.bytes).substr(at_, end - at_);
                at_ = end + 1;
                ++line_;
                std::string_view look = current_;
                if (const auto word = takeWord(look); !word.empty() && !(comments && word.starts_with('%')))
                    return true;
            }
            request_.job.checkpoint();
            constexpr std::size_t kBytes = std::size_t{1} << 20;
            if (!text_.takeLines(kBytes, false, block_)) {
                text_.checkEnd(line_);
                return false;
            }
            at_ = 0;
            if (const auto junk = findJunk(block_.bytes))
                fail(describeJunk(*junk));
        }
    }

    void readBanner() {
        nextLine(false);
        std::string_view rest = current_;
        const auto banner = takeWord(rest), object = takeWord(rest), form = takeWord(rest),
                   field = takeWord(rest), symmetry = takeWord(rest);
        const auto is = [](std::string_view word, std::string_view wanted) {
            return equalsIgnoringCase(word, wanted);
        };
        if (!is(banner, kBanner) || !is(object, "matrix") || !(is(form, "coordinate") || is(form, "array")))
            fail("the first line is no MatrixMarket banner; it is as in '%%MatrixMarket matrix coordinate "
                 "real "
                 "general'");
        banner_.coordinate = is(form, "coordinate");
        if (is(field, "complex"))
            fail("the matrix is of complex numbers; write its real and imaginary parts as columns");
        banner_.pattern = is(field, "pattern");
        banner_.whole = is(field, "integer") || is(field, "unsigned-integer");
        if (!banner_.pattern && !banner_.whole && !is(field, "real") && !is(field, "double"))
            fail("the field " + inQuotes(field) +
                 " is unknown; read are real, integer, unsigned-integer and pattern");
        if (is(symmetry, "hermitian"))
            fail(
                "the matrix is hermitian, of complex numbers; write its real and imaginary parts as columns");
        if (is(symmetry, "symmetric"))
            banner_.symmetry = Symmetry::Symmetric;
        else if (is(symmetry, "skew-symmetric"))
            banner_.symmetry = Symmetry::Skew;
        else if (!is(symmetry, "general"))
            fail("the symmetry " + inQuotes(symmetry) +
                 " is unknown; read are general, symmetric and skew-symmetric");
        if (banner_.pattern && !banner_.coordinate)
            fail("an array has values, and its field is pattern; write real or integer");
    }

    std::size_t takeCount(std::string_view& rest, const char* what) const {
        const auto word = takeWord(rest);
        std::size_t count = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
        if (word.empty() || error != std::errc{} || end != word.data() + word.size())
            fail(std::string(what) + " is " + (word.empty() ? "missing" : inQuotes(word)) +
                 "; a whole number belongs "
                 "there");
        return count;
    }

    void readSize() {
        if (!nextLine())
            fail("the line with the matrix's size is missing; the file is cut short");
        std::string_view rest = current_;
        size_.rows = takeCount(rest, "the number of rows");
        size_.columns = takeCount(rest, "the number of columns");
        if (banner_.coordinate)
            size_.entries = takeCount(rest, "the number of entries");
        if (!takeWord(rest).empty())
            fail(std::string("the size has more numbers than ") +
                 (banner_.coordinate ? "rows, columns and entries" : "rows and columns"));
        if (size_.rows > kLargest || size_.columns > kLargest)
            fail("the matrix is " + std::to_string(size_.rows) + " x " + std::to_string(size_.columns) +
                 "; rows and columns are at most " + std::to_string(kLargest));
        if (banner_.symmetry != Symmetry::General && size_.rows != size_.columns)
            fail("the matrix is symmetric and not square");
    }

    double takeValue(std::string_view word) const {
        double value = 0;
        const FieldKind kind = parseField(word, value);
        if (kind == FieldKind::Missing && !word.empty())
            return std::numeric_limits<double>::quiet_NaN();
        if (word.empty())
            fail("the value is missing");
        if (kind != FieldKind::Number)
            fail(describeField(kind, word));
        if (banner_.whole && value != std::nearbyint(value))
            fail(inQuotes(word) + " is no whole number, and the banner says integer");
        return value;
    }

    std::uint32_t takeIndex(std::string_view& rest, const char* what, std::size_t most) const {
        const std::size_t index = takeCount(rest, what);
        if (index < 1 || index > most)
            fail(std::string(what) + " is " + std::to_string(index) + "; it is 1 to " + std::to_string(most));
        return static_cast<std::uint32_t>(index - 1);
    }

    [[noreturn]] void failCount(const char* what, std::size_t announced, std::size_t found) const {
        throw InputError(request_.file.string() + ": its head announces " + std::to_string(announced) + " " +
                         what + ", but " + (found > announced ? "more" : std::to_string(found)) +
                         " follow; it is cut short or damaged");
    }

    std::unique_ptr<Matrix> readEntries() {
        requireEntries(request_.file.string(), size_.rows, size_.entries);
        std::vector<SparseEntry> entries;
        const std::size_t most = size_.entries;
        std::size_t count = 0;
        while (nextLine()) {
            if (++count > most)
                failCount("entries", most, count);
            std::string_view rest = current_;
            SparseEntry entry;
            entry.row = takeIndex(rest, "the row", size_.rows);
            entry.column = takeIndex(rest, "the column", size_.columns);
            entry.value = banner_.pattern ? 1 : takeValue(takeWord(rest));
            if (!takeWord(rest).empty())
                fail(banner_.pattern ? "has more than a row and a column"
                                     : "has more than a row, a column and a value");
            makeRoom(entries, 2, block_.share, request_.file, request_.context.memoryLimitBytes);
            entries.push_back(entry);
            const bool mirrored = banner_.symmetry != Symmetry::General && entry.row != entry.column;
            if (banner_.symmetry == Symmetry::Skew && !mirrored && entry.value != 0)
                fail("a skew-symmetric matrix has zeros on its diagonal");
            if (mirrored)
                entries.push_back({entry.column, entry.row,
                                   banner_.symmetry == Symmetry::Skew ? -entry.value : entry.value});
        }
        if (count < most)
            failCount("entries", most, count);
        return sparseMatrix(size_.rows, size_.columns, std::move(entries));
    }

    std::unique_ptr<Matrix> readValues() {
        const std::size_t rows = size_.rows, columns = size_.columns;
        const std::size_t skipped =
            banner_.symmetry == Symmetry::Skew ? 1 : 0; // of a column, with the diagonal
        const bool square = banner_.symmetry != Symmetry::General;
        std::size_t most = rows * columns; // both are below 2^32
        if (square)
            most = skipped == 1 ? rows * (std::max<std::size_t>(rows, 1) - 1) / 2 : rows * (rows + 1) / 2;
        std::vector<double> values;
        while (nextLine()) {
            std::string_view rest = current_;
            for (auto word = takeWord(rest); !word.empty(); word = takeWord(rest)) {
                if (values.size() == most)
                    failCount("values", most, most + 1);
                makeRoom(values, 1, block_.share, request_.file, request_.context.memoryLimitBytes);
                values.push_back(takeValue(word));
            }
        }
        if (values.size() < most)
            failCount("values", most, values.size());
        if (square)
            values = mirrored(values, rows, skipped);
        return std::make_unique<ColumnMajorValues>(rows, columns, std::move(values));
    }

    /// @param lower the columns' parts below the diagonal, with it or (skipped = 1) without
    [[nodiscard]] std::vector<double> mirrored(const std::vector<double>& lower, std::size_t rows,
                                               std::size_t skipped) const {
        requireMemory(request_.file, static_cast<double>(rows) * static_cast<double>(rows) * sizeof(double),
                      request_.context.memoryLimitBytes);
        std::vector<double> all(rows * rows, 0.0);
        std::size_t next = 0;
        for (std::size_t c = 0; c < rows; ++c)
            for (std::size_t r = c + skipped; r < rows; ++r) {
                const double value = lower[next++];
                all[r * rows + c] = skipped == 1 ? -value : value;
                all[c * rows + r] = value;
            }
        return all;
    }

    const OpenRequest& request_;
    TextReader text_;
    RawBlock block_;
    std::string_view current_; ///< line
    std::size_t at_ = 0;       ///< behind it, in the block
    std::size_t line_ = 0;     ///< from 1
    Banner banner_;
    Size size_;
};

std::unique_ptr<RowSource> openMatrixMarket(const OpenRequest& request) {
    MatrixMarketReader reader(request);
    auto matrix = reader.read();
    SourceShape shape;
    shape.format = "matrix-market";
    shape.compression = reader.compression();
    MatrixLabels labels;
    if (!request.options.labels.empty())
        labels = readAnyLabelFile(request.options.labels, request);
    return sourceOf(request, std::move(matrix), std::move(shape), std::move(labels));
}

} // namespace

constinit const Format kMatrixMarketFormat{"matrix-market", "MatrixMarket", matchesMatrixMarket,
                                           openMatrixMarket};

} // namespace zipml
