#include "ui/data/column_delegates.h"

#include "ui/data/column_table_model.h"

#include <QApplication>
#include <QComboBox>
#include <QPainter>
#include <QTimer>

namespace zipml::ui {
namespace {

constexpr int kArrow = 14; ///< room for it

bool isUsed(const QModelIndex& index) {
    return index.data(ColumnTableModel::kUsedRole).toBool();
}

} // namespace

void ChoiceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    QStyleOptionViewItem styled = option;
    if (!isUsed(index))
        styled.palette.setColor(QPalette::Text, option.palette.color(QPalette::PlaceholderText));
    QStyledItemDelegate::paint(painter, styled, index);
    if (!(index.flags() & Qt::ItemIsEditable))
        return;
    QStyleOption arrow;
    arrow.palette = option.palette;
    arrow.state = option.state | QStyle::State_Enabled;
    arrow.rect = QRect(option.rect.right() - kArrow, option.rect.center().y() - 4, 9, 9);
    QApplication::style()->drawPrimitive(QStyle::PE_IndicatorArrowDown, &arrow, painter);
}

QSize ChoiceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(kArrow, 0);
}

QWidget* ChoiceDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                      const QModelIndex& index) const {
    auto* combo = new QComboBox(parent);
    combo->addItems(index.data(ColumnTableModel::kChoicesRole).toStringList());
    combo->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    auto* delegate = const_cast<ChoiceDelegate*>(this); // signals are not const
    connect(combo, &QComboBox::activated, delegate, [delegate, combo] {
        emit delegate->commitData(combo);
        emit delegate->closeEditor(combo);
    });
    QTimer::singleShot(0, combo, &QComboBox::showPopup); // once it has its place
    return combo;
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    static_cast<QComboBox*>(editor)->setCurrentIndex(index.data(Qt::EditRole).toInt());
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel* model,
                                  const QModelIndex& index) const {
    const int chosen = static_cast<QComboBox*>(editor)->currentIndex();
    if (chosen != index.data(Qt::EditRole).toInt())
        model->setData(index, chosen, Qt::EditRole);
}

void ColumnDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    if (!isUsed(index))
        option->palette.setColor(QPalette::Text, option->palette.color(QPalette::PlaceholderText));
}

void BarsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    ColumnDelegate::paint(painter, option, index);
    const auto bars = index.data(ColumnTableModel::kBarsRole).value<QList<double>>();
    if (bars.isEmpty())
        return;
    const QRectF area = QRectF(option.rect).adjusted(6, 3, -6, -3);
    const double width = area.width() / static_cast<double>(std::max<qsizetype>(bars.size(), 3));
    const bool selected = option.state & QStyle::State_Selected;
    const QColor color = option.palette.color(selected        ? QPalette::HighlightedText
                                              : isUsed(index) ? QPalette::Link
                                                              : QPalette::PlaceholderText);
    for (qsizetype i = 0; i < bars.size(); ++i) {
        if (!(bars[i] > 0))
            continue;
        const double height = std::max(1.0, bars[i] * area.height()); // a single row is seen
        painter->fillRect(QRectF(area.left() + static_cast<double>(i) * width, area.bottom() - height,
                                 std::max(1.0, width - 1), height),
                          color);
    }
    painter->fillRect(QRectF(area.left(), area.bottom(), width * static_cast<double>(bars.size()), 1), color);
}

} // namespace zipml::ui
