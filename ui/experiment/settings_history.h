#pragma once
/// The history undoes and redoes every setting of the experiment. Changes that come together (a choice that
/// moves others) are one step, and so is moving one control for a while.

#include "core/lab/run_spec.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <functional>

namespace zipml::ui {

class ExperimentModel;

class SettingsHistory : public QObject {
    Q_OBJECT
  public:
    /// @param experiment outlives this
    explicit SettingsHistory(ExperimentModel& experiment);

    [[nodiscard]] QAction* undoAction() const { return undo_; }
    [[nodiscard]] QAction* redoAction() const { return redo_; }
    /// Whether Ctrl+Z and Ctrl+Shift+Z are its own: other pages have their own undo.
    void setKeysActive(bool active);
    /// The experiment's settings, or where they are wrong the last that were not.
    const RunSpec& settings();
    /// Forgets the steps: another session was opened.
    void restart();
    /// What `change` does to settings and runs becomes one step.
    /// @param text what it did, behind "Undo" @param beside called when it is undone, and done again
    void together(const QString& text, const std::function<void()>& change,
                  const std::function<void(bool undone)>& beside = {});

    /// From the experiment: a control was moved.
    void moved(QObject* control);
    /// Likewise: settings were set from outside, perhaps such that have no control.
    void replaced();

  signals:
    void changed();

  private:
    class Step;
    void note();
    void show(const RunSpec& spec);

    ExperimentModel& experiment_;
    RunSpec settings_;
    QObject* moved_ = nullptr; ///< the control that the person moved; others may have followed it
    QTimer soon_;              ///< gathers the changes of one turn of the event loop
    QUndoStack stack_;
    QAction *undo_, *redo_;
    bool showing_ = false;
};

} // namespace zipml::ui
