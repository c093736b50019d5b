#pragma once
/// A table of runs has a row a run, with its colour, a tick for the plots, and a name that can be changed.

#include "ui/runs/progress_delegate.h"
#include "ui/widgets/swatch.h"
#include "ui/widgets/table_model.h"

#include <type_traits>
#include <utility>

namespace zipml::ui {

/// @tparam Runs a list of runs: RunList, or one with the same signals, `size`, `at`, `setVisible` and
/// `rename`
template <class Runs>
class RunsTable : public TableModel {
  public:
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const final {
        auto flags = QAbstractTableModel::flags(index);
        if (index.column() == kName)
            flags |= Qt::ItemIsUserCheckable | Qt::ItemIsEditable;
        return flags;
    }
    bool setData(const QModelIndex& index, const QVariant& value, int role) final {
        if (index.column() != kName)
            return false;
        if (role == Qt::CheckStateRole)
            runs_.setVisible(index.row(), value.toInt() == Qt::Checked);
        else if (role == Qt::EditRole && !value.toString().trimmed().isEmpty())
            runs_.rename(index.row(), value.toString().trimmed());
        return true;
    }

  protected:
    using Run = std::remove_cvref_t<decltype(std::declval<const Runs&>().at(0))>;

    /// @param columns the first is the name; must outlive this, and so must `runs`
    RunsTable(Runs& runs, std::span<const TableColumn> columns, QObject* parent)
        : TableModel(columns, parent), runs_(runs) {
        connect(&runs, &Runs::aboutToReset, this, [this] { beginResetModel(); });
        connect(&runs, &Runs::reset, this, [this] { endResetModel(); });
        connect(&runs, &Runs::rowChanged, this, [this](int row) { emitRowChanged(row); });
    }
    [[nodiscard]] virtual QString text(const Run& run, int column) const = 0;
    [[nodiscard]] virtual QString tip(const Run& run) const = 0;

  private:
    static constexpr int kName = 0;

    [[nodiscard]] int rows() const final { return runs_.size(); }
    [[nodiscard]] QVariant cell(int row, int column, int role) const final {
        const Run& run = runs_.at(row);
        switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            return text(run, column);
        case Qt::ToolTipRole:
            return tip(run);
        case Qt::DecorationRole:
            if (column != kName)
                return {};
            if constexpr (requires { run.look; })
                return swatch(run.look);
            else
                return swatch(run.id);
        case Qt::CheckStateRole:
            return column == kName ? QVariant(run.visible ? Qt::Checked : Qt::Unchecked) : QVariant();
        case ProgressDelegate::kShareRole:
            return run.share;
        default:
            return {};
        }
    }

    Runs& runs_;
};

} // namespace zipml::ui
