#include "core/data/formats/bind_columns.h"

#include "core/base/error.h"
#include "core/data/column_choice.h"
#include "core/data/formats/csv_fields.h"

#include <algorithm>

namespace zipml {
namespace {

constexpr std::size_t kShown = 8; ///< columns that a message names

class Binding {
  public:
    Binding(const std::filesystem::path& file, const SourceShape& shape, const Schema& schema,
            const LoadOptions& options, bool further)
        : file_(file), shape_(shape), schema_(schema), options_(options), further_(further) {
        for (const Column& column : schema.columns) {
            slots_.push_back(static_cast<std::uint32_t>(bound_.plan.features));
            if (column.role == ColumnRole::Feature)
                bound_.plan.features += column.kind == ColumnKind::Category ? column.categories.size() : 1;
        }
        bound_.plan.offsets = schema.offsets;
        bound_.plan.labelOffset = schema.labelOffset;
        bound_.plan.syntax = {shape.decimal, namesInList(options.missingMarks)};
        const MissingPolicy::Kind missing = missingPolicy(options.missing).kind;
        bound_.plan.missingAllowed = missing != MissingPolicy::Kind::Refuse;
        bound_.plan.missingDrops = missing == MissingPolicy::Kind::Drop;
    }

    BoundColumns bind() {
        if (shape_.sparse)
            bindSparse();
        else if (schema_.sparse)
            bindTableToSparse();
        else if (schema_.named && !shape_.names.empty())
            bindByName();
        else
            bindByPlace();
        finishPlain();
        return std::move(bound_);
    }

  private:
    void bindSparse() {
        RowPlan& plan = bound_.plan;
        plan.features = schema_.features();
        plan.labelled = shape_.labelled;
        bound_.labelled = shape_.labelled && options_.labelColumn != "none";
        if (further_ && schema_.sparse)
            plan.indexBase = schema_.indexBase;
        else if (options_.indexBase != "auto")
            plan.indexBase = options_.indexBase == "0" ? 0 : 1;
        else if (further_)
            plan.indexBase = 1;
        else
            plan.indexBase =
                schema_.width > 0 || schema_.indexBase == 0 ? schema_.indexBase : -1; // found, or not
        plan.width = further_ ? plan.features : options_.width;
        if (!further_)
            return;
        const bool categories = std::ranges::any_of(schema_.columns, [](const Column& column) {
            return column.role == ColumnRole::Feature && column.kind == ColumnKind::Category;
        });
        if (categories)
            throw InputError(file_.string() +
                             ": is LIBSVM text, and the training data has categories; give it as "
                             "a table with the training file's columns");
    }

    /// A table for a model of sparse rows: its features in order, with a label or without.
    void bindTableToSparse() {
        bound_.plan.features = schema_.width;
        std::size_t label = shape_.columns;
        if (shape_.columns == schema_.width + 1)
            label = labelPlace();
        else if (shape_.columns != schema_.width)
            failCount(shape_.columns - 1, schema_.width);
        std::uint32_t slot = 0;
        for (std::size_t c = 0; c < shape_.columns; ++c)
            add(c,
                c == label
                    ? Column{"label", ColumnRole::Label, ColumnKind::Number, {}}
                    : Column{"x" + std::to_string(slot + 1), ColumnRole::Feature, ColumnKind::Number, {}},
                c == label ? 0 : slot++);
        bound_.labelled = label < shape_.columns;
    }

    [[nodiscard]] std::size_t labelPlace() const {
        const std::string& wanted = options_.labelColumn;
        if (wanted == "auto" || wanted == "last" || wanted == "none")
            return shape_.columns - 1;
        return wanted == "first" ? 0
                                 : findColumn(file_, shape_.names, shape_.columns, wanted, "label column");
    }

    void bindByName() {
        std::vector<bool> found(schema_.columns.size(), false);
        std::vector<std::string> added;
        const auto ignored = namesInList(options_.ignore);
        const auto renamed = renamedLabel();
        for (std::size_t c = 0; c < shape_.columns; ++c) {
            const std::string name = c == renamed ? schema_.columns[*schema_.columnOf(ColumnRole::Label)].name
                                     : shape_.names[c].empty() ? "x" + std::to_string(c + 1)
                                                               : shape_.names[c];
            const auto column = std::ranges::find(schema_.columns, name, &Column::name);
            if (column == schema_.columns.end() || found[place(column)]) {
                const bool left = shape_.names[c].empty() || isInList(ignored, c);
                if (!left)
                    added.push_back(name);
                add(c, Column{name, ColumnRole::Ignored, ColumnKind::Number, {}}, 0);
                continue;
            }
            found[place(column)] = true;
            const bool left = column->role == ColumnRole::Label && options_.labelColumn == "none";
            add(c, left ? Column{name, ColumnRole::Ignored, ColumnKind::Number, {}} : *column,
                slots_[place(column)]);
            bound_.labelled = bound_.labelled && !left;
        }
        std::vector<std::string> missing;
        for (std::size_t c = 0; c < schema_.columns.size(); ++c) {
            const ColumnRole role = schema_.columns[c].role;
            if (role == ColumnRole::Label && !found[c])
                bound_.labelled = false;
            if ((role == ColumnRole::Feature || (role == ColumnRole::Label && !further_)) && !found[c])
                missing.push_back(schema_.columns[c].name);
        }
        if (!schema_.columnOf(ColumnRole::Label))
            bound_.labelled = false;
        refuse(missing, added);
    }

