#include "ui/plot/legend.h"

#include "ui/plot/draw.h"
#include "ui/plot/zero_strip.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace zipml::ui {
namespace {

/// So many places of all curves are looked at: enough to see where they run, few enough for every redraw.
constexpr qsizetype kPlaces = 6000;
/// Of the axes' room: a legend inside takes no more.
constexpr double kLargest = 0.6;
/// Of the plot's height: rows below take no more, and from the lower one on it stands beside if it can.
constexpr double kMostBelow = 0.25, kHighBelow = 0.12;
/// Of the plot's width: a legend beside takes no more.
constexpr double kMostBeside = 0.35;
constexpr double kClear = 3; // pixels between the legend and curves
/// Lines of text: in a plot that is lower the curves need all of its height, and the table of runs has the
/// colours too.
constexpr int kLowest = 14;
// Properties of the plot: the entries that stand outside; whether there was no room for the legend.
constexpr const char* kOutside = "legendOutside";
constexpr const char* kNoRoom = "legendWithoutRoom";
const Qt::Alignment kFirstCorner = Qt::AlignTop | Qt::AlignRight;

/// A line that looks so, with what that stands for.
class LookItem final : public QCPAbstractLegendItem {
  public:
    LookItem(QCPLegend& legend, const LegendEntry& entry, const PlotColors& colors)
        : QCPAbstractLegendItem(&legend), text_(entry.text) {
        setSelectable(false);
        Curve curve;
        curve.run = kNoRun;
        curve.look = entry.look;
        pen_ = dashed(QPen(colorOf(curve, colors), entry.heavy ? 2.4 + kHeavier : 2.4),
                      entry.look.dash.value_or(0));
        lined_ = entry.look.run || entry.look.ramp || entry.look.dash;
    }

    [[nodiscard]] QSize minimumOuterSizeHint() const override {
        const QSize text = QFontMetrics(font()).size(0, text_);
        const QMargins around = margins();
        const int height = std::max(text.height(), parentLegend()->iconSize().height());
        return {textBegins() + text.width() + around.left() + around.right(),
                height + around.top() + around.bottom()};
    }

  protected:
    void draw(QCPPainter* painter) override {
        if (lined_) {
            painter->setAntialiasing(true);
            painter->setPen(pen_);
            const double y = rect().center().y() + 0.5;
            painter->drawLine(QPointF(rect().left(), y),
                              QPointF(rect().left() + parentLegend()->iconSize().width(), y));
        }
        painter->setFont(font());
        painter->setPen(QPen(textColor()));
        painter->drawText(QRectF(rect()).adjusted(textBegins(), 0, 0, 0),
                          Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip, text_);
    }

  private:
    /// A text without a line begins where lines do.
    [[nodiscard]] int textBegins() const {
        return lined_ ? parentLegend()->iconSize().width() + parentLegend()->iconTextPadding() : 0;
    }

