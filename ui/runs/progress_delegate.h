#pragma once
/// Draws a table cell as a slim progress bar with its text.

#include <QStyledItemDelegate>

namespace zipml::ui {

class ProgressDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    static constexpr int kShareRole = Qt::UserRole; ///< of a cell: 0 to 1

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace zipml::ui
