#pragma once
/// Undo and redo of every setting in the experiment panel. It listens to all controls in the panel, whatever
/// sections that has; changes that come together (a choice that moves others) are one step, and so is moving
/// one control for a while.

#include "core/lab/run_spec.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

namespace zipml::ui {

class ExperimentPanel;

class SettingsHistory : public QObject {
    Q_OBJECT
  public:
    explicit SettingsHistory(ExperimentPanel& panel, QObject* parent = nullptr);

    [[nodiscard]] QAction* undoAction() const { return undo_; }
    [[nodiscard]] QAction* redoAction() const { return redo_; }
    /// Whether Ctrl+Z and Ctrl+Shift+Z are its own: other pages have their own undo.
    void setKeysActive(bool active);
    /// The panel's settings, or where a text is not understood the last that were.
    const RunSpec& settings();
    /// Forgets the steps: another session was opened.
    void restart();

  signals:
    void changed();

  protected:
    /// Keeps text fields from taking Ctrl+Z for themselves.
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    class Step;
    void note();
    void show(const RunSpec& spec);

    ExperimentPanel& panel_;
    RunSpec settings_;
    QObject* moved_ = nullptr; ///< the control that the person moved; others may have followed it
    QTimer soon_;              ///< gathers the changes of one turn of the event loop
    QUndoStack stack_;
    QAction *undo_, *redo_;
    bool showing_ = false;
};

} // namespace zipml::ui
