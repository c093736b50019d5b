#include "ui/experiment/settings_history.h"

#include "ui/experiment/experiment_model.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QElapsedTimer>

#include <nlohmann/json.hpp>

#include <utility>

namespace zipml::ui {
namespace {

constexpr qint64 kOneMoveMilliseconds = 1000;
constexpr int kMostSteps = 500; ///< runs that older ones removed are forgotten

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

struct SettingsHistory::Change {
    RunSpec before, after;
    QList<int> gone = {}, come = {}; ///< runs
    std::map<int, RunTick> ticksBefore = {}, ticksAfter = {};
    std::function<void(bool undone)> beside = {};
};

class SettingsHistory::Step : public QUndoCommand {
  public:
    Step(SettingsHistory& history, const QString& text, Change change, const QObject* moved = nullptr)
        : QUndoCommand(text), history_(history), moved_(moved), change_(std::move(change)) {
        age_.start();
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() override { runs().forget(done_ ? change_.gone : change_.come); }
    void undo() override { go(true); }
    void redo() override {
        if (!done_)
            go(false);
    }
    [[nodiscard]] int id() const override { return 1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const Step*>(other);
        if (moved_ == nullptr || next->moved_ != moved_ || next->text() != text() ||
            age_.elapsed() > kOneMoveMilliseconds)
            return false;
        change_.after = next->change_.after;
        age_.restart();
        setObsolete(change_.after == change_.before);
        return true;
    }

  private:
    [[nodiscard]] RunList& runs() const { return history_.experiment_.runs(); }
    void go(bool back) {
        done_ = !back;
        history_.showing_ = true;
        runs().takeOut(back ? change_.come : change_.gone);
        runs().putBack(back ? change_.gone : change_.come);
        runs().setTicks(back ? change_.ticksBefore : change_.ticksAfter);
        if (change_.before != change_.after)
            history_.show(back ? change_.before : change_.after);
        if (change_.beside)
            change_.beside(back);
        history_.showing_ = false;
    }

    SettingsHistory& history_;
    const QObject* moved_; ///< the control; null: it is no single control's
    Change change_;
    QElapsedTimer age_;
    bool done_ = true; ///< by the person, before it became a step
};

class SettingsHistory::OtherStep : public QUndoCommand {
  public:
    OtherStep(const QString& text, std::function<void(bool)> go, std::function<void(bool)> forget)
        : QUndoCommand(text), go_(std::move(go)), forget_(std::move(forget)) {}
    OtherStep(const OtherStep&) = delete;
    OtherStep& operator=(const OtherStep&) = delete;
    ~OtherStep() override { forget_(done_); }
    void undo() override {
        done_ = false;
        go_(true);
    }
    void redo() override {
        if (!std::exchange(done_, true))
            go_(false);
    }

  private:
    std::function<void(bool)> go_, forget_;
    bool done_ = true; ///< by the person, before it became a step
};

SettingsHistory::SettingsHistory(ExperimentModel& experiment) : experiment_(experiment) {
    soon_.setSingleShot(true);
    soon_.setInterval(0);
    connect(&soon_, &QTimer::timeout, this, &SettingsHistory::note);
    connect(&experiment_.runs(), &RunList::removed, this, &SettingsHistory::noteRemoved);
    stack_.setUndoLimit(kMostSteps);
    undo_ = stack_.createUndoAction(this, tr("Undo"));
    undo_->setStatusTip(tr("Take back the last change of the settings, or bring back removed runs"));
    redo_ = stack_.createRedoAction(this, tr("Redo"));
    redo_->setStatusTip(tr("Do again what was taken back"));
    connect(&stack_, &QUndoStack::indexChanged, this, &SettingsHistory::updateKeys);
    updateKeys();
}

void SettingsHistory::setKeys(Keys keys) {
    keys_ = keys;
    updateKeys();
}

void SettingsHistory::updateKeys() {
    const auto active = [this](int step) {
        return keys_ == Keys::All ||
               (keys_ == Keys::OtherSteps && dynamic_cast<const OtherStep*>(stack_.command(step)) != nullptr);
    };
    const QList<QKeySequence> none;
    undo_->setShortcuts(active(stack_.index() - 1) ? QList{QKeySequence(QKeySequence::Undo)} : none);
    redo_->setShortcuts(active(stack_.index()) ? QList{QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")}
                                               : none);
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
    const RunList& runs = experiment_.runs();
    Change made{settings_, settings_, {}, {}, runs.ticks(), {}, beside};
    together_ = true;
    change();
    together_ = false;
    soon_.stop();
    try {
        made.after = experiment_.spec();
    } catch (const InputError&) { // said when a run is started
    }
    made.ticksAfter = runs.ticks();
    for (const auto& [id, tick] : made.ticksBefore)
        if (!made.ticksAfter.contains(id))
            made.gone << id;
    for (const auto& [id, tick] : made.ticksAfter)
        if (!made.ticksBefore.contains(id))
            made.come << id;
    settings_ = made.after;
    stack_.push(new Step(*this, text, std::move(made)));
    emit changed();
}

void SettingsHistory::add(const QString& text, const std::function<void(bool undone)>& go,
                          const std::function<void(bool done)>& forget) {
    note();
    stack_.push(new OtherStep(text, go, forget));
}

void SettingsHistory::noteRemoved(const QList<int>& ids) {
    if (showing_ || together_)
        return;
    note();
    stack_.push(new Step(*this, ids.size() == 1 ? tr("remove a run") : tr("remove %1 runs").arg(ids.size()),
                         {settings_, settings_, ids}));
}

void SettingsHistory::note() {
    if (together_ || showing_)
        return;
    soon_.stop();
    RunSpec now;
    try {
        now = experiment_.spec();
    } catch (const InputError&) {
        return; // a text that is being typed
    }
    if (now == settings_)
        return;
    stack_.push(new Step(*this, differences(settings_, now), {settings_, now}, moved_));
    settings_ = now;
    emit changed();
}

void SettingsHistory::show(const RunSpec& spec) {
    experiment_.setSpec(spec);
    settings_ = spec;
    emit changed();
}

} // namespace zipml::ui
