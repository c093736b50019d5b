#include "core/data/formats/mat_variables.h"

#include "core/base/error.h"
#include "core/data/formats/sparse_entries.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"
#include "core/data/utf16.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// Calls `use` with the values of the type that libmatio kept. @return whether it is a type of numbers
template <class Use>
bool withValues(matio_types type, const void* data, const Use& use) {
    switch (type) {
    case MAT_T_DOUBLE:
        use(static_cast<const double*>(data));
        return true;
    case MAT_T_SINGLE:
        use(static_cast<const float*>(data));
        return true;
    case MAT_T_INT8:
        use(static_cast<const std::int8_t*>(data));
        return true;
    case MAT_T_UINT8:
        use(static_cast<const std::uint8_t*>(data));
        return true;
    case MAT_T_INT16:
        use(static_cast<const std::int16_t*>(data));
        return true;
    case MAT_T_UINT16:
        use(static_cast<const std::uint16_t*>(data));
        return true;
    case MAT_T_INT32:
        use(static_cast<const std::int32_t*>(data));
        return true;
    case MAT_T_UINT32:
        use(static_cast<const std::uint32_t*>(data));
        return true;
    case MAT_T_INT64:
        use(static_cast<const std::int64_t*>(data));
        return true;
    case MAT_T_UINT64:
        use(static_cast<const std::uint64_t*>(data));
        return true;
    default:
        return false;
    }
}

/// Values column by column, as libmatio keeps them.
class MatDense final : public Matrix {
  public:
    MatDense(std::shared_ptr<matvar_t> variable) : variable_(std::move(variable)) {}
    [[nodiscard]] std::size_t rows() const override { return variable_->dims[0]; }
    [[nodiscard]] std::size_t columns() const override { return variable_->dims[1]; }
    void read(std::size_t first, std::size_t count, std::span<double> cells) override {
        const std::size_t height = rows(), width = columns();
        withValues(variable_->data_type, variable_->data, [&](const auto* values) {
            for (std::size_t c = 0; c < width; ++c)
                for (std::size_t r = 0; r < count; ++r)
                    cells[r * width + c] = static_cast<double>(values[c * height + first + r]);
        });
    }

  private:
    const std::shared_ptr<matvar_t> variable_;
};

bool isNumeric(const matvar_t& variable) {
    return variable.class_type >= MAT_C_DOUBLE && variable.class_type <= MAT_C_UINT64;
}

/// What a variable is that is no array of numbers or texts, and how to save it as one.
std::string kindOf(const matvar_t& variable) {
    switch (variable.class_type) {
    case MAT_C_STRUCT: {
        constexpr unsigned kShown = 8;
        std::string fields;
        const unsigned count = Mat_VarGetNumberOfFields(const_cast<matvar_t*>(&variable));
        const char* const* names = Mat_VarGetStructFieldnames(&variable);
        for (unsigned f = 0; f < std::min(count, kShown) && names != nullptr; ++f)
            fields += (f > 0 ? ", " : "") + inQuotes(names[f] == nullptr ? "" : names[f]);
        return "a struct" + (fields.empty() ? "" : " of " + fields + (count > kShown ? ", ..." : "")) +
               "; save its fields as variables of their own: save('data.mat', '-struct', 'NAME')";
    }
    case MAT_C_CELL:
        return "a cell array; a matrix of numbers is cell2mat(...) of it";
    case MAT_C_OBJECT:
    case MAT_C_OPAQUE:
        return "an object of MATLAB's (string, categorical, table); save double(...) or cellstr(...) of it";
    case MAT_C_FUNCTION:
        return "a function";
    case MAT_C_EMPTY:
        return "empty";
    default:
        return variable.isComplex != 0 ? "complex; save [real(x) imag(x)]"
               : variable.rank != 2    ? "of " + std::to_string(variable.rank) +
                                          " dimensions; save it as a matrix: reshape(x, rows, [])"
                                    : "of no class that is read";
    }
}

} // namespace

