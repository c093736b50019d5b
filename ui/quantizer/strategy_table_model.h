#pragma once
/// The table of strategies: one row each, and one for the person's own levels.

#include "ui/quantizer/quantizer_model.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class StrategyTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Strategy, Levels, MeanVariance, Ratio, UniformBits, ColumnCount };

    explicit StrategyTableModel(const QuantizerModel& model, QObject* parent = nullptr);

    /// Whether rows come or go just now: a change of the current row is not the person's then.
    [[nodiscard]] bool updating() const { return updating_; }

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;
    void update();

    const QuantizerModel& model_;
    std::vector<QuantizerModel::Row> rows_;
    bool updating_ = false;
};

} // namespace zipml::ui
