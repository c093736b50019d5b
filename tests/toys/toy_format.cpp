// A new data format as CONTRIBUTING.md adds one: a word, the size, and the numbers row by row.

#include "core/base/error.h"
#include "core/data/formats/matrix_source.h"

#include <algorithm>
#include <fstream>

namespace zipml {
namespace {

class Numbers final : public Matrix {
  public:
    explicit Numbers(const std::filesystem::path& file) {
        std::ifstream in(file);
        std::string word;
        in >> word >> rows_ >> columns_;
        for (double value = 0; in >> value;)
            values_.push_back(value);
        if (values_.size() != rows_ * columns_)
            throw InputError(file.string() + ": has " + std::to_string(values_.size()) + " numbers for " +
                             std::to_string(rows_) + " x " + std::to_string(columns_));
    }
    [[nodiscard]] std::size_t rows() const override { return rows_; }
    [[nodiscard]] std::size_t columns() const override { return columns_; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(first * columns_), count * columns_,
                    cells.begin());
    }

  private:
    std::size_t rows_ = 0, columns_ = 0;
    std::vector<double> values_;
};

bool matches(const FileStart& start) {
    return start.bytes.starts_with("toymatrix ");
}

std::unique_ptr<RowSource> open(const OpenRequest& request) {
    SourceShape shape;
    shape.format = "toy";
    return sourceOf(request, std::make_unique<Numbers>(request.file), std::move(shape));
}

const bool kAdded = [] {
    addFormat({"toy", "Toy matrix", matches, open});
    return true;
}();

} // namespace
} // namespace zipml