    QString text_;
    QPen pen_;
    bool lined_;
};

/// What the legend would say if it had room for everything.
QStringList textsOf(const std::vector<Curve>& curves, const Axes& axes) {
    QStringList texts;
    for (const auto& entry : axes.entries)
        texts << entry.text;
    for (const auto& curve : curves)
        if (axes.entries.empty() && curve.inLegend())
            texts << curve.name;
    return texts;
}

/// The legend's entries: its grid may have cells with nothing in them, which QCPLegend::itemCount counts.
std::vector<QCPAbstractLegendItem*> itemsOf(const QCPLegend& legend) {
    std::vector<QCPAbstractLegendItem*> items;
    for (int cell = 0; cell < legend.elementCount(); ++cell)
        if (auto* item = qobject_cast<QCPAbstractLegendItem*>(legend.elementAt(cell)))
            items.push_back(item);
    return items;
}

/// Leaves as many entries, of which the last then says how many there are beside those.
void shorten(QCPLegend& legend, qsizetype all, qsizetype most) {
    if (all <= most)
        return;
    const qsizetype kept = std::max<qsizetype>(most - 1, 1);
    const auto items = itemsOf(legend);
    for (auto i = static_cast<qsizetype>(items.size()); i-- > kept;)
        legend.removeItem(items[static_cast<std::size_t>(i)]);
    const auto more = LegendEntry{QObject::tr("and %1 more").arg(all - kept), {}};
    legend.addItem(new LookItem(legend, more, PlotColors::light())); // has no colour to show
}

enum class LegendPlace { Inside, Below, Beside };

LegendPlace placeOfLegend(const QCustomPlot& plot) {
    if (plot.axisRect()->insetLayout()->elementCount() > 0)
        return LegendPlace::Inside;
    return isLegendBeside(plot) ? LegendPlace::Beside : LegendPlace::Below;
}

/// Places along the curves, in pixels, as they are with the legend inside.
std::vector<QPointF> placesOf(const QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    constexpr double kStep = 6; // pixels along a line
    const qsizetype share = kPlaces / std::max<qsizetype>(1, static_cast<qsizetype>(curves.size()));
    const qsizetype most = std::clamp<qsizetype>(share, 12, 400);
    std::vector<QPointF> places;
    for (const auto& curve : curves) {
        if (curve.role == CurveRole::Contour)
            continue;
        const bool joined = curve.role == CurveRole::Main || curve.role == CurveRole::Secondary ||
                            curve.role == CurveRole::Reference || curve.role == CurveRole::Roof;
        const qsizetype stride = std::max<qsizetype>(1, curve.x.size() / most);
        std::optional<QPointF> before;
        for (qsizetype i = 0; i < curve.x.size(); i += stride) {
            const auto place = placeOf(plot, axes, curve.x[i], curve.y[i]);
            const auto join = [&](const QPointF& from, const QPointF& to) {
                const QPointF way = to - from;
                const int steps =
                    static_cast<int>(std::ceil(std::min(std::hypot(way.x(), way.y()) / kStep, 64.0)));
                for (int step = 1; step < steps; ++step)
                    places.push_back(from + way * (static_cast<double>(step) / steps));
            };
            if (place && before && joined)
                join(*before, *place);
            if (place && before && curve.role == CurveRole::Front) { // a staircase
                join(*before, {place->x(), before->y()});
                join({place->x(), before->y()}, *place);
            }
            if (place)
                places.push_back(*place);
            before = place;
        }
    }
    const QRectF frame = plot.axisRect()->rect();
    const QRectF legend = plot.legend->outerRect();
    const LegendPlace now = placeOfLegend(plot);
    const double higher = now == LegendPlace::Below ? 1 + legend.height() / frame.height() : 1;
    const double wider = now == LegendPlace::Beside ? 1 + legend.width() / frame.width() : 1;
    for (QPointF& place : places)
        place = {frame.left() + (place.x() - frame.left()) * wider,
                 frame.top() + (place.y() - frame.top()) * higher};
    return places;
}

QRectF inCorner(const QRectF& room, QSizeF size, Qt::Alignment corner) {
    QRectF place({}, size);
    if (corner & Qt::AlignTop)
        place.moveTop(room.top());
    else
        place.moveBottom(room.bottom());
    if (corner & Qt::AlignLeft)
        place.moveLeft(room.left());
    else
        place.moveRight(room.right());
    return place;
}

constexpr double kAsSmall = 0.001; // stretch of a row or column that is as small as it can be

int rowOfAxes(const QCustomPlot& plot) {
    auto& layout = *plot.plotLayout();
    int row = 0;
    while (row + 1 < layout.rowCount() && layout.element(row, 0) != plot.axisRect())
        ++row;
    return row;
}

/// From where it is, to be put elsewhere.
void takeAway(QCustomPlot& plot) {
    if (plot.legend->layout() != nullptr)
        plot.legend->layout()->take(plot.legend);
    plot.plotLayout()->simplify();
}

void inOneColumn(QCPLegend& legend) {
    legend.setMargins({7, 5, 7, 4}); // as QCustomPlot has them
    legend.setWrap(0);
    legend.setFillOrder(QCPLayoutGrid::foRowsFirst, true);
}

void putInside(QCustomPlot& plot, Qt::Alignment corner) {
    auto& inset = *plot.axisRect()->insetLayout();
    if (placeOfLegend(plot) != LegendPlace::Inside) {
        takeAway(plot);
        inset.addElement(plot.legend, corner);
        inOneColumn(*plot.legend);
    }
    inset.setInsetAlignment(0, corner);
}

void putBelow(QCustomPlot& plot, int columns) {
    if (placeOfLegend(plot) != LegendPlace::Below) {
        takeAway(plot);
        const int row = plot.plotLayout()->rowCount();
        plot.plotLayout()->addElement(row, 0, plot.legend);
        plot.plotLayout()->setRowStretchFactor(row, kAsSmall);
    }
    plot.legend->setWrap(columns);
    plot.legend->setFillOrder(QCPLayoutGrid::foColumnsFirst, true);
}

void putBeside(QCustomPlot& plot) {
    if (placeOfLegend(plot) != LegendPlace::Beside) {
        takeAway(plot);
        plot.plotLayout()->addElement(rowOfAxes(plot), 1, plot.legend);
        plot.plotLayout()->setColumnStretchFactor(1, kAsSmall);
    }
    inOneColumn(*plot.legend);
}

/// The corner where the legend hides nothing, preferably where it is.
std::optional<Qt::Alignment> freeCorner(const QCustomPlot& plot, const std::vector<Curve>& curves,
                                        const Axes& axes, const QRectF& room, QSizeF size) {
    const auto places = placesOf(plot, curves, axes);
    const auto hidesNothing = [&](Qt::Alignment corner) {
        const QRectF lies = inCorner(room, size, corner).adjusted(-kClear, -kClear, kClear, kClear);
        return std::ranges::none_of(places, [&](QPointF place) { return lies.contains(place); });
    };
    if (axes.legendLeft)
        return Qt::AlignTop | Qt::AlignLeft;
    if (placeOfLegend(plot) == LegendPlace::Inside)
        if (const auto now = plot.axisRect()->insetLayout()->insetAlignment(0); hidesNothing(now))
            return now;
    for (const Qt::Alignment corner : {kFirstCorner, Qt::AlignBottom | Qt::AlignLeft,
                                       Qt::AlignBottom | Qt::AlignRight, Qt::AlignTop | Qt::AlignLeft})
        if (hidesNothing(corner))
            return corner;
    return std::nullopt;
}

} // namespace

