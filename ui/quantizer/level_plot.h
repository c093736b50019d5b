#pragma once
/// A plot of values whose levels can be moved: with the mouse, or level by level with the keyboard.

#include "ui/plot/live_plot.h"
#include "ui/quantizer/level_editor.h"

#include <optional>

namespace zipml::ui {

/// Tab goes from level to level, arrows move the selected one (Shift: in finer steps), Insert adds one beside
/// it, Delete removes it, Esc lets go of it. A click beside all levels picks a value.
class LevelPlot : public LivePlot {
    Q_OBJECT
  public:
    /// @param editor outlives this; what it holds is what can be moved
    LevelPlot(LevelEditor& editor, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] std::optional<std::size_t> selected() const { return selected_; }
    void select(std::optional<std::size_t> level);
    /// In the middle behind the selected level; with none, of the widest interval.
    void insertLevel();
    /// The selected one.
    void removeLevel();

  signals:
    void levelsEdited();
    void selectionChanged();
    void valuePicked(double value);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void focusInEvent(QFocusEvent* event) override;
    /// Of the level that is dragged, while one is: what else is near is not what is being placed.
    [[nodiscard]] std::optional<ReadOut> readOutAt(const QPointF& position) const override;

  private:
    /// The one under the mouse that can be moved.
    [[nodiscard]] std::optional<std::size_t> levelAt(const QPointF& position) const;
    bool press(const QMouseEvent& event);
    bool moveTo(const QMouseEvent& event);
    bool release(const QMouseEvent& event);
    void moveSelected(double share);

    LevelEditor& editor_;
    std::optional<std::size_t> selected_;
    bool dragging_ = false;
    bool letGo_ = false; ///< by Esc: the next Tab leaves the plot
    QPointF pressedAt_;
};

} // namespace zipml::ui
