#pragma once
/// A plot to work with: hover for values, wheel to zoom, drag to pan, double-click or 0 to fit, + and - to
/// zoom, context menu to export.

#include "ui/plot/draw.h"
#include "ui/plot/plot_file.h"

#include <QWidget>

class QCheckBox;
class QHBoxLayout;

namespace zipml::ui {

class LivePlot : public QWidget {
    Q_OBJECT
  public:
    /// @param name for accessibility, tests and file names: "loss"
    explicit LivePlot(const QString& name, QWidget* parent = nullptr);

    /// Replaces what is shown. Keeps the zoom that the person chose; else fits.
    void setCurves(const std::vector<Curve>& curves, const Axes& axes);
    /// What is shown while there are no curves.
    void setEmptyText(const QString& text) { emptyText_ = text; }
    /// Room beside the log check box for the page's own controls.
    QHBoxLayout* controls() const { return controls_; }

    void fit();
    void zoom(double factor);
    /// PNG, SVG or PDF as seen now, or the curves as CSV, by the name's ending. @throws InputError, RunError.
    void exportTo(const QString& file) const;
    [[nodiscard]] const std::vector<Curve>& curves() const { return curves_; }
    [[nodiscard]] QCustomPlot* plot() const { return plot_; }

  signals:
    /// Something to tell the person; `bad`: an error.
    void message(const QString& text, bool bad);

  protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void redraw();
    void showReadOut(const QPointF& position);
    void hideReadOut();
    void openMenu(const QPoint& position);
    void chooseExportFile(const QString& ending);

    QString name_;
    QString emptyText_;
    QCustomPlot* plot_;
    QHBoxLayout* controls_;
    QCheckBox* logarithmic_;
    QCPItemTracer* marker_;
    QCPItemText* readOut_;
    QCPItemText* empty_;
    std::vector<Curve> curves_;
    Axes axes_;
    bool fitted_ = true;           ///< the view follows the data
    bool bothLogarithmic_ = false; ///< where the box is ticked
};

} // namespace zipml::ui
