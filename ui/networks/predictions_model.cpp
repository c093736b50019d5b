#include "ui/networks/predictions_model.h"

#include "core/deep/trained_network.h"
#include "ui/networks/network_images.h"
#include "ui/theme/palette.h"

#include <QPainter>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kSide = 56, kMargin = 4;
constexpr int kRight = 2, kWrong = 1; // colours, as indices into the palette

} // namespace

void PredictionsModel::show(std::shared_ptr<const NetworkSnapshot> snapshot) {
    const bool sameImages = snapshot && snapshot_ && snapshot->images == snapshot_->images &&
                            !snapshot->test.predicted.empty() && !wrongOnly_;
    if (sameImages) { // the selection and the place stay
        snapshot_ = std::move(snapshot);
        if (!rows_.empty())
            emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    snapshot_ = snapshot && !snapshot->test.predicted.empty() ? std::move(snapshot) : nullptr;
    list();
    endResetModel();
}

void PredictionsModel::setFilter(bool wrongOnly, int label) {
    beginResetModel();
    wrongOnly_ = wrongOnly;
    label_ = label;
    list();
    endResetModel();
}

void PredictionsModel::list() {
    rows_.clear();
    for (std::size_t i = 0; snapshot_ && i < snapshot_->images->size(); ++i) {
        const int truth = snapshot_->images->labels[i];
        if ((!wrongOnly_ || truth != snapshot_->test.predicted[i]) && (label_ < 0 || label_ == truth))
            rows_.push_back(i);
    }
}

int PredictionsModel::rowOf(std::size_t image) const {
    const auto found = std::ranges::lower_bound(rows_, image);
    return found != rows_.end() && *found == image ? static_cast<int>(found - rows_.begin()) : -1;
}

std::vector<double> PredictionsModel::probabilities(int row) const {
    const std::size_t classes = snapshot_->model.classes.size();
    return deep::softmax(std::span(snapshot_->test.outputs).subspan(image(row) * classes, classes));
}

int PredictionsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PredictionsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const std::size_t i = image(index.row());
    const auto name = [this](std::uint8_t label) {
        return QString::fromStdString(snapshot_->model.classes[label]);
    };
    const QString truth = name(snapshot_->images->labels[i]), predicted = name(snapshot_->test.predicted[i]);
    switch (role) {
    case Qt::DecorationRole:
        return toPicture(snapshot_->images->image(i), snapshot_->images->shape);
    case kTruthRole:
        return truth;
    case kPredictedRole:
        return predicted;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return truth == predicted ? tr("Test image %1: %2, recognized").arg(i + 1).arg(truth)
                                  : tr("Test image %1: %2, taken for %3").arg(i + 1).arg(truth, predicted);
    default:
        return {};
    }
}

QSize PredictionDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const {
    const int width = std::max(kSide, option.fontMetrics.horizontalAdvance("✗ automobile "));
    return {width + 2 * kMargin, kSide + 2 * option.fontMetrics.height() + 3 * kMargin};
}

void PredictionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    const PlotColors colors = PlotColors::ofApplication();
    const QString truth = index.data(PredictionsModel::kTruthRole).toString();
    const QString predicted = index.data(PredictionsModel::kPredictedRole).toString();
    const bool right = truth == predicted;
    painter->save();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
    const QRect inside = option.rect.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const QRect place(inside.left() + (inside.width() - kSide) / 2, inside.top(), kSide, kSide);
    painter->drawImage(place, index.data(Qt::DecorationRole).value<QImage>());
    if (!right) { // beside the mark, so that errors stand out of many
        painter->setPen(QPen(colors.run(kWrong), 2));
        painter->drawRect(place.adjusted(-1, -1, 0, 0));
    }
    const int line = option.fontMetrics.height();
    const QRect first(inside.left(), place.bottom() + kMargin, inside.width(), line);
    const auto draw = [&](const QRect& where, const QString& text, const QColor& color) {
        painter->setPen(selected ? option.palette.color(QPalette::HighlightedText) : color);
        painter->drawText(where, Qt::AlignHCenter | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(text, Qt::ElideRight, where.width()));
    };
    draw(first, truth, colors.text);
    draw(first.translated(0, line), (right ? "✓ " : "✗ ") + predicted, colors.run(right ? kRight : kWrong));
    painter->restore();
}

} // namespace zipml::ui
