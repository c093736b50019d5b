#include "ui/plot/legend.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace zipml::ui {
namespace {

/// As many points of a curve are looked at: enough to see where it runs, few enough for every redraw.
constexpr qsizetype kPointsOfCurve = 200;

/// Places of the curves' points, in pixels.
std::vector<QPointF> placesOf(const QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    std::vector<QPointF> places;
    for (const auto& curve : curves) {
        const qsizetype stride = std::max<qsizetype>(1, curve.x.size() / kPointsOfCurve);
        for (qsizetype i = 0; i < curve.x.size(); i += stride)
            if (std::isfinite(curve.y[i]) && (!axes.logarithmic || curve.y[i] > 0) &&
                (!axes.logarithmicX || curve.x[i] > 0))
                places.emplace_back(plot.xAxis->coordToPixel(curve.x[i]),
                                    plot.yAxis->coordToPixel(curve.y[i]));
    }
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

} // namespace

void placeLegend(QCustomPlot& plot, const std::vector<Curve>& curves, const Axes& axes) {
    const QRectF room =
        QRectF(plot.axisRect()->rect()).marginsRemoved(plot.axisRect()->insetLayout()->margins());
    const QSizeF size = plot.legend->minimumOuterSizeHint();
    if (!plot.legend->visible() || axes.legendLeft || size.width() > room.width())
        return;
    const auto places = placesOf(plot, curves, axes);
    const auto hidden = [&](Qt::Alignment corner) {
        const QRectF below = inCorner(room, size, corner);
        return std::ranges::count_if(places, [&](QPointF place) { return below.contains(place); });
    };
    using Corner = Qt::Alignment;
    const std::array corners{Corner(Qt::AlignTop | Qt::AlignRight), Corner(Qt::AlignBottom | Qt::AlignLeft),
                             Corner(Qt::AlignBottom | Qt::AlignRight), Corner(Qt::AlignTop | Qt::AlignLeft)};
    const Corner best = *std::ranges::min_element(corners, {}, hidden);
    auto& inset = *plot.axisRect()->insetLayout();
    constexpr double kClearly = 0.005; // of all points
    if (static_cast<double>(hidden(inset.insetAlignment(0)) - hidden(best)) >
        kClearly * static_cast<double>(places.size()))
        inset.setInsetAlignment(0, best);
}

} // namespace zipml::ui
