#include "ui/experiment/experiment_model.h"

#include "core/document/lesson.h"
#include "core/lab/rules.h"
#include "ui/experiment/data_preview.h"

#include <algorithm>

namespace zipml::ui {
namespace {

/// Whether the losses of a run and of one of these can be read side by side.
bool tellsOf(const RunSpec& run, const std::vector<RunSpec>& others) {
    return std::ranges::any_of(
        others, [&](const RunSpec& other) { return other.data == run.data && other.loss == run.loss; });
}

} // namespace

ExperimentModel::ExperimentModel(QObject* parent)
    : QObject(parent), history_(*this), preview_(new DataPreview(*this, this)) {}

const RunSpec& ExperimentModel::spec() const {
    if (!problem_.empty())
        throw InputError(problem_);
    return draft_;
}

void ExperimentModel::take(const RunSpec& draft, const std::string& problem) {
    draft_ = draft;
    problem_ = problem;
    if (!problem_.empty())
        return;
    try {
        validate(draft_);
    } catch (const InputError& error) {
        problem_ = error.what();
    }
}

void ExperimentModel::replace(const RunSpec& draft, SettingsPart part) {
    take(draft, {});
    emit replaced(part);
    history_.replaced();
    emit changed();
}

void ExperimentModel::setSpec(const RunSpec& spec) {
    RunSpec unnamed = spec;
    unnamed.name.clear();
    replace(unnamed, SettingsPart::All);
}

void ExperimentModel::setData(const DataSpec& data) {
    RunSpec spec = draft_;
    spec.data = data;
    replace(spec, SettingsPart::Data);
}

void ExperimentModel::chooseLoss(LossKind loss) {
    RunSpec spec = draft_;
    spec.loss = loss;
    if (!whyNotWith(spec.estimator, loss).empty())
        spec.estimator = EstimatorKind::Double; // goes with every loss
    replace(spec, SettingsPart::Loss);
}

void ExperimentModel::useLevels(const GridSpec& grid, int bits, std::optional<bool> shared) {
    RunSpec wanted = spec();
    wanted.grid = grid;
    wanted.bits = bits;
    wanted.sharedGrid = shared.value_or(wanted.sharedGrid);
    if (!whyUnused(wanted, "grid").empty())
        wanted.estimator = EstimatorKind::Double; // full precision has no levels
    constexpr std::string_view kept[] = {"grid", "bits", "shared_grid"};
    setSpec(makingRoom(wanted, kept));
}

void ExperimentModel::edit(const RunSpec& draft, const std::string& problem, QObject* control) {
    take(draft, problem);
    history_.moved(control);
    emit changed();
}

void ExperimentModel::settle(const RunSpec& draft, const std::string& problem) {
    take(draft, problem);
}

QString ExperimentModel::cardOf(const QString& source) const {
    const auto found = cards_.find(source);
    return found == cards_.end() ? QString() : found->second;
}

void ExperimentModel::setCard(const QString& source, const QString& card) {
    cards_[source] = card;
    emit cardChanged(source);
}

void ExperimentModel::setDevices(std::vector<DeviceReport> devices) {
    devices_ = std::move(devices);
    emit devicesChanged();
}

void ExperimentModel::start() {
    emit starting();
    startAll({spec()});
}

QList<int> ExperimentModel::startAll(const std::vector<RunSpec>& specs) {
    putAway([&](const RunView& run) { return !run.origin.group.isEmpty() && !tellsOf(run.spec, specs); });
    QList<int> ids;
    for (const auto& each : specs)
        ids << runs_.at(runs_.start(each)).id;
    return ids;
}

void ExperimentModel::train(const RunSpec& spec) {
    setSpec(spec);
    select(startAll({spec}).first());
}

/// Others may stay beside the runs that are about to start, where they tell something of each other; these do
/// not, and keep their places in the table.
void ExperimentModel::putAway(const std::function<bool(const RunView& run)>& which) {
    std::map<int, RunTick> ticks;
    for (int row = 0; row < runs_.size(); ++row)
        if (const RunView& run = runs_.at(row); run.visible && which(run))
            ticks[run.id] = {false, true};
    if (ticks.empty())
        return;
    runs_.setTicks(ticks);
    emit runs_.message(
        tr("%1 on other data or of another loss: not plotted beside the new ones. Their ticks in "
           "the table plot them again.")
            .arg(ticks.size() == 1 ? tr("A run") : tr("%1 runs").arg(ticks.size())),
        false);
}

void ExperimentModel::startInPlace(const RunOrigin& origin, const std::vector<RunSpec>& specs) {
    QList<int> earlier;
    for (int row = 0; row < runs_.size(); ++row)
        if (runs_.at(row).origin == origin)
            earlier << row;
    runs_.remove(earlier);
    for (const auto& each : specs)
        runs_.start(each, origin);
}

void ExperimentModel::startFor(const RunOrigin& origin, const std::vector<RunSpec>& specs) {
    history_.together(origin.group, [&] {
        putAway([&](const RunView& run) {
            return run.origin.group != origin.group && !tellsOf(run.spec, specs);
        });
        startInPlace(origin, specs);
    });
}

void ExperimentModel::show(const LessonAction& action, const RunOrigin& origin) {
    if (action.runs.empty())
        return;
    int own = 0;
    for (int row = 0; row < runs_.size(); ++row)
        own += runs_.at(row).visible && runs_.at(row).origin.group.isEmpty() ? 1 : 0;
    history_.together(tr("%1: %2").arg(origin.group, QString::fromStdString(action.title)), [&] {
        setSpec(action.runs.back()); // so that Start goes on from what is shown
        emit lookWanted(action);
        startInPlace(origin, action.runs);
        runs_.showOnly([&](const RunOrigin& each) { return each == origin; });
    });
    if (own > 0)
        emit runs_.message(own == 1
                               ? tr("Your run keeps its place in the table, without its tick: Run > Show "
                                    "own runs shows it again.")
                               : tr("Your %1 runs keep their places in the table, without ticks: Run > "
                                    "Show own runs shows them again.")
                                     .arg(own),
                           false);
}

} // namespace zipml::ui
