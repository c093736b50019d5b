#pragma once
/// The history undoes and redoes every setting of the experiment, and what removes its runs or networks: they
/// come back with their curves. Changes that come together (a choice that moves others) are one step, and so is moving
/// one control for a while.

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
    /// Which steps Ctrl+Z and Ctrl+Shift+Z are for: other pages have their own undo, or show no settings.
    enum class Keys { Nothing, OtherSteps, All };
    void setKeys(Keys keys);
    /// The experiment's settings, or where they are wrong the last that were not.
    const RunSpec& settings();
    /// Forgets the steps: from here on it can be undone.
    void restart();
    /// What `change` does to settings, to what runs there are, and to their ticks becomes one step.
    /// @param text what it did, behind "Undo" @param beside called when it is undone, and done again
    void together(const QString& text, const std::function<void()>& change,
                  const std::function<void(bool undone)>& beside = {});
    /// A step of others, which has been done. @param text behind "Undo" @param go undoes it (true) and does it
    /// again @param forget called once it can be neither, with whether it was done last
    void add(const QString& text, const std::function<void(bool undone)>& go,
             const std::function<void(bool done)>& forget);

    /// From the experiment: a control was moved.
    void moved(QObject* control);
    /// Likewise: settings were set from outside, perhaps such that have no control.
    void replaced();

  signals:
    void changed();

  private:
    class Step;
    class OtherStep;
    struct Change;
    void note();
    void updateKeys();
    void show(const RunSpec& spec);
    void noteRemoved(const QList<int>& ids);

    ExperimentModel& experiment_;
    RunSpec settings_;
    QObject* moved_ = nullptr; ///< the control that the person moved; others may have followed it
    QTimer soon_;              ///< gathers the changes of one turn of the event loop
    QUndoStack stack_;
    QAction *undo_, *redo_;
    Keys keys_ = Keys::All;
    bool showing_ = false;  ///< a step is undone or redone
    bool together_ = false; ///< what happens is noted at its end
};

} // namespace zipml::ui
