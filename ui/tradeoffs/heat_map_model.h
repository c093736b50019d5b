#pragma once
/// The heat map of trade-offs as a table: a row an estimator with its levels, a column a number of bits,
/// coloured and labelled by the loss above full precision's.

#include "ui/tradeoffs/tradeoff_curves.h"

#include <QAbstractTableModel>
#include <QColor>

namespace zipml::ui {

/// From yellow (0.1% above full precision's loss, or less) to dark blue (10 times as high, or more): cividis
/// (Nuñez, Anderton and Renslow, PLOS ONE 13(7), 2018), the same to the colour-blind, and darker all the way.
QColor excessColor(double excess);

class HeatMapModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    explicit HeatMapModel(const TradeoffModel& model, QObject* parent = nullptr);

    void setTolerance(double tolerance);
    /// The row of the TradeoffModel that a cell shows; -1: none
    [[nodiscard]] int settingAt(const QModelIndex& index) const;
    /// Where a row of the TradeoffModel is; invalid: full precision has no cell
    [[nodiscard]] QModelIndex cellOf(int setting) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void arrange();

    const TradeoffModel& model_;
    double tolerance_ = TradeoffLook{}.tolerance;
    QStringList names_, titles_;  ///< of the rows
    QVector<QVector<int>> cells_; ///< row of the model by series and bits; -1: left out
};

} // namespace zipml::ui
