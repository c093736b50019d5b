#pragma once
/// The first rows of a data file, as the file has them.

#include "core/data/report.h"

#include <QAbstractTableModel>

#include <memory>

namespace zipml::ui {

class RowsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    using QAbstractTableModel::QAbstractTableModel;

    void setReport(std::shared_ptr<const DataReport> report);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    [[nodiscard]] const ColumnReport* columnAt(int column) const;
    std::shared_ptr<const DataReport> report_;
    std::size_t columns_ = 0;
};

} // namespace zipml::ui
