#pragma once
/// The table of trade-offs: one row a setting.

#include "ui/tradeoffs/tradeoff_curves.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class TradeoffTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Setting, BitsStored, Excess, Moved, Seconds, Loss, Objective, Energy, State, ColumnCount };
    static constexpr int kSortRole = Qt::UserRole; ///< a number or a text; numbers that are unknown come last

    explicit TradeoffTableModel(const TradeoffModel& model, QObject* parent = nullptr);

    void setPicojoulesPerBit(double picojoules);

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;
    [[nodiscard]] std::optional<double> numberOf(const TradeoffRow& row, int column) const;
    [[nodiscard]] QString textOf(const TradeoffRow& row, int column) const;
    [[nodiscard]] QString stateOf(const TradeoffRow& row) const;

    const TradeoffModel& model_;
    TradeoffLook energy_{TradeoffCost::Energy};
};

} // namespace zipml::ui
