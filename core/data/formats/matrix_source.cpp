#include "core/data/formats/matrix_source.h"

#include "core/base/error.h"
#include "core/data/formats/table_row.h"
#include "core/data/formats/text_source.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>

namespace zipml {
namespace {

class MatrixSource final : public RowSource {
  public:
    MatrixSource(std::unique_ptr<Matrix> matrix, SourceShape shape, MatrixLabels labels)
        : matrix_(std::move(matrix)), shape_(std::move(shape)), labels_(std::move(labels)),
          columns_(matrix_->columns()) {
        shape_.columns = columns_ + (labels_.size() > 0 ? 1 : 0);
        shape_.header = !shape_.names.empty();
        if (labels_.size() == 0)
            return;
        shape_.label = columns_;
        if (!shape_.names.empty())
            shape_.names.push_back(labels_.name.empty() ? "label" : labels_.name);
        if (!labels_.texts.empty()) {
            shape_.declared.resize(shape_.columns);
            shape_.declared.back().kind = ColumnKind::Category;
        }
    }

    [[nodiscard]] const SourceShape& shape() const override { return shape_; }

    bool take(std::size_t bytes, RawBlock& block) override {
        const std::size_t count =
            std::min(std::max<std::size_t>(1, bytes / (columns_ * sizeof(double))), matrix_->rows() - next_);
        if (count == 0)
            return false;
        block.bytes.resize(count * columns_ * sizeof(double));
        cells_.resize(count * columns_);
        matrix_->read(next_, count, cells_);
        std::memcpy(block.bytes.data(), cells_.data(), block.bytes.size());
        block.offset = next_;
        block.rows = count;
        next_ += count;
        block.share = static_cast<double>(next_) / static_cast<double>(matrix_->rows());
        return true;
    }

    void parse(const RawBlock& block, const RowPlan& plan, ParsedRows& rows) const override {
        rows.clear();
        for (std::size_t r = 0; r < block.rows; ++r) {
            RowPlacer placer(plan, rows);
            try {
                for (std::size_t c = 0; c < columns_; ++c)
                    placeNumber(plan, c, cell(block, r, c), placer);
                if (labels_.size() > 0)
                    placeLabel(block.offset + r, placer);
                placer.end();
            } catch (BadCell& bad) {
                rows.bad = BadLine{0, "row " + std::to_string(block.offset + r + 1) + ", " +
                                          columnText(plan, bad.column) + bad.text};
                break;
            }
        }
        rows.lines = block.rows;
        rows.measure(plan.features);
    }

    void surveyHead(const CellSyntax& /*syntax*/, TableSurvey& survey) const override {
        constexpr std::size_t kCells = 200'000, kRows = 1000;
        const std::size_t count =
            std::min({matrix_->rows(), kRows, std::max<std::size_t>(20, kCells / columns_)});
        RawBlock head;
        std::vector<double> cells(count * columns_);
        matrix_->read(0, count, cells);
        head.bytes.resize(cells.size() * sizeof(double));
        std::memcpy(head.bytes.data(), cells.data(), head.bytes.size());
        head.rows = count;
        this->survey(head, {}, survey);
    }

    void survey(const RawBlock& block, const CellSyntax& /*syntax*/, TableSurvey& survey) const override {
        constexpr std::size_t kFirstRows = 10;
        std::vector<double> row(shape_.columns);
        for (std::size_t r = 0; r < block.rows; ++r) {
            ++survey.lines;
            for (std::size_t c = 0; c < columns_; ++c)
                addCell(row[c] = cell(block, r, c), survey.lines, !survey.asText.empty() && survey.asText[c],
                        survey.columns[c]);
            if (!labels_.texts.empty()) {
                survey.columns.back().addText(labels_.texts[block.offset + r], survey.lines);
                row.back() = std::nan("");
            } else if (!labels_.numbers.empty()) {
                addCell(row.back() = labels_.numbers[block.offset + r], survey.lines, false,
                        survey.columns.back());
            }
            if (survey.sample.wants(block.offset + r))
                survey.sample.add(block.offset + r, row);
            if (survey.firstRows.size() < kFirstRows)
                survey.firstRows.push_back(textsOf(row, block.offset + r));
            ++survey.rows;
        }
    }

    void checkEnd(std::size_t /*line*/) const override {}

  private:
    [[nodiscard]] double cell(const RawBlock& block, std::size_t row, std::size_t column) const {
        double value = 0;
        std::memcpy(&value, block.bytes.data() + (row * columns_ + column) * sizeof value, sizeof value);
        return value;
    }

    static void placeNumber(const RowPlan& plan, std::size_t column, double value, RowPlacer& placer) {
        if (plan.columns[column].role == ColumnRole::Ignored)
            return;
        if (std::isnan(value))
            placer.missing(column, "NaN");
        else if (std::abs(value) > FLT_MAX)
            throw BadCell{
                column,
                describeField(std::isinf(value) ? FieldKind::NotFinite : FieldKind::TooLarge, textOf(value))};
        else if (plan.columns[column].kind == ColumnKind::Category)
            placer.text(column, FieldKind::Number, textOf(value));
        else
            placer.number(column, value);
    }

