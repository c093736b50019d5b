#pragma once
/// The advisor's table: one row a column of the data.

#include "core/advise/advice.h"
#include "ui/widgets/table_model.h"

#include <memory>

namespace zipml::ui {

class AdvisorColumnModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Name, Skewness, Width, Stored, FirstBits, ColumnCount = FirstBits + kMostAdvisedBits };

    explicit AdvisorColumnModel(QObject* parent = nullptr);

    /// @param advice null: none yet @param grid whose rounding variances are shown
    void show(std::shared_ptr<const Advice> advice, double tolerance, GridKind grid);

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;
    [[nodiscard]] QString textOf(int row, int column) const;
    [[nodiscard]] QVariant numberOf(int row, int column) const;

    std::shared_ptr<const Advice> advice_;
    GridKind grid_ = GridKind::Optimal;
    std::vector<int> widths_; ///< advised for each column; empty: nothing is within the tolerance
    double extraBits_ = 0;    ///< stored beside a level's index
};

} // namespace zipml::ui
