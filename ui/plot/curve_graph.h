#pragma once
/// A curve on a plot, drawn only as far as it is seen and only as finely as it can be seen.

#include "ui/plot/curve.h"

#include <qcustomplot.h>

namespace zipml::ui {

class CurveGraph final : public QCPGraph {
  public:
    /// The plot owns it.
    explicit CurveGraph(QCustomPlot& plot);

    /// Takes the points, which costs nothing where they are those that it has.
    /// @param positiveX, positiveY points at and below zero are gaps: they have no place on such an axis
    void show(const QVector<double>& x, const QVector<double>& y, bool positiveX, bool positiveY);
    /// In a crowd lines are a pixel wide and not smoothed, which is many times faster.
    void setCrowded(bool crowded) { crowded_ = crowded; }

  protected:
    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
    void drawImpulsePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
    void drawScatterPlot(QCPPainter* painter, const QVector<QPointF>& scatters,
                         const QCPScatterStyle& style) const override;

  private:
    [[nodiscard]] QRectF view(double reach) const;
    void drawPieces(QCPPainter* painter, const QVector<QPointF>& line) const;

    QVector<double> x_, y_;
    bool positiveX_ = false, positiveY_ = false;
    bool crowded_ = false;
};

} // namespace zipml::ui
