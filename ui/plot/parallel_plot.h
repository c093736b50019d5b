#pragma once
/// Parallel coordinates: an upright axis a quantity, a line a row. Dragging along an axis brushes it: rows
/// outside of the brush turn faint, and whoever shows them elsewhere is told. A click on a line selects its
/// row. With the keyboard: Left and Right choose an axis, Up and Down move the brush, Shift with them its
/// length, Del takes it away.

#include "ui/theme/palette.h"

#include <QColor>
#include <QString>
#include <QVector>
#include <QWidget>

#include <optional>

namespace zipml::ui {

struct ParallelAxis {
    QString title;
    QVector<double> values;      ///< one a row; NaN: none, and the line has a gap
    QStringList categories = {}; ///< values are places among them; else a scale of numbers
    bool logarithmic = false;    ///< where all values are above 0
};

class ParallelPlot : public QWidget {
    Q_OBJECT
  public:
    explicit ParallelPlot(const QString& name, QWidget* parent = nullptr);

    /// Brushes stay where the axes have the same titles. @param looks one a row, whose colours are taken
    void setRows(const QVector<ParallelAxis>& axes, const QVector<RunLook>& looks);
    void setSelected(int row);
    /// What is shown without rows.
    void setEmptyText(const QString& text) { emptyText_ = text; }
    /// In units of the axis; none: away with it.
    void setBrush(int axis, std::optional<std::pair<double, double>> range);
    [[nodiscard]] const std::optional<std::pair<double, double>>& brushOf(int axis) const {
        return brushes_[axis];
    }
    /// One a row: within all brushes.
    [[nodiscard]] QVector<bool> passing() const;
    [[nodiscard]] const QVector<ParallelAxis>& axes() const { return axes_; }
    /// Where a row's line meets an axis; NaN: nowhere.
    [[nodiscard]] QPointF pointOf(int axis, int row) const;
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 160}; }

  signals:
    void brushed();
    void rowClicked(int row);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

  private:
    struct Range {
        double low = 0, high = 1;
        bool logarithmic = false;
    };
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] double xOf(int axis) const;
    [[nodiscard]] double yOf(int axis, double value) const;
    [[nodiscard]] double valueAt(int axis, double y) const;
    [[nodiscard]] int axisAt(const QPointF& position) const;
    [[nodiscard]] int rowAt(const QPointF& position) const;
    void drawLines(QPainter& painter, const QVector<bool>& passing) const;
    void drawAxis(QPainter& painter, int axis) const;
    void moveBrush(double by, double longer);

    QVector<ParallelAxis> axes_;
    QVector<Range> ranges_;
    QVector<std::optional<std::pair<double, double>>> brushes_;
    QVector<RunLook> looks_;
    QString emptyText_;
    int selected_ = -1, current_ = 0;
    std::optional<QPointF> pressed_;
    int dragged_ = -1; ///< the axis that is being brushed
};

} // namespace zipml::ui
