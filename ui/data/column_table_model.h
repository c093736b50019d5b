#pragma once
/// The columns of a data file, one a row: what they are and hold. Roles and types can be chosen.

#include "core/data/report.h"
#include "ui/widgets/table_model.h"

#include <map>
#include <memory>

namespace zipml::ui {

class ColumnTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Number, Name, Role, Kind, Range, Missing, Distinct, Histogram, Bits, ColumnCount };
    static constexpr int kChoicesRole = Qt::UserRole + 1; ///< QStringList of a cell that can be chosen
    static constexpr int kBarsRole = Qt::UserRole + 2;    ///< QList<double> of heights, 0 to 1
    static constexpr int kUsedRole = Qt::UserRole + 3;    ///< whether the column is used

    explicit ColumnTableModel(QObject* parent);

    /// @param report null: no rows
    void setReport(std::shared_ptr<const DataReport> report);
    [[nodiscard]] const DataReport* report() const { return report_.get(); }
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  signals:
    void roleChosen(int row, zipml::ColumnRole role);
    void kindChosen(int row, zipml::ColumnKind kind);

  protected:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;

  private:
    [[nodiscard]] const ColumnReport& at(int row) const {
        return report_->columns[static_cast<std::size_t>(row)];
    }
    [[nodiscard]] ColumnRole roleAt(int row) const;
    [[nodiscard]] QStringList choices(int row, int column) const;
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QString help(int row, int column) const;
    [[nodiscard]] QVariant number(int row, int column) const;

    std::shared_ptr<const DataReport> report_;
    std::map<int, ColumnRole> chosen_; ///< shown until the file was read again
};

} // namespace zipml::ui