bool isLegendBeside(const QCustomPlot& plot) {
    return plot.plotLayout()->columnCount() > 1;
}

bool hasRoom(const QCPLegend& legend) {
    return itemsOf(legend).size() < kLegendEntries;
}

void completeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes,
                    const PlotColors& colors) {
    auto& legend = *plot.legend;
    for (const auto& entry : axes.entries)
        if (hasRoom(legend))
            legend.addItem(new LookItem(legend, entry, colors)); // the legend owns its items
    shorten(legend, textsOf(curves, axes).size(), kLegendEntries);
    legend.setVisible(axes.legend && !itemsOf(legend).empty());
    plot.setProperty(kNoRoom, false);
}

bool placeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    const QRectF frame = plot.axisRect()->rect();
    auto& legend = *plot.legend;
    const LegendPlace before = placeOfLegend(plot);
    if (frame.width() < 2 || frame.height() < 2)
        return false;
    if (plot.property(kNoRoom).toBool())
        legend.setVisible(true);
    plot.setProperty(kNoRoom, false);
    const auto inside = [&](Qt::Alignment corner) {
        putInside(plot, corner);
        plot.setProperty(kOutside, {});
        return before != LegendPlace::Inside;
    };
    if (!legend.visible())
        return inside(kFirstCorner);
    const bool low = plot.viewport().height() < kLowest * QFontMetrics(legend.font()).height();
    const QSize whole = plot.viewport().size();
    const QStringList texts = textsOf(curves, axes);
    const QFontMetrics metrics(legend.font());
    const int high = std::max(metrics.height(), legend.iconSize().height());
    int wide = 0;
    for (const QString& text : texts)
        wide = std::max(wide, metrics.horizontalAdvance(text));
    wide += legend.iconSize().width() + legend.iconTextPadding();
    const QMargins around = legend.margins();
    const QSizeF size(wide + around.left() + around.right(),
                      static_cast<double>(texts.size() * high) + around.top() + around.bottom());
    QRectF room = frame.marginsRemoved(plot.axisRect()->insetLayout()->margins());
    if (before == LegendPlace::Below)
        room.setBottom(room.bottom() + legend.outerRect().height());
    if (before == LegendPlace::Beside)
        room.setRight(room.right() + legend.outerRect().width());
    const bool fits = texts.size() <= kLegendEntries && size.width() <= kLargest * room.width() &&
                      size.height() <= kLargest * room.height();
    // While curves grow it stays outside, else it would jump.
    const QStringList now = texts + QStringList(QString("%1 x %2").arg(whole.width()).arg(whole.height()));
    const bool stays = before != LegendPlace::Inside && plot.property(kOutside).toStringList() == now;
    const auto corner = fits && !stays && !low ? freeCorner(plot, curves, axes, room, size) : std::nullopt;
    if (corner)
        return inside(*corner);
    constexpr int kGap = 12; // pixels between columns and beside them
    legend.setColumnSpacing(kGap);
    const int columns = std::max(1, (whole.width() - 2 * kGap) / (wide + kGap));
    const auto rows = std::max(1, static_cast<int>(kMostBelow * whole.height() / high));
    const auto lines = (texts.size() + columns - 1) / columns;
    // As high as the axes are with their numbers.
    const double line = plot.axisRect()->outerRect().height() +
                        (before == LegendPlace::Below ? legend.outerRect().height() : 0);
    const bool highBelow = low || static_cast<double>(lines * high) > kHighBelow * whole.height();
    const bool beside = highBelow && texts.size() <= kLegendEntries &&
                        size.width() <= kMostBeside * whole.width() && size.height() <= line;
    if (low && !beside) {
        plot.setProperty(kNoRoom, true);
        legend.setVisible(false);
        return inside(kFirstCorner);
    }
    if (beside) {
        putBeside(plot);
    } else {
        shorten(legend, texts.size(), std::min(columns * rows, kLegendEntries));
        putBelow(plot, columns);
    }
    legend.setBorderPen(Qt::NoPen);
    plot.setProperty(kOutside, now);
    return before != placeOfLegend(plot);
}

} // namespace zipml::ui
