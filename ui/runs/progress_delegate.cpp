#include "ui/runs/progress_delegate.h"

#include "ui/theme/palette.h"

#include <QPainter>

#include <algorithm>

namespace zipml::ui {

void ProgressDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const double share = std::clamp(index.data(kShareRole).toDouble(), 0.0, 1.0);
    const QRect track(option.rect.left() + 4, option.rect.bottom() - 4, option.rect.width() - 8, 3);
    QRect done = track;
    done.setWidth(static_cast<int>(track.width() * share));
    // On a selected row the ground is what is done elsewhere.
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor bar = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Highlight);
    const QColor still = selected ? bar : option.palette.color(QPalette::PlaceholderText); // to be done
    painter->fillRect(track, faint(still, 0.35F));
    painter->fillRect(done, bar);
}

} // namespace zipml::ui
