#include "ui/widgets/row_list.h"

#include <QHeaderView>

namespace zipml::ui {
namespace {

constexpr int kRowPadding = 5;

void alignRight(QTreeWidgetItem& item, const QList<int>& columns) {
    for (const int column : columns)
        item.setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

} // namespace

RowList::RowList(const QString& name, const QString& spoken, const QStringList& titles, QList<int> numbers,
                 QWidget* parent)
    : QTreeWidget(parent), numbers_(std::move(numbers)) {
    setObjectName(name);
    setAccessibleName(spoken);
    setHeaderLabels(titles);
    alignRight(*headerItem(), numbers_);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

QTreeWidgetItem* RowList::addRow(const QString& title, const QString& toolTip) {
    auto* item = new QTreeWidgetItem(this);
    item->setText(0, title);
    item->setToolTip(0, toolTip);
    item->setSizeHint(0, {0, fontMetrics().lineSpacing() + kRowPadding});
    alignRight(*item, numbers_);
    return item;
}

} // namespace zipml::ui