MatVariables::MatVariables(const OpenRequest& request)
    : file_(request.file, request.context.memoryLimitBytes), memoryLimit_(request.context.memoryLimitBytes) {
    mat_.reset(Mat_Open(file_.path().c_str(), MAT_ACC_RDONLY));
    if (!mat_)
        throw InputError(request.file.string() +
                         ": cannot be opened as MATLAB's; it is damaged: write it again");
    const bool old = Mat_GetVersion(mat_.get()) == MAT_FT_MAT4;
    if (!old)
        elements_ = matElements(file_);
    const std::size_t count = old ? countMat4Variables(file_) : elements_.size();
    while (variables_.size() < count) {
        Variable next(Mat_VarReadNextInfo(mat_.get()));
        if (!next)
            break;
        describe(*next);
        variables_.push_back(std::move(next));
    }
    if (variables_.size() < count)
        throw InputError(request.file.string() + ": its variable number " +
                         std::to_string(variables_.size() + 1) +
                         " cannot be read; it is damaged: write it again");
}

void MatVariables::describe(const matvar_t& variable) {
    Member member;
    member.name = asUtf8(variable.name == nullptr ? "" : variable.name, false);
    const bool flat = variable.rank == 2;
    const std::size_t rows = flat ? variable.dims[0] : 0, columns = flat ? variable.dims[1] : 0;
    member.numbers = flat && variable.isComplex == 0 && variable.dims[0] > 0 && variable.dims[1] > 0 &&
                     (isNumeric(variable) || variable.class_type == MAT_C_SPARSE);
    member.texts = flat && (variable.class_type == MAT_C_CHAR || variable.class_type == MAT_C_CELL);
    if (variable.class_type == MAT_C_CHAR)
        member.shape = {rows};
    else if (rows == 1 || columns == 1)
        member.shape = {std::max(rows, columns)};
    else
        member.shape = {rows, columns};
    if (rows == 1 && columns == 1 && variable.class_type != MAT_C_CHAR)
        member.shape.clear(); // a scalar
    kinds_.push_back(kindOf(variable));
    members_.push_back(std::move(member));
}

std::size_t MatVariables::columns(std::size_t variable) const {
    return variables_[variable]->rank == 2 ? variables_[variable]->dims[1] : 0;
}

void MatVariables::fail(std::size_t variable, const std::string& text) const {
    throw InputError(file_.name().string() + ": " + inQuotes(members_[variable].name) + " " + text);
}

matvar_t& MatVariables::load(std::size_t variable) {
    matvar_t& read = *variables_[variable];
    auto bytes = static_cast<double>(file_.bytes());
    if (!elements_.empty())
        bytes = static_cast<double>(checkMatElement(file_, elements_[variable]));
    double count = read.class_type == MAT_C_SPARSE ? static_cast<double>(read.dims[1]) : 1;
    for (int d = 0; read.class_type != MAT_C_SPARSE && d < read.rank; ++d)
        count *= static_cast<double>(read.dims[d]);
    if (count > bytes + 1) // a value has a byte at least, a column a pointer
        fail(variable, "has more values than the file has bytes; it is damaged: write it again");
    requireMemory(file_.name(), std::max(count * std::max(read.data_size, 1), bytes), memoryLimit_);
    const bool open = read.data == nullptr || read.class_type == MAT_C_CELL; // whose cells were listed
    if (open && Mat_VarReadDataAll(mat_.get(), &read) != 0)
        fail(variable, "cannot be read; the file is damaged: write it again");
    if (read.data == nullptr)
        fail(variable, "has no values");
    return read;
}

std::unique_ptr<Matrix> MatVariables::matrix(std::size_t variable) {
    if (!members_[variable].numbers)
        fail(variable, "is " + (members_[variable].texts ? std::string("texts") : kinds_[variable]) +
                           "; a matrix of numbers is needed");
    matvar_t& read = load(variable);
    if (read.class_type != MAT_C_SPARSE) {
        if (!withValues(read.data_type, read.data, [](const auto*) {}) ||
            read.nbytes / static_cast<std::size_t>(std::max(read.data_size, 1)) < read.dims[0] * read.dims[1])
            fail(variable, "holds no plain numbers");
        return std::make_unique<MatDense>(std::shared_ptr<matvar_t>(std::move(variables_[variable])));
    }
    const auto& sparse = *static_cast<const mat_sparse_t*>(read.data);
    const std::size_t rows = read.dims[0], columns = read.dims[1];
    const bool whole = sparse.jc != nullptr && sparse.njc == columns + 1;
    const std::size_t count = whole ? sparse.jc[columns] : 0;
    if (!whole || count > sparse.nir || count > sparse.ndata || (count > 0 && sparse.ir == nullptr))
        fail(variable,
             "is a sparse matrix whose parts do not fit together; the file is damaged: write it again");
    requireEntries(file_.name().string(), rows, count);
    std::vector<SparseEntry> entries;
    requireMemory(file_.name(), static_cast<double>(count) * sizeof(SparseEntry), memoryLimit_);
    entries.reserve(count);
    bool good = true;
    // The values have the type that they were saved with, whatever a sparse matrix has in MATLAB.
    const bool numbers = withValues(read.data_type, sparse.data, [&](const auto* values) {
        for (std::size_t c = 0; c < columns && good; ++c) {
            good = sparse.jc[c] <= sparse.jc[c + 1] && sparse.jc[c + 1] <= count;
            for (std::size_t i = sparse.jc[c]; good && i < sparse.jc[c + 1]; ++i) {
                good = sparse.ir[i] < rows;
                entries.push_back(
                    {sparse.ir[i], static_cast<std::uint32_t>(c), static_cast<double>(values[i])});
            }
        }
    });
    if (!numbers || !good)
        fail(variable, "is a sparse matrix with a place outside of it; the file is damaged: write it again");
    variables_[variable].reset();
    return sparseMatrix(rows, columns, std::move(entries));
}

