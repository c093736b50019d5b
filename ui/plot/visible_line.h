#pragma once
/// The part of a line that is seen, so that what drawing costs does not grow with the zoom: Qt strokes every
/// dash of a line however far outside it lies.

#include <QPointF>
#include <QRectF>
#include <QVector>

#include <vector>

namespace zipml::ui {

/// Points that are joined; both ends lie inside of the view or on its edge.
struct LinePiece {
    QVector<QPointF> points;
    double before = 0; ///< length of the line up to here, for the phase of dashes
};

/// @param line in pixels; where a coordinate is no finite number, the line is interrupted
/// @param view where it is seen
std::vector<LinePiece> visiblePieces(const QVector<QPointF>& line, const QRectF& view);

/// Without points that lie on the line between their neighbours, as far as can be seen.
/// @param tolerance pixels that the line may move
QVector<QPointF> simplified(const QVector<QPointF>& points, double tolerance);

} // namespace zipml::ui
