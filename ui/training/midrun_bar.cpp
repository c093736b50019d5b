#include "ui/training/midrun_bar.h"

#include "core/lab/rules.h"
#include "core/lab/store_run.h"
#include "ui/experiment/experiment_model.h"
#include "ui/widgets/setting_words.h"
#include "ui/widgets/text.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

bool trains(const RunView& run) {
    return run.state == RunState::Running || run.state == RunState::Paused;
}

RunSpec withRounding(const RunSpec& spec, const RoundingWish& wish) {
    RunSpec changed = wish.estimator == spec.estimator ? spec : withEstimator(spec, wish.estimator);
    changed.bits = wish.bits;
    changed.grid = wish.grid;
    return changed;
}

QString inWords(const GridSpec& grid) {
    return grid.kind == GridKind::Given ? MidrunBar::tr("%1 levels by hand").arg(grid.levels.size())
                                        : toQt(entryOf(grid.kind).title);
}

/// "Bits 3 → 5"
QStringList differences(const RoundingWish& now, const RoundingWish& wanted) {
    QStringList all;
    if (now.estimator != wanted.estimator)
        all << MidrunBar::tr("%1 → %2").arg(toQt(entryOf(now.estimator).title),
                                            toQt(entryOf(wanted.estimator).title));
    if (now.bits != wanted.bits)
        all << MidrunBar::tr("%1 %2 → %3").arg(titleOf("bits")).arg(now.bits).arg(wanted.bits);
    if (now.grid != wanted.grid)
        all << MidrunBar::tr("%1 %2 → %3").arg(titleOf("grid"), inWords(now.grid), inWords(wanted.grid));
    return all;
}

} // namespace

QString whyNotGoOnWith(const RunSpec& spec, const RoundingWish& wish) {
    if (isStore(spec.data.source))
        return MidrunBar::tr("The samples come from a store, which is rounded for one estimator, width and "
                             "grid: train on the data file to change them");
    const RunSpec changed = withRounding(spec, wish);
    const auto conflicts = conflictsOf({.spec = changed});
    return conflicts.empty() ? QString() : inWindowWords(conflicts.front().message());
}

RoundingWish roundingOf(const RunView& run) {
    RoundingWish now{run.spec.estimator, run.spec.bits, run.spec.grid};
    if (run.epochs.empty())
        return now;
    const EpochRecord& last = run.epochs.back();
    now.estimator = last.estimator.value_or(now.estimator);
    now.grid = last.grid.value_or(now.grid);
    if (last.bits != VectorQuantizer::kOff)
        now.bits = last.bits;
    return now;
}

MidrunBar::MidrunBar(QWidget* parent)
    : QWidget(parent), text_(new QLabel(this)),
      apply_(new QPushButton(tr("Apply to the run from its next epoch"), this)) {
    setObjectName("midrunBar");
    text_->setObjectName("midrunText");
    text_->setWordWrap(true);
    apply_->setObjectName("midrunApply");
    apply_->setAutoDefault(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(4);
    column->addWidget(text_);
    column->addWidget(apply_);
    connect(apply_, &QPushButton::clicked, this, &MidrunBar::apply);
    hide();
}

void MidrunBar::follow(ExperimentModel& experiment, std::function<QList<int>()> targets) {
    experiment_ = &experiment;
    targets_ = std::move(targets);
    last_ = wanted();
    rows_ = experiment.runs().size();
    connect(&experiment, &ExperimentModel::changed, this, &MidrunBar::settingsChanged);
    connect(&experiment.runs(), &RunList::reset, this, [this] {
        const int before = std::exchange(rows_, experiment_->runs().size());
        if (rows_ > before) // another run is started with what was changed
            touched_ = false;
        update();
    });
    connect(&experiment.runs(), &RunList::rowChanged, this, [this] {
        if (touched_)
            update();
    });
}

RoundingWish MidrunBar::wanted() const {
    const RunSpec& draft = experiment_->draft();
    return {draft.estimator, draft.bits, draft.grid};
}

RoundingWish MidrunBar::wantedOf(const RunView& run) const {
    RoundingWish wish = wanted();
    const RoundingWish now = roundingOf(run);
    if (run.spec.store == StoreKind::AnyPrecision)
        wish.bits = now.bits;
    if (!estimatorOf(wish.estimator).quantized()) { // reads neither
        wish.bits = now.bits;
        wish.grid = now.grid;
    }
    return wish;
}

QList<int> MidrunBar::offered() const {
    QList<int> rows;
    for (const int row : targets_())
        if (const RunView& run = experiment_->runs().at(row); trains(run) && roundingOf(run) != wantedOf(run))
            rows << row;
    return rows;
}

void MidrunBar::settingsChanged() {
    const RoundingWish now = wanted();
    if (now != std::exchange(last_, now))
        touched_ = true;
    if (touched_)
        update();
}

void MidrunBar::update() {
    const QList<int> rows = touched_ ? offered() : QList<int>();
    if (rows.isEmpty()) {
        touched_ = touched_ && experiment_->runs().anyActive();
        hide();
        return;
    }
    const RunView& first = experiment_->runs().at(rows.first());
    QString why;
    for (const int row : rows)
        if (const RunView& run = experiment_->runs().at(row); why.isEmpty())
            why = whyNotGoOnWith(run.spec, wantedOf(run));
    const auto count = static_cast<int>(rows.size());
    const QString change = differences(roundingOf(first), wantedOf(first)).join(", ");
    const QString text = !why.isEmpty() ? tr("%1 does not go while it trains. %2.").arg(change, why)
                         : count == 1   ? tr("“%1” trains on as it was: %2?").arg(first.name, change)
                                        : tr("%1 runs train on as they were: %2?").arg(count).arg(change);
    if (text_->text() != text)
        text_->setText(text);
    apply_->setText(count == 1 ? tr("Apply to this run from its next epoch")
                               : tr("Apply to %1 runs from the next epoch").arg(count));
    apply_->setEnabled(why.isEmpty());
    apply_->setToolTip(why.isEmpty() ? tr("The run goes on with other roundings; Edit > Undo takes it back")
                                     : why);
    show();
}

void MidrunBar::apply() {
    std::map<int, RoundingWish> before, after; // by run
    for (const int row : offered()) {
        const RunView& run = experiment_->runs().at(row);
        before[run.id] = roundingOf(run);
        after[run.id] = wantedOf(run);
    }
    const auto set = [runs = &experiment_->runs()](const std::map<int, RoundingWish>& wishes) {
        for (int row = 0; row < runs->size(); ++row)
            if (const auto wish = wishes.find(runs->at(row).id); wish != wishes.end())
                runs->setRounding({row}, wish->second);
    };
    const auto count = static_cast<int>(after.size());
    experiment_->history().together(
        count == 1 ? tr("other roundings of a run") : tr("other roundings of %1 runs").arg(count),
        [&] { set(after); }, [set, before, after](bool undone) { set(undone ? before : after); });
    touched_ = false;
    update();
    emit message(count == 1 ? tr("The run follows from its next epoch")
                            : tr("%1 runs follow from the next epoch").arg(count),
                 false);
}

} // namespace zipml::ui