std::vector<std::string> MatVariables::rowTexts(std::size_t variable, const matvar_t& texts) const {
    const std::size_t rows = texts.rank == 2 ? texts.dims[0] : 0, width = texts.rank == 2 ? texts.dims[1] : 0;
    const std::size_t unit = Mat_SizeOf(texts.data_type); // 0: of no type that there is
    const std::size_t count = texts.data == nullptr || unit == 0 ? 0 : texts.nbytes / unit;
    std::vector<std::string> result;
    if (texts.data_type == MAT_T_UTF8 && rows == 1 && texts.data != nullptr) { // bytes, which may be more
        result.push_back(asUtf8(std::string(static_cast<const char*>(texts.data), texts.nbytes), false));
    } else {
        if (count < rows * width)
            fail(variable, "has characters that cannot be told apart; save cellstr(...) of it");
        const auto unitAt = [&](std::size_t at) -> std::uint32_t {
            switch (unit) {
            case 1:
                return static_cast<const std::uint8_t*>(texts.data)[at];
            case 2:
                return static_cast<const std::uint16_t*>(texts.data)[at];
            default:
                return static_cast<const std::uint32_t*>(texts.data)[at];
            }
        };
        for (std::size_t r = 0; r < rows; ++r) {
            std::vector<std::uint32_t> units;
            for (std::size_t c = 0; c < width; ++c)
                units.push_back(unitAt(c * rows + r));
            result.push_back(utf8FromUtf16(units));
        }
    }
    for (std::string& text : result) // what fills rows up to one width
        text.resize(text.find_last_not_of(std::string(" \0", 2)) + 1);
    return result;
}

std::vector<std::string> MatVariables::cellTexts(std::size_t variable, const matvar_t& cells) const {
    const auto* const all = static_cast<matvar_t* const*>(cells.data);
    const std::size_t count = cells.dims[0] * cells.dims[1];
    if (cells.nbytes / sizeof(matvar_t*) < count)
        fail(variable, "has cells that cannot be read; the file is damaged: write it again");
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
        if (all[i] == nullptr || all[i]->class_type != MAT_C_CHAR)
            fail(variable, "has cells that are no texts; labels are numbers or a cell array of texts");
        const auto rows = rowTexts(variable, *all[i]);
        if (rows.size() != 1)
            fail(variable, "has no label for row " + std::to_string(i + 1) + "; each cell holds one text");
        texts.push_back(rows.front());
    }
    return texts;
}

MatrixLabels MatVariables::labels(std::size_t variable) {
    MatrixLabels labels;
    labels.name = members_[variable].name;
    if (members_[variable].texts) {
        const matvar_t& read = load(variable);
        labels.texts = read.class_type == MAT_C_CELL ? cellTexts(variable, read) : rowTexts(variable, read);
        return labels;
    }
    if (members_[variable].numbers && members_[variable].shape.size() > 1)
        fail(variable, "has rows and columns; labels are one a row");
    const auto values = matrix(variable);
    const std::size_t rows = values->rows(), columns = values->columns();
    labels.numbers.resize(rows * columns);
    values->read(0, rows, labels.numbers);
    const auto missing = std::ranges::find_if(labels.numbers, [](double v) { return std::isnan(v); });
    if (missing != labels.numbers.end())
        fail(variable, "has no label for row " + std::to_string(missing - labels.numbers.begin() + 1) +
                           "; leave out rows without one before the file is written");
    return labels;
}

} // namespace zipml
