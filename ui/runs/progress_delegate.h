#pragma once
/// Draws a table cell as a slim progress bar with its text.

#include <QStyledItemDelegate>

namespace zipml::ui {

class ProgressDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace zipml::ui
