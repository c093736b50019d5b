#pragma once
/// The table of strategies: one row each, and one for the person's own levels.

#include "ui/quantizer/quantizer_model.h"

#include <QAbstractTableModel>

namespace zipml::ui {

class StrategyTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Strategy, Levels, MeanVariance, Ratio, UniformBits, ColumnCount };
    static constexpr int kNumberRole = Qt::UserRole; ///< the cell's number, unrounded; invalid where unknown

    explicit StrategyTableModel(const QuantizerModel& model, QObject* parent = nullptr);

    /// Whether rows come or go just now: a change of the current row is not the person's then.
    [[nodiscard]] bool updating() const { return updating_; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void update();

    const QuantizerModel& model_;
    std::vector<QuantizerModel::Row> rows_;
    bool updating_ = false;
};

} // namespace zipml::ui
