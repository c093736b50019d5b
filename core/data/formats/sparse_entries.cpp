#include "core/data/formats/sparse_entries.h"

#include "core/base/error.h"

#include <algorithm>
#include <tuple>

namespace zipml {
namespace {

class SparseEntries final : public Matrix {
  public:
    SparseEntries(std::size_t rows, std::size_t columns, std::vector<SparseEntry> entries)
        : rows_(rows), columns_(columns), entries_(std::move(entries)) {
        const auto byRow = [](const SparseEntry& a, const SparseEntry& b) { return a.row < b.row; };
        if (!std::ranges::is_sorted(entries_, byRow))
            std::ranges::sort(entries_, [](const SparseEntry& a, const SparseEntry& b) {
                return std::tie(a.row, a.column) < std::tie(b.row, b.column);
            });
    }

    [[nodiscard]] std::size_t rows() const override { return rows_; }
    [[nodiscard]] std::size_t columns() const override { return columns_; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        std::ranges::fill(cells, 0.0);
        auto entry = std::ranges::lower_bound(entries_, first, {},
                                              [](const SparseEntry& e) { return std::size_t{e.row}; });
        for (; entry != entries_.end() && entry->row < first + count; ++entry)
            cells[(entry->row - first) * columns_ + entry->column] += entry->value;
    }

  private:
    const std::size_t rows_, columns_;
    std::vector<SparseEntry> entries_; ///< by row
};

} // namespace

std::unique_ptr<Matrix> sparseMatrix(std::size_t rows, std::size_t columns,
                                     std::vector<SparseEntry> entries) {
    return std::make_unique<SparseEntries>(rows, columns, std::move(entries));
}

void requireEntries(const std::string& file, std::size_t rows, std::size_t entries) {
    constexpr std::size_t kFewRows = 1'000'000, kRowsAnEntry = 100;
    if (rows > kFewRows && rows / kRowsAnEntry > entries)
        throw InputError(file + ": announces " + std::to_string(rows) + " rows and has " +
                         std::to_string(entries) +
                         " values; the size is wrong, or nearly all rows are empty: leave those out");
}

} // namespace zipml
