#include "ui/widgets/column_widths.h"

#include <QApplication>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kLeastText = 48, kLeastName = 120; // pixels that still say something

} // namespace

ColumnWidths::ColumnWidths(QTableView& table, int name, bool shrinks)
    : QObject(&table), table_(table), viewport_(table.viewport()), name_(name), shrinks_(shrinks),
      rowHeight_(table.verticalHeader()->defaultSectionSize()) {
    soon_.setSingleShot(true);
    soon_.setInterval(0);
    connect(&soon_, &QTimer::timeout, this, &ColumnWidths::measure);
    auto& header = *table.horizontalHeader();
    header.setSectionResizeMode(QHeaderView::Interactive);
    header.setStretchLastSection(false);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.viewport()->installEventFilter(this);
    const auto remeasure = [this] { soon_.start(); };
    const auto forget = [this] {
        wanted_.clear();
        soon_.start();
    };
    const auto& model = *table.model();
    connect(&model, &QAbstractItemModel::dataChanged, this, remeasure);
    connect(&model, &QAbstractItemModel::headerDataChanged, this, remeasure);
    connect(&model, &QAbstractItemModel::layoutChanged, this, remeasure);
    connect(&model, &QAbstractItemModel::rowsInserted, this, remeasure);
    connect(&model, &QAbstractItemModel::columnsInserted, this, forget);
    connect(&model, &QAbstractItemModel::modelReset, this, forget);
    connect(&header, &QHeaderView::sectionCountChanged, this, forget);
    connect(&header, &QHeaderView::sectionResized, this, [this](int column, int, int size) {
        if (!measuring_ && QApplication::mouseButtons().testFlag(Qt::LeftButton))
            dragged_[column] = size;
    });
    connect(table.verticalScrollBar(), &QScrollBar::valueChanged, this, remeasure);
    fitRows();
    soon_.start();
}

bool ColumnWidths::eventFilter(QObject* watched, QEvent* event) {
    if (watched == viewport_) {
        if (event->type() == QEvent::FontChange) {
            wanted_.clear();
            fitRows();
        }
        if (event->type() == QEvent::Resize || event->type() == QEvent::Show ||
            event->type() == QEvent::FontChange)
            soon_.start();
    }
    return QObject::eventFilter(watched, event);
}

/// Larger type needs higher rows.
void ColumnWidths::fitRows() {
    constexpr int kAround = 8; // pixels above and below the text together
    table_.verticalHeader()->setDefaultSectionSize(
        std::max(rowHeight_, QFontMetrics(table_.font()).height() + kAround));
}

bool ColumnWidths::isNumber(int column) const {
    const auto side = table_.model()->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
    return (side & Qt::AlignRight) != 0;
}

/// Of all rows where they are few, else of those that are seen: thousands have no time to wait for.
void ColumnWidths::measure() {
    const auto& model = *table_.model();
    const int columns = model.columnCount();
    wanted_.resize(static_cast<std::size_t>(columns), 0);
    constexpr int kFew = 100;
    const bool few = model.rowCount() <= kFew;
    const int first = few ? 0 : std::max(0, table_.rowAt(0));
    int last = few ? -1 : table_.rowAt(table_.viewport()->height() - 1);
    last = last < 0 ? model.rowCount() - 1 : last;
    struct Shown {
        int column, width;
    };
    std::vector<Shown> shown;
    int whole = 0;
    for (int column = 0; column < columns; ++column) {
        if (table_.isColumnHidden(column))
            continue;
        int& wanted = wanted_[static_cast<std::size_t>(column)];
        wanted = std::max(wanted, table_.horizontalHeader()->sectionSizeHint(column));
        for (int row = first; row <= last; ++row)
            wanted = std::max(wanted, table_.sizeHintForIndex(model.index(row, column)).width());
        const auto dragged = dragged_.find(column);
        shown.push_back({column, dragged != dragged_.end() ? dragged->second : wanted});
        whole += shown.back().width;
    }
    int lacking = whole - table_.viewport()->width();
    const auto shrink = [&](auto which, int least) {
        int give = 0; // what these can
        for (const auto& each : shown)
            if (which(each.column) && !dragged_.contains(each.column))
                give += std::max(0, each.width - least);
        const int taken = std::min(give, lacking);
        for (auto& each : shown)
            if (which(each.column) && !dragged_.contains(each.column) && taken > 0)
                each.width -= std::max(0, each.width - least) * taken / give;
        lacking -= std::max(0, taken);
    };
    if (lacking > 0 && shrinks_)
        shrink([&](int column) { return column != name_ && !isNumber(column); }, kLeastText);
    if (lacking > 0 && shrinks_)
        shrink([&](int column) { return column == name_; }, kLeastName);
    measuring_ = true;
    for (const auto& each : shown) {
        const int rest = each.column == name_ && lacking < 0 ? -lacking : 0;
        if (table_.columnWidth(each.column) != each.width + rest)
            table_.setColumnWidth(each.column, each.width + rest);
    }
    measuring_ = false;
}

} // namespace zipml::ui
