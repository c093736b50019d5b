#pragma once
/// What the tables' models share.

#include <QAbstractTableModel>

#include <span>

namespace zipml::ui {

struct TableColumn {
    const char* title; ///< QT_TR_NOOP, in the model's own context
    const char* help;
    enum Kind { Text, Number } kind = Text; ///< numbers stand to the right
};

class TableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    static constexpr int kNumberRole = Qt::UserRole; ///< the cell's number, unrounded; invalid where unknown

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

  protected:
    /// @param columns must outlive this
    explicit TableModel(std::span<const TableColumn> columns, QObject* parent)
        : QAbstractTableModel(parent), columns_(columns) {}

    [[nodiscard]] virtual int rows() const = 0;
    /// What a cell that exists has in a role; alignment is taken care of.
    [[nodiscard]] virtual QVariant cell(int row, int column, int role) const = 0;
    void emitRowChanged(int row);
    void emitColumnChanged(int column);
    void emitAllChanged();

  private:
    std::span<const TableColumn> columns_;
};

} // namespace zipml::ui
