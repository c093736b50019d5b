#include "ui/double_sampling/estimate_table_model.h"

#include "ui/double_sampling/plane_curves.h"
#include "ui/widgets/panel_section.h"
#include "ui/widgets/swatch.h"

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Estimator"), QT_TR_NOOP("As in the plot: colour, marker and dashes")},
    {QT_TR_NOOP("|bias|"), QT_TR_NOOP("|mean of the estimates − true gradient|"), TableColumn::Number},
    {QT_TR_NOOP("Std. error"), QT_TR_NOOP("What |bias| would be by noise alone: √(variance / draws)"),
     TableColumn::Number},
    {QT_TR_NOOP("By formula"),
     QT_TR_NOOP("|D x|, D the mean rounding variance of each feature: the naive estimator's bias. –: there "
                "is no formula"),
     TableColumn::Number},
    {QT_TR_NOOP("Is the bias 0?"),
     QT_TR_NOOP("Consistent: the ellipse holds the true gradient (Hotelling's T² test). p: how often an "
                "unbiased estimator would be as far off. It says \"not 0\" of an unbiased one 1 time in 20: "
                "draw again. With few draws a small bias goes unseen")},
    {QT_TR_NOOP("Variance"), QT_TR_NOOP("Of one estimate: the trace of the draws' covariance"),
     TableColumn::Number},
    {QT_TR_NOOP("Stored bits"),
     QT_TR_NOOP("Bits that a value takes in the store; double sampling's second "
                "rounding takes one"),
     TableColumn::Number},
};

} // namespace

EstimateTableModel::EstimateTableModel(QObject* parent) : TableModel(kColumns, parent) {}

void EstimateTableModel::setClouds(const std::vector<GradientCloud>& clouds) {
    std::vector<Row> rows;
    rows.reserve(clouds.size());
    for (const GradientCloud& cloud : clouds)
        rows.push_back({cloud.estimator, cloud.biasNorm, cloud.statistics.standardError(),
                        cloud.predictedBias ? std::optional(cloud.predictedBias->norm()) : std::nullopt,
                        cloud.pValue, cloud.consistentWithUnbiased(), cloud.statistics.covariance.trace(),
                        cloud.storedBits, cloud.draws.size()});
    if (rows.size() == rows_.size()) { // a selection stays while numbers move
        rows_ = std::move(rows);
        emitAllChanged();
        return;
    }
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int EstimateTableModel::rows() const {
    return static_cast<int>(rows_.size());
}

std::optional<double> EstimateTableModel::numberOf(const Row& row, int column) {
    switch (column) {
    case Bias:
        return row.bias;
    case StandardError:
        return row.standardError;
    case PredictedBias:
        return row.predictedBias;
    case Verdict:
        return row.pValue;
    case Variance:
        return row.variance;
    case StoredBits:
        return row.storedBits;
    default:
        return std::nullopt;
    }
}

/// Draws can show a bias; that there is none they cannot show.
QString EstimateTableModel::verdictOf(const Row& row) {
    if (row.standardError == 0)
        return row.bias == 0 ? tr("exact") : tr("biased: every draw is off");
    if (row.consistent)
        return tr("consistent with 0, p = %1").arg(row.pValue, 0, 'f', 2);
    return row.pValue < 0.001 ? tr("not 0, p < 0.001") : tr("not 0, p = %1").arg(row.pValue, 0, 'f', 3);
}

QString EstimateTableModel::textOf(const Row& row, int column) {
    if (column == Name)
        return toQt(entryOf(row.estimator).title);
    if (column == Verdict)
        return verdictOf(row);
    const auto number = numberOf(row, column);
    return number ? QString::number(*number, 'g', 3) : QString("–");
}

QVariant EstimateTableModel::cell(int row, int column, int role) const {
    const Row& entry = rows_[static_cast<std::size_t>(row)];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(entry, column);
    case kNumberRole: {
        const auto number = numberOf(entry, column);
        return number ? QVariant(*number) : QVariant();
    }
    case Qt::ToolTipRole:
        return column == Name ? toQt(entryOf(entry.estimator).summary)
                              : headerData(column, Qt::Horizontal, Qt::ToolTipRole);
    case Qt::DecorationRole:
        return column == Name ? QVariant(swatch(runOf(entry.estimator))) : QVariant();
    default:
        return {};
    }
}

} // namespace zipml::ui
