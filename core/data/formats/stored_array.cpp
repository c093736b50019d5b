#include "core/data/formats/stored_array.h"

#include "core/base/error.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace zipml {
namespace {

class RowMajorArray final : public Matrix {
  public:
    RowMajorArray(std::unique_ptr<StoredBytes> bytes, ArrayLayout layout)
        : bytes_(std::move(bytes)), layout_(std::move(layout)), columns_(layout_.columns()) {}

    [[nodiscard]] std::size_t rows() const override { return layout_.rows(); }
    [[nodiscard]] std::size_t columns() const override { return columns_; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        const std::size_t row = columns_ * layout_.type.bytes;
        raw_.resize(count * row);
        bytes_->read(layout_.offset + first * row, raw_);
        decodeNumbers(layout_.type, raw_.data(), cells);
        for (std::size_t r = 0; layout_.transposed && r < count; ++r)
            transpose(cells.subspan(r * columns_, columns_));
    }

  private:
    void transpose(std::span<double> image) {
        const std::size_t height = layout_.shape[1], width = layout_.shape[2];
        turned_.assign(image.begin(), image.end());
        for (std::size_t y = 0; y < height; ++y)
            for (std::size_t x = 0; x < width; ++x)
                image[x * height + y] = turned_[y * width + x];
    }

    const std::unique_ptr<StoredBytes> bytes_;
    const ArrayLayout layout_;
    const std::size_t columns_;
    std::vector<char> raw_;
    std::vector<double> turned_;
};

/// Reads some rows of every column at once, so that each column is read in long pieces.
class ColumnMajorArray final : public Matrix {
  public:
    ColumnMajorArray(std::unique_ptr<StoredBytes> bytes, ArrayLayout layout)
        : bytes_(std::move(bytes)), layout_(std::move(layout)), columns_(layout_.columns()) {
        findPlaces();
        constexpr std::size_t kWindowBytes = std::size_t{1} << 25;
        windowRows_ = std::clamp<std::size_t>(kWindowBytes / (columns_ * layout_.type.bytes), 1, rows());
    }

    [[nodiscard]] std::size_t rows() const override { return layout_.rows(); }
    [[nodiscard]] std::size_t columns() const override { return columns_; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        const std::size_t bytes = layout_.type.bytes;
        std::vector<double> column;
        for (std::size_t done = 0; done < count;) {
            const std::size_t row = first + done;
            if (row < begin_ || row >= begin_ + held_)
                fill(row);
            const std::size_t some = std::min(count - done, begin_ + held_ - row);
            column.resize(some);
            for (std::size_t c = 0; c < columns_; ++c) {
                decodeNumbers(layout_.type, window_.data() + (c * held_ + row - begin_) * bytes, column);
                for (std::size_t r = 0; r < some; ++r)
                    cells[(done + r) * columns_ + c] = column[r];
            }
            done += some;
        }
    }

  private:
    /// Where the file has each column of a flattened row: there the first of a row's dimensions is the
    /// fastest.
    void findPlaces() {
        const std::vector<std::size_t> dimensions(layout_.shape.begin() + 1, layout_.shape.end());
        std::vector<std::size_t> at(dimensions.size(), 0);
        places_.reserve(columns_);
        for (std::size_t c = 0; c < columns_; ++c) {
            std::size_t place = 0;
            for (std::size_t d = dimensions.size(); d-- > 0;)
                place = place * dimensions[d] + at[d];
            places_.push_back(place);
            for (std::size_t d = dimensions.size(); d-- > 0 && ++at[d] == dimensions[d];)
                at[d] = 0;
        }
    }

    void fill(std::size_t row) {
        const std::size_t bytes = layout_.type.bytes;
        begin_ = row;
        held_ = std::min(windowRows_, rows() - row);
        window_.resize(held_ * columns_ * bytes);
        for (std::size_t c = 0; c < columns_; ++c)
            bytes_->read(layout_.offset + (places_[c] * rows() + row) * bytes,
                         std::span(window_).subspan(c * held_ * bytes, held_ * bytes));
    }

    const std::unique_ptr<StoredBytes> bytes_;
    const ArrayLayout layout_;
    const std::size_t columns_;
    std::vector<std::size_t> places_; ///< by column, in columns of the file
    std::size_t windowRows_ = 1;
    std::size_t begin_ = 0, held_ = 0; ///< rows in the window
    std::vector<char> window_;         ///< column by column
};

} // namespace

std::size_t ArrayLayout::columns() const {
    return std::accumulate(shape.begin() + 1, shape.end(), std::size_t{1}, std::multiplies<>());
}

std::optional<std::size_t> bytesOf(const ArrayLayout& layout) {
    std::size_t bytes = layout.type.bytes;
    for (const std::size_t dimension : layout.shape)
        if (__builtin_mul_overflow(bytes, dimension, &bytes))
            return std::nullopt;
    if (__builtin_add_overflow(bytes, layout.offset, &bytes) ||
        bytes > static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return bytes;
}

std::string shapeText(const std::vector<std::size_t>& shape) {
    std::string text = "(";
    for (std::size_t d = 0; d < shape.size(); ++d)
        text += (d > 0 ? ", " : "") + std::to_string(shape[d]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

std::size_t checkStored(std::unique_ptr<StoredBytes>& bytes, const ArrayLayout& layout, const Job& job,
                        const std::string& what) {
    constexpr std::size_t kSmall = std::size_t{1} << 26;
    const auto size = bytesOf(layout);
    const std::string announced = bytes->where() + ": its head announces " +
                                  (what.empty() ? shapeText(layout.shape) + " numbers of " +
                                                      std::to_string(layout.type.bytes) + " bytes"
                                                : what);
    if (!size)
        throw InputError(announced + ", more than any file holds; it is cut short or damaged");
    std::size_t stored = 0;
    if (bytes->anywhere() || *size > kSmall) {
        stored = bytes->countUpTo(*size + 1, job);
    } else {
        std::string held(*size + 1, '\0');
        stored = bytes->readSome(0, held);
        held.resize(stored);
        bytes = heldBytes(bytes->where(), std::move(held), bytes->compression());
    }
    if (stored < *size)
        throw InputError(announced + ", " + std::to_string(*size - layout.offset) + " bytes in all, but " +
                         std::to_string(stored - std::min(stored, layout.offset)) +
                         " follow; it is cut short or damaged");
    return stored - *size;
}

std::unique_ptr<Matrix> arrayMatrix(std::unique_ptr<StoredBytes> bytes, ArrayLayout layout,
                                    const OpenRequest& request) {
    const bool empty = std::ranges::count(layout.shape, 0U) > 0;
    if (!layout.columnMajor || empty || layout.shape.size() == 1)
        return std::make_unique<RowMajorArray>(std::move(bytes), std::move(layout));
    if (!bytes->anywhere()) {
        const std::size_t size = *bytesOf(layout) - layout.offset;
        requireMemory(request.file, static_cast<double>(size), request.context.memoryLimitBytes);
        std::string held(size, '\0');
        bytes->read(layout.offset, held);
        bytes = heldBytes(bytes->where(), std::move(held), bytes->compression());
        layout.offset = 0;
    }
    return std::make_unique<ColumnMajorArray>(std::move(bytes), std::move(layout));
}

} // namespace zipml
