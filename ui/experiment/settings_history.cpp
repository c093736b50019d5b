#include "ui/experiment/settings_history.h"

#include "ui/experiment/experiment_model.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QElapsedTimer>

#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

constexpr qint64 kOneMoveMilliseconds = 1000;

/// The settings in which they differ: "Bits, Estimator".
QString differences(const RunSpec& before, const RunSpec& after) {
    const nlohmann::json from = toJson(before), to = toJson(after);
    QStringList keys;
    for (const auto& [key, value] : from.items())
        if (to[key] != value)
            keys << titleOf(key);
    return keys.join(", ");
}

} // namespace

class SettingsHistory::Step : public QUndoCommand {
  public:
    Step(SettingsHistory& history, const QString& text, RunSpec before, RunSpec after,
         std::function<void(bool undone)> beside = {})
        : QUndoCommand(text), history_(history), moved_(beside ? nullptr : history.moved_),
          before_(std::move(before)), after_(std::move(after)), beside_(std::move(beside)) {
        age_.start();
    }
    void undo() override {
        go(true);
        done_ = false;
    }
    void redo() override {
        if (!done_)
            go(false);
        done_ = true;
    }
    [[nodiscard]] int id() const override { return 1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const Step*>(other);
        if (moved_ == nullptr || next->moved_ != moved_ || next->text() != text() ||
            age_.elapsed() > kOneMoveMilliseconds)
            return false;
        after_ = next->after_;
        age_.restart();
        setObsolete(after_ == before_);
        return true;
    }

  private:
    void go(bool back) {
        if (before_ != after_)
            history_.show(back ? before_ : after_);
        if (beside_)
            beside_(back);
    }

    SettingsHistory& history_;
    const QObject* moved_;
    RunSpec before_, after_;
    std::function<void(bool undone)> beside_;
    QElapsedTimer age_;
    bool done_ = true; ///< by the person, before it became a step
};

SettingsHistory::SettingsHistory(ExperimentModel& experiment) : experiment_(experiment) {
    soon_.setSingleShot(true);
    soon_.setInterval(0);
    connect(&soon_, &QTimer::timeout, this, &SettingsHistory::note);
    undo_ = stack_.createUndoAction(this, tr("Undo"));
    undo_->setStatusTip(tr("Take back the last change of the experiment's settings"));
    redo_ = stack_.createRedoAction(this, tr("Redo"));
    redo_->setStatusTip(tr("Make the change of the experiment's settings again"));
    setKeysActive(true);
}

void SettingsHistory::setKeysActive(bool active) {
    undo_->setShortcuts(active ? QList{QKeySequence(QKeySequence::Undo)} : QList<QKeySequence>());
    redo_->setShortcuts(active ? QList{QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")}
                               : QList<QKeySequence>());
}

void SettingsHistory::moved(QObject* control) {
    if (showing_)
        return;
    if (!soon_.isActive())
        moved_ = control;
    soon_.start();
}

void SettingsHistory::replaced() {
    if (showing_ || soon_.isActive())
        return;
    moved_ = nullptr; // perhaps of a setting without a control
    soon_.start();
}

const RunSpec& SettingsHistory::settings() {
    note();
    return settings_;
}

void SettingsHistory::restart() {
    soon_.stop();
    stack_.clear();
    try {
        settings_ = experiment_.spec();
    } catch (const InputError&) { // said when a run is started
    }
}

void SettingsHistory::together(const QString& text, const std::function<void()>& change,
                               const std::function<void(bool undone)>& beside) {
    note();
    const RunSpec before = settings_;
    change();
    soon_.stop();
    try {
        settings_ = experiment_.spec();
    } catch (const InputError&) { // said when a run is started
    }
    stack_.push(new Step(*this, text, before, settings_, beside));
    emit changed();
}

void SettingsHistory::note() {
    soon_.stop();
    RunSpec now;
    try {
        now = experiment_.spec();
    } catch (const InputError&) {
        return; // a text that is being typed
    }
    if (now == settings_)
        return;
    stack_.push(new Step(*this, differences(settings_, now), settings_, now));
    settings_ = now;
    emit changed();
}

void SettingsHistory::show(const RunSpec& spec) {
    showing_ = true;
    experiment_.setSpec(spec);
    showing_ = false;
    settings_ = spec;
    emit changed();
}

} // namespace zipml::ui
