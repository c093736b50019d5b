#pragma once
/// The table of estimators: how far their mean is from the exact gradient, and what that says.

#include "ui/double_sampling/plane_worker.h"

#include <QAbstractTableModel>

namespace zipml::ui {

class EstimateTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Name, Bias, StandardError, PredictedBias, Verdict, Variance, StoredBits, ColumnCount };
    static constexpr int kNumberRole = Qt::UserRole; ///< the cell's number, unrounded; invalid where none

    explicit EstimateTableModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void setClouds(const std::vector<GradientCloud>& clouds);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    /// A cloud without its draws.
    struct Row {
        EstimatorKind estimator;
        double bias, standardError;
        std::optional<double> predictedBias;
        double pValue;
        bool consistent;
        double variance;
        int storedBits;
        std::size_t draws;
    };
    static std::optional<double> numberOf(const Row& row, int column);
    static QString verdictOf(const Row& row);
    static QString textOf(const Row& row, int column);

    std::vector<Row> rows_;
};

} // namespace zipml::ui
