#include "core/data/formats/hdf5_matrix.h"

#include "core/base/error.h"
#include "core/data/formats/sparse_entries.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace zipml {
namespace {

using SharedFile = std::shared_ptr<const Hdf5File>;

class DenseMatrix final : public Matrix {
  public:
    DenseMatrix(SharedFile file, const std::string& path, bool transposed)
        : file_(std::move(file)), data_(*file_, path), transposed_(transposed && data_.shape().size() == 2) {
        data_.requireNumbers();
        data_.keepChunks(transposed_ ? 1 : 0);
    }
    [[nodiscard]] std::size_t rows() const override { return data_.shape()[transposed_ ? 1 : 0]; }
    [[nodiscard]] std::size_t columns() const override {
        return transposed_ ? data_.shape()[0] : rows() == 0 ? 0 : data_.size() / rows();
    }

    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        if (!transposed_) {
            std::vector<hsize_t> at(data_.shape().size()), counts = data_.shape();
            at[0] = first;
            counts[0] = count;
            data_.read(at, counts, cells);
        } else {
            columnwise_.resize(cells.size());
            data_.read(std::array{hsize_t{0}, hsize_t{first}}, std::array{data_.shape()[0], hsize_t{count}},
                       columnwise_);
            const std::size_t width = columns();
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t c = 0; c < width; ++c)
                    cells[r * width + c] = columnwise_[c * count + r];
        }
    }

  private:
    const SharedFile file_;
    Hdf5Dataset data_;
    const bool transposed_;
    std::vector<double> columnwise_;
};

/// The three parts of a compressed matrix, read and checked piece by piece.
class Compressed {
  public:
    Compressed(SharedFile file, CompressedGroup group)
        : file_(std::move(file)), group_(std::move(group)), values_(*file_, group_.values),
          indices_(*file_, group_.indices) {
        const Hdf5Dataset pointers(*file_, group_.pointers);
        const std::size_t lines = group_.byColumn ? group_.columns : group_.rows;
        for (const Hdf5Dataset* part : {&std::as_const(values_), &std::as_const(indices_), &pointers}) {
            part->requireNumbers();
            if (part->shape().size() != 1)
                file_->fail(part->path(), "has not one dimension, as parts of sparse matrices have");
        }
        if (pointers.size() != lines + 1 || values_.size() != indices_.size())
            file_->fail(group_.pointers,
                        "and its neighbours do not fit together: a matrix of " + std::to_string(group_.rows) +
                            " x " + std::to_string(group_.columns) + " has " + std::to_string(lines + 1) +
                            " pointers and as many indices as values, here " +
                            std::to_string(pointers.size()) + ", " + std::to_string(indices_.size()) +
                            " and " + std::to_string(values_.size()));
        requireMemory(file_->bytes().name(), static_cast<double>(lines) * sizeof(std::int64_t),
                      file_->memoryLimit());
        pointers_.resize(lines + 1);
        pointers.read(std::array{hsize_t{0}}, std::array{pointers.size()}, std::span(pointers_));
        if (pointers_.front() < 0 || !std::ranges::is_sorted(pointers_) ||
            static_cast<hsize_t>(pointers_.back()) > values_.size())
            file_->fail(group_.pointers,
                        "does not rise from 0 to the number of values; write the matrix again");
        values_.keepChunks(0);
        indices_.keepChunks(0);
    }

    [[nodiscard]] const CompressedGroup& group() const { return group_; }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(pointers_.back() - pointers_.front());
    }
    [[nodiscard]] const Hdf5File& file() const { return *file_; }

    /// Calls `visit(line, index, value)` for the entries of lines [first, last), lines and indices checked.
    template <class Visit>
    void forEach(std::size_t first, std::size_t last, const Visit& visit) {
        constexpr std::int64_t kAtOnce = 1 << 16;
        const auto limit = static_cast<std::int64_t>(group_.byColumn ? group_.rows : group_.columns);
        std::size_t line = first;
        for (std::int64_t begin = pointers_[first]; begin < pointers_[last]; begin += kAtOnce) {
            const auto count = static_cast<hsize_t>(std::min(kAtOnce, pointers_[last] - begin));
            const std::array at{static_cast<hsize_t>(begin)};
            places_.resize(count);
            cells_.resize(count);
            indices_.read(at, std::array{count}, std::span(places_));
            values_.read(at, std::array{count}, std::span(cells_));
            for (hsize_t i = 0; i < count; ++i) {
                while (begin + static_cast<std::int64_t>(i) >= pointers_[line + 1])
                    ++line;
                if (places_[i] < 0 || places_[i] >= limit)
                    file_->fail(group_.indices, "has the index " + std::to_string(places_[i]) +
                                                    "; indices are 0 to " + std::to_string(limit - 1));
                visit(line, static_cast<std::size_t>(places_[i]), cells_[i]);
            }
        }
    }

  private:
    const SharedFile file_;
    const CompressedGroup group_;
    Hdf5Dataset values_, indices_;
    std::vector<std::int64_t> pointers_, places_;
    std::vector<double> cells_;
};

class CompressedRows final : public Matrix {
  public:
    CompressedRows(SharedFile file, const CompressedGroup& group) : parts_(std::move(file), group) {}
    [[nodiscard]] std::size_t rows() const override { return parts_.group().rows; }
    [[nodiscard]] std::size_t columns() const override { return parts_.group().columns; }

    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        std::ranges::fill(cells, 0.0);
        const std::size_t width = columns();
        parts_.forEach(first, first + count, [&](std::size_t row, std::size_t column, double value) {
            cells[(row - first) * width + column] += value; // as scipy sums what stands twice
        });
    }

  private:
    Compressed parts_;
};

} // namespace

std::unique_ptr<Matrix> denseMatrix(SharedFile file, const std::string& path, bool transposed) {
    return std::make_unique<DenseMatrix>(std::move(file), path, transposed);
}

std::unique_ptr<Matrix> compressedMatrix(SharedFile file, const CompressedGroup& group) {
    if (!group.byColumn)
        return std::make_unique<CompressedRows>(std::move(file), group);
    Compressed parts(std::move(file), group);
    const Hdf5File& source = parts.file();
    constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
    if (group.rows > kMost || group.columns > kMost)
        source.fail(group.values, "belongs to a matrix of " + std::to_string(group.rows) + " x " +
                                      std::to_string(group.columns) + "; at most 4294967295 are read");
    requireEntries(source.bytes().name().string(), group.rows, parts.entries());
    requireMemory(source.bytes().name(), static_cast<double>(parts.entries()) * sizeof(SparseEntry),
                  source.memoryLimit());
    std::vector<SparseEntry> entries;
    entries.reserve(parts.entries());
    parts.forEach(0, group.columns, [&](std::size_t column, std::size_t row, double value) {
        entries.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column), value});
    });
    return sparseMatrix(group.rows, group.columns, std::move(entries));
}

} // namespace zipml