    /// A label that was chosen by a name that the schema does not know, or by place.
    [[nodiscard]] std::optional<std::size_t> renamedLabel() const {
        const std::string& wanted = options_.labelColumn;
        const auto label = schema_.columnOf(ColumnRole::Label);
        if (!further_ || !label || wanted == "auto" || wanted == "none" || wanted == "first" ||
            wanted == "last" || std::ranges::count(shape_.names, schema_.columns[*label].name) > 0 ||
            std::ranges::find(shape_.names, wanted) == shape_.names.end())
            return std::nullopt;
        return findColumn(file_, shape_.names, shape_.columns, wanted, "label column");
    }

    [[nodiscard]] bool isInList(const std::vector<std::string>& list, std::size_t c) const {
        return std::ranges::count(list, shape_.names[c]) + std::ranges::count(list, std::to_string(c + 1)) >
               0;
    }

    void refuse(const std::vector<std::string>& missing, const std::vector<std::string>& added) const {
        if (missing.empty() && added.empty())
            return;
        const char* const what = further_ ? "the training data" : "the first file";
        std::string text = file_.string() + ": its columns are not those of " + what + ":";
        if (!missing.empty())
            text += " missing " + listInQuotes(missing, kShown);
        if (!added.empty())
            text += std::string(missing.empty() ? "" : ";") + " new " + listInQuotes(added, kShown);
        text += added.empty()     ? "; give the file these columns"
                : missing.empty() ? "; leave new ones out with --ignore"
                                  : "; rename them in the header, or leave new ones out with --ignore";
        throw InputError(text);
    }

    void bindByPlace() {
        // As the training file; or without its label; or without what was left out there.
        const auto& all = schema_.columns;
        const auto label = schema_.columnOf(ColumnRole::Label);
        std::vector<std::size_t> columns;
        const auto take = [&](bool withLabel, bool withIgnored) {
            columns.clear();
            for (std::size_t c = 0; c < all.size(); ++c)
                if ((withLabel || c != label) && (withIgnored || all[c].role != ColumnRole::Ignored))
                    columns.push_back(c);
            return columns.size() == shape_.columns;
        };
        const bool unlabelled = further_ && options_.labelColumn == "none";
        if ((unlabelled || !take(true, true)) &&
            !(further_ && (take(false, true) || (!unlabelled && take(true, false)) || take(false, false)))) {
            take(false, true);
            failCount(shape_.columns - (label && shape_.columns > columns.size() ? 1 : 0), columns.size());
        }
        const bool withLabel = label && std::ranges::count(columns, *label) > 0;
        bound_.labelled = withLabel;
        if (withLabel && further_ && options_.labelColumn != "auto" && !schema_.named)
            moveLabel(columns, *label);
        for (std::size_t c = 0; c < columns.size(); ++c)
            add(c, all[columns[c]], slots_[columns[c]]);
        if (further_ && schema_.named != !shape_.names.empty())
            bound_.notes.emplace_back(
                schema_.named ? "the file names no columns: they are taken by place, as in training"
                              : "the training data named no columns: they are taken by place");
    }

    /// A label that was chosen by place, in a file whose features come in order.
    void moveLabel(std::vector<std::size_t>& columns, std::size_t label) const {
        const std::size_t to = options_.labelColumn == "none" ? columns.size() : labelPlace();
        if (to >= columns.size())
            return;
        std::erase(columns, label);
        columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(to), label);
    }

    [[noreturn]] void failCount(std::size_t features, std::size_t wanted) const {
        throw InputError(file_.string() + ": has " + std::to_string(features) + " features and " +
                         (further_ ? "the training data" : "the first file") + " has " +
                         std::to_string(wanted) + "; both need the same columns");
    }

    [[nodiscard]] std::size_t place(std::vector<Column>::const_iterator column) const {
        return static_cast<std::size_t>(column - schema_.columns.begin());
    }

    void add(std::size_t place, const Column& column, std::uint32_t slot) {
        ColumnPlan plan{column.role, column.kind, slot, {}, {}};
        if (place < shape_.names.size())
            plan.name = shape_.names[place];
        for (std::uint32_t i = 0; i < column.categories.size(); ++i)
            plan.categories.emplace(column.categories[i], i);
        if (column.role == ColumnRole::Label)
            bound_.label = place;
        bound_.plan.weighted = bound_.plan.weighted || column.role == ColumnRole::Weight;
        bound_.plan.columns.push_back(std::move(plan));
    }

    void finishPlain() {
        RowPlan& plan = bound_.plan;
        plan.plain = !shape_.sparse && plan.syntax.marks.empty() && shape_.decimal == '.';
        std::uint32_t next = 0;
        for (std::size_t c = 0; c < plan.columns.size() && plan.plain; ++c) {
            const ColumnPlan& column = plan.columns[c];
            plan.plain = column.kind == ColumnKind::Number &&
                         (column.role == ColumnRole::Label ||
                          (column.role == ColumnRole::Feature && column.slot == next++));
            if (column.role == ColumnRole::Label)
                plan.plainLabel = c;
        }
    }

    const std::filesystem::path& file_;
    const SourceShape& shape_;
    const Schema& schema_;
    const LoadOptions& options_;
    const bool further_;
    std::vector<std::uint32_t> slots_; ///< of the schema's columns
    BoundColumns bound_;
};

} // namespace

BoundColumns bindColumns(const std::filesystem::path& file, const SourceShape& shape, const Schema& schema,
                         const LoadOptions& options, bool further) {
    return Binding(file, shape, schema, options, further).bind();
}

} // namespace zipml