    void placeLabel(std::size_t row, RowPlacer& placer) const {
        if (!labels_.texts.empty())
            placer.text(columns_, FieldKind::Text, labels_.texts[row]);
        else
            placer.number(columns_, labels_.numbers[row]);
    }

    static void addCell(double value, std::size_t row, bool asText, ColumnSurvey& column) {
        if (std::isnan(value)) {
            if (++column.missing == 1)
                column.firstMissing = {row, "NaN"};
        } else if (std::abs(value) > FLT_MAX) {
            if (++column.wrong == 1)
                column.firstWrong = {row, textOf(value)};
        } else if (asText) {
            column.addText(textOf(value), row);
        } else {
            column.addNumber(value);
        }
    }

    static std::string textOf(double value) {
        char text[32];
        std::snprintf(text, sizeof text, "%.17g", value);
        for (int digits = 1; digits < 17; ++digits) {
            char shorter[32];
            std::snprintf(shorter, sizeof shorter, "%.*g", digits, value);
            if (std::strtod(shorter, nullptr) == value)
                return shorter;
        }
        return text;
    }

    [[nodiscard]] std::vector<std::string> textsOf(const std::vector<double>& row, std::size_t number) const {
        constexpr std::size_t kShown = 1000;
        std::vector<std::string> texts;
        for (std::size_t c = 0; c < std::min(row.size(), kShown); ++c)
            texts.push_back(c == columns_ && !labels_.texts.empty() ? labels_.texts[number] : textOf(row[c]));
        return texts;
    }

    const std::unique_ptr<Matrix> matrix_;
    SourceShape shape_;
    const MatrixLabels labels_;
    const std::size_t columns_;
    std::size_t next_ = 0;
    std::vector<double> cells_;
};

} // namespace

std::unique_ptr<RowSource> sourceOf(const OpenRequest& request, std::unique_ptr<Matrix> matrix,
                                    SourceShape shape, MatrixLabels labels) {
    const std::string file = request.file.string();
    if (matrix->rows() == 0 || matrix->columns() == 0)
        throw InputError(file + ": its matrix is " + std::to_string(matrix->rows()) + " x " +
                         std::to_string(matrix->columns()) + "; rows are samples and columns features");
    if (labels.size() > 0 && labels.size() != matrix->rows())
        throw InputError(file + ": has " + std::to_string(matrix->rows()) + " rows and " +
                         std::to_string(labels.size()) + " labels; each row has one label");
    requireMemory(request.file, static_cast<double>(matrix->columns()) * (kBytesPerFeature + sizeof(double)),
                  request.context.memoryLimitBytes);
    return std::make_unique<MatrixSource>(std::move(matrix), std::move(shape), std::move(labels));
}

MatrixLabels readLabelFile(const std::filesystem::path& file, const OpenRequest& request) {
    LoadOptions plain; // a column of labels has no label of its own
    plain.labelColumn = "none";
    plain.encoding = request.options.encoding;
    const auto source = openSource({file, plain, request.context, request.job});
    const SourceShape& shape = source->shape();
    if (shape.sparse || shape.columns != 1)
        throw InputError(file.string() + ": has " + std::to_string(shape.columns) +
                         " columns; a file of labels has one");
    TableSurvey look(1);
    std::vector<RawBlock> blocks;
    for (RawBlock block; source->take(request.context.blockBytes, block); blocks.push_back(block))
        source->survey(block, {shape.decimal, {}}, look);
    source->checkEnd(look.lines);
    MatrixLabels labels;
    RowPlan plan;
    const bool texts = look.columns[0].texts > 0;
    if (look.columns[0].missing > 0 || look.columns[0].wrong > 0 || (texts && look.columns[0].manyWords))
        throw InputError(file.string() + ": a label is missing, not finite, or there are more than " +
                         std::to_string(ColumnSurvey::kMostDistinct) + " different ones");
    ColumnPlan column{ColumnRole::Label, texts ? ColumnKind::Category : ColumnKind::Number, 0, {}, {}};
    std::vector<std::string> words;
    for (const auto& [word, rows] : look.columns[0].words) {
        column.categories.emplace(word, static_cast<std::uint32_t>(words.size()));
        words.push_back(word);
    }
    plan.columns = {column};
    plan.syntax.decimal = shape.decimal;
    for (const RawBlock& block : blocks) {
        ParsedRows rows;
        source->parse(block, plan, rows);
        if (rows.bad)
            throw InputError(file.string() + ": " + rows.bad->text);
        for (const double label : rows.labels)
            texts ? labels.texts.push_back(words[static_cast<std::size_t>(label)])
                  : labels.numbers.push_back(label);
    }
    return labels;
}

} // namespace zipml
