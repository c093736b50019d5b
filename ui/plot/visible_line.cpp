#include "ui/plot/visible_line.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace zipml::ui {
namespace {

bool isFinite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// Between which shares of its length a segment is inside (Liang and Barsky 1984).
std::optional<std::pair<double, double>> sharesInside(const QPointF& from, const QPointF& to,
                                                      const QRectF& view) {
    double enters = 0, leaves = 1;
    const auto clip = [&](double towards, double distance) { // the edge at `distance`, going `towards` it
        if (towards == 0)
            return distance >= 0;
        const double share = distance / towards;
        if (towards < 0)
            enters = std::max(enters, share);
        else
            leaves = std::min(leaves, share);
        return enters <= leaves;
    };
    const QPointF way = to - from;
    const bool inside = clip(-way.x(), from.x() - view.left()) && clip(way.x(), view.right() - from.x()) &&
                        clip(-way.y(), from.y() - view.top()) && clip(way.y(), view.bottom() - from.y());
    return inside ? std::optional(std::pair(enters, leaves)) : std::nullopt;
}

} // namespace

std::vector<LinePiece> visiblePieces(const QVector<QPointF>& line, const QRectF& view) {
    const auto seen = [&](const QPointF& point) { // also false where a coordinate is no number
        return point.x() >= view.left() && point.x() <= view.right() && point.y() >= view.top() &&
               point.y() <= view.bottom();
    };
    if (line.size() > 1 && std::ranges::all_of(line, seen))
        return {{line}};
    std::vector<LinePiece> pieces;
    double length = 0;
    bool joins = false; // the last piece goes on
    for (qsizetype i = 1; i < line.size(); ++i) {
        const QPointF &from = line[i - 1], &to = line[i];
        if (!isFinite(from) || !isFinite(to)) {
            joins = false;
            length = 0;
            continue;
        }
        const QPointF way = to - from;
        const double size = std::hypot(way.x(), way.y());
        if (const auto shares = sharesInside(from, to, view)) {
            const auto [enters, leaves] = *shares;
            if (!joins || enters > 0)
                pieces.push_back({{enters > 0 ? from + enters * way : from}, length + enters * size});
            pieces.back().points << (leaves < 1 ? from + leaves * way : to);
            joins = leaves >= 1;
        } else {
            joins = false;
        }
        length += size;
    }
    return pieces;
}

QVector<QPointF> simplified(const QVector<QPointF>& points, double tolerance) {
    if (points.size() < 3)
        return points;
    QVector<QPointF> kept;
    kept.reserve(points.size());
    kept << points.front();
    // As long as points keep to the way that the first one took from the last kept point, and go on along it,
    // none of them is needed (Reumann and Witkam 1974).
    QPointF way; // of length 1; null: not known yet
    double reached = 0;
    const auto turns = [&](const QPointF& point) {
        const QPointF from = point - kept.back();
        if (way.isNull()) {
            const double distance = std::sqrt(QPointF::dotProduct(from, from));
            if (distance > tolerance) {
                way = from / distance;
                reached = distance;
            }
            return false;
        }
        const double along = QPointF::dotProduct(from, way);
        if (std::abs(from.x() * way.y() - from.y() * way.x()) > tolerance || along < reached - tolerance)
            return true;
        reached = std::max(reached, along);
        return false;
    };
    for (qsizetype i = 1; i < points.size(); ++i) {
        if (!turns(points[i]))
            continue;
        kept << points[i - 1];
        way = {};
        turns(points[i]);
    }
    kept << points.back();
    return kept;
}

} // namespace zipml::ui
