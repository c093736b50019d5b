#include "ui/networks/confusion_view.h"

#include "ui/theme/contrast.h"
#include "ui/theme/palette.h"
#include "ui/widgets/row_table.h"

#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace zipml::ui {
namespace {

/// From the background (none of a class's images) to blue (all of them); by the root, so that a few errors
/// are seen too.
QColor colorOf(double share) {
    const PlotColors colors = PlotColors::ofApplication();
    const QColor low = colors.background, high = colors.run(0);
    const double amount = std::sqrt(share);
    const auto mix = [amount](int a, int b) { return a + static_cast<int>(std::lround(amount * (b - a))); };
    return {mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())};
}

QString percentOf(std::uint32_t part, std::uint32_t all) {
    return QString::number(all > 0 ? 100.0 * part / all : 0, 'f', 1) + "%";
}

} // namespace

void ConfusionModel::show(std::shared_ptr<const NetworkSnapshot> snapshot) {
    beginResetModel();
    snapshot_ = snapshot && !snapshot->confusion.empty() ? std::move(snapshot) : nullptr;
    endResetModel();
}

QString ConfusionModel::className(int index) const {
    return QString::fromStdString(snapshot_->model.classes[static_cast<std::size_t>(index)]);
}

std::uint32_t ConfusionModel::count(int truth, int predicted) const {
    return snapshot_->confusion[static_cast<std::size_t>(truth * columnCount() + predicted)];
}

std::uint32_t ConfusionModel::total(int truth) const {
    std::uint32_t images = 0;
    for (int predicted = 0; predicted < columnCount(); ++predicted)
        images += count(truth, predicted);
    return images;
}

QString ConfusionModel::toCsv() const {
    QString csv = "true \\ predicted";
    for (int column = 0; column < columnCount(); ++column)
        csv += "," + className(column);
    for (int row = 0; row < rowCount(); ++row) {
        csv += "\n" + className(row);
        for (int column = 0; column < columnCount(); ++column)
            csv += "," + QString::number(count(row, column));
    }
    return csv + "\n";
}

int ConfusionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !snapshot_ ? 0 : static_cast<int>(snapshot_->model.classes.size());
}

int ConfusionModel::columnCount(const QModelIndex& parent) const {
    return rowCount(parent);
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !snapshot_)
        return {};
    const std::uint32_t images = count(index.row(), index.column()), all = total(index.row());
    const QColor color = colorOf(all > 0 ? static_cast<double>(images) / all : 0);
    switch (role) {
    case Qt::DisplayRole:
        return images > 0 ? QString::number(images) : QString("·");
    case Qt::TextAlignmentRole:
        return {Qt::AlignCenter};
    case Qt::BackgroundRole:
        return color;
    case Qt::ForegroundRole:
        return textOn(color);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return tr("%1 of %2 images of %3 (%4) taken for %5")
            .arg(images)
            .arg(all)
            .arg(className(index.row()), percentOf(images, all), className(index.column()));
    default:
        return {};
    }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role == Qt::DisplayRole)
        return orientation == Qt::Vertical
                   ? tr("%1  %2").arg(className(section), percentOf(count(section, section), total(section)))
                   : className(section);
    if (role == Qt::ToolTipRole)
        return orientation == Qt::Vertical ? tr("True class, and the share of its images that are recognized")
                                           : tr("Predicted class");
    return {};
}

ConfusionView::ConfusionView(QWidget* parent)
    : NetworkView(parent), model_(new ConfusionModel(this)), caption_(new QLabel(this)),
      table_(new QTableView(this)) {
    caption_->setObjectName("confusionCaption");
    caption_->setWordWrap(true);
    caption_->setForegroundRole(QPalette::PlaceholderText);
    setUpTable(*table_, "confusion", tr("Confusion matrix: true classes by predicted ones"));
    table_->setModel(model_);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setMinimumHeight(110);
    table_->verticalHeader()->setDefaultSectionSize(20);
    table_->verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 1);
    table_->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->horizontalHeader()->setMinimumSectionSize(fontMetrics().horizontalAdvance("00000") + 10);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(4);
    layout->addWidget(caption_);
    layout->addWidget(table_, 1);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(table_, &QWidget::customContextMenuRequested, this, &ConfusionView::openMenu);
    show(nullptr);
}

void ConfusionView::show(const NetworkRun* run) {
    const auto snapshot = run != nullptr ? run->snapshot : nullptr;
    model_->show(snapshot);
    const bool any = model_->rowCount() > 0;
    table_->setVisible(any);
    caption_->setAlignment(any ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignCenter);
    caption_->setText(
        any ? tr("Test images: a row a true class with the share that is recognized, a column "
                 "a predicted class. %1 of %2 are recognized (%3%).")
                  .arg(std::lround(snapshot->test.accuracy * static_cast<double>(snapshot->images->size())))
                  .arg(snapshot->images->size())
                  .arg(100 * snapshot->test.accuracy, 0, 'f', 1)
            : tr("The confusion matrix appears with the next evaluation of a run."));
}

void ConfusionView::openMenu(const QPoint& position) {
    QMenu menu(this);
    menu.addAction(tr("Copy as CSV"), this, [this] {
        QApplication::clipboard()->setText(model_->toCsv());
        emit message(tr("Copied the confusion matrix"), false);
    });
    menu.exec(table_->viewport()->mapToGlobal(position));
}

} // namespace zipml::ui
