#pragma once
/// The table of estimators: how far their mean is from the exact gradient, and what that says.

#include "ui/double_sampling/plane_worker.h"
#include "ui/widgets/table_model.h"

namespace zipml::ui {

class EstimateTableModel : public TableModel {
    Q_OBJECT
  public:
    enum Column { Name, Bias, StandardError, PredictedBias, Verdict, Variance, StoredBits, ColumnCount };

    explicit EstimateTableModel(QObject* parent = nullptr);

    void setClouds(const std::vector<GradientCloud>& clouds);

  private:
    [[nodiscard]] int rows() const override;
    [[nodiscard]] QVariant cell(int row, int column, int role) const override;

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
