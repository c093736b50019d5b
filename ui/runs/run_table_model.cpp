#include "ui/runs/run_table_model.h"

#include "ui/runs/full_precision.h"

#include "core/lab/arithmetic_choice.h"
#include "ui/runs/class_results.h"
#include "ui/widgets/panel_section.h"

#include <deque>
#include <set>

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Run"), QT_TR_NOOP("Tick: shown in the plots. F2 or double-click: rename")},
    {QT_TR_NOOP("Data"), QT_TR_NOOP("Training data")},
    {QT_TR_NOOP("Device"), QT_TR_NOOP("What computes; the Devices page lists them")},
    {QT_TR_NOOP("Estimator"), QT_TR_NOOP("How gradients are estimated")},
    {QT_TR_NOOP("Bits"),
     QT_TR_NOOP(
         "b bits tell 2^b levels of a feature apart; 32: not quantized. A row's tool tip says how many "
         "bits are stored a value"),
     TableColumn::Number},
    {QT_TR_NOOP("Epoch"), QT_TR_NOOP("Complete epochs / all"), TableColumn::Number},
    {QT_TR_NOOP("Train loss"),
     QT_TR_NOOP("Mean loss of the run's kind on the unquantized training rows; a row's tool tip names it"),
     TableColumn::Number},
    {QT_TR_NOOP("Objective"),
     QT_TR_NOOP("What the run minimises: the training loss and the regularizer, in the loss's units"),
     TableColumn::Number},
    {QT_TR_NOOP("Test loss"), QT_TR_NOOP("Mean loss of the run's kind on the test rows"),
     TableColumn::Number},
    {QT_TR_NOOP("Accuracy"),
     QT_TR_NOOP("Share of right classes, of the test rows; of the training rows where there are none"),
     TableColumn::Number},
    {QT_TR_NOOP("Bias"),
     QT_TR_NOOP("Measured norm of the gradient's bias; unbiased estimators show the noise"),
     TableColumn::Number},
    {QT_TR_NOOP("MB moved"), QT_TR_NOOP("Samples, labels, model and gradient since the start, in 10^6 bytes"),
     TableColumn::Number},
    {QT_TR_NOOP("s / epoch"),
     QT_TR_NOOP(
         "Training time of the last epoch; what measuring took is apart, in a column of its own that the "
         "Columns menu shows"),
     TableColumn::Number},
    {QT_TR_NOOP("Measuring s"),
     QT_TR_NOOP("Seconds since the start that measuring losses, bias and variance took, apart from training"),
     TableColumn::Number},
    {QT_TR_NOOP("× faster"),
     QT_TR_NOOP("Seconds an epoch of the first run in full precision on the same data, loss and batch, over "
                "this run's; medians of their epochs"),
     TableColumn::Number},
    {QT_TR_NOOP("× less data"),
     QT_TR_NOOP("Bytes an epoch of the first run in full precision on the same data, over this run's"),
     TableColumn::Number},
    {QT_TR_NOOP("Progress"), QT_TR_NOOP("Share of all epochs")},
    {QT_TR_NOOP("Group"), QT_TR_NOOP("The lesson that started it, the gallery, or you. Run > Show own runs "
                                     "puts the runs of lessons away")},
};

/// Settings that have a column among the first, and their columns.
constexpr std::pair<std::string_view, int> kSettingColumns[] = {
    {"name", RunTableModel::Name},           {"data", RunTableModel::Data}, {"device", RunTableModel::Device},
    {"estimator", RunTableModel::Estimator}, {"bits", RunTableModel::Bits},
};
/// Results, and the digits that their columns show.
struct ResultColumn {
    int column;
    Result result;
    char format;
    int digits;
};
constexpr ResultColumn kResultColumns[] = {
    {RunTableModel::TrainLoss, Result::TrainLoss, 'g', 4},
    {RunTableModel::Objective, Result::Objective, 'g', 4},
    {RunTableModel::TestLoss, Result::TestLoss, 'g', 4},
    {RunTableModel::Accuracy, Result::Accuracy, 'f', 2},
    {RunTableModel::Bias, Result::Bias, 'g', 3},
    {RunTableModel::Moved, Result::Moved, 'f', 2},
    {RunTableModel::SecondsPerEpoch, Result::Seconds, 'g', 3},
    {RunTableModel::MeasuringSeconds, Result::Measuring, 'g', 3},
    {RunTableModel::TimesFaster, Result::Faster, 'g', 2},
    {RunTableModel::TimesLessData, Result::Lighter, 'g', 2},
};

/// Places among specKeys() of the settings that have a column of their own.
const std::vector<std::size_t>& ownColumns() {
    static const std::vector<std::size_t> settings = [] {
        std::vector<std::size_t> all;
        for (std::size_t key = 0; key < specKeys().size(); ++key)
            if (std::ranges::find(kSettingColumns, specKeys()[key].name,
                                  &std::pair<std::string_view, int>::first) == std::end(kSettingColumns))
                all.push_back(key);
        return all;
    }();
    return settings;
}

std::span<const TableColumn> runColumns() {
    static const std::vector<TableColumn> columns = [] {
        static std::deque<std::string> texts; // that the columns refer to
        std::vector<TableColumn> all(std::begin(kColumns), std::end(kColumns));
        for (const std::size_t key : ownColumns()) {
            const SpecKey& setting = specKeys()[key];
            const char* title = texts.emplace_back(titleOfSetting(setting.name)).c_str();
            const char* help = texts.emplace_back(setting.help).c_str();
            using Kind = SpecKey::Kind;
            const bool number = setting.kind != Kind::Text && setting.kind != Kind::YesNo;
            all.push_back({title, help, number ? TableColumn::Number : TableColumn::Text});
        }
        return all;
    }();
    return columns;
}

const char* wordOf(RunState state) {
    constexpr const char* kWords[] = {"queued", "running", "paused", "done", "stopped", "diverged", "failed"};
    return kWords[static_cast<int>(state)];
}

QString shown(const std::optional<double>& value, int digits = 4) {
    return value ? QString::number(*value, 'g', digits) : QString("–");
}

/// "0.1234 ± 0.002", where it is estimated.
QString withError(double value, const std::optional<double>& standardError) {
    return standardError ? shown(value) + " ± " + QString::number(*standardError, 'g', 2) : shown(value);
}

const EpochRecord* lastOf(const RunView& run) {
    const EpochRecord* last = run.initial ? &*run.initial : nullptr;
    for (const auto* states : {&run.epochs, &run.steps})
        if (!states->empty() && states->back().position() > last->position())
            last = &states->back();
    return last;
}

QString stateText(const RunView& run) {
    const QString percent = QString::number(static_cast<int>(run.share * 100)) + "%";
    if (run.state == RunState::Running)
        return run.setup ? percent : (run.phase.isEmpty() ? RunList::tr("preparing") : run.phase);
    return run.active() ? titleOf(run.state) + " " + percent : titleOf(run.state);
}

QString toolTip(const RunView& run) {
    QString text = QString::fromStdString(toCommandLine(run.repeated()));
    if (run.setup) {
        text += RunList::tr("\n%1 training rows, %2 test rows, %3 features; samples stored in %4 MB (%5 bits "
                            "a value); step %6")
                    .arg(run.setup->trainRows)
                    .arg(run.setup->testRows)
                    .arg(run.setup->features)
                    .arg(static_cast<double>(run.setup->storeBytes) / 1e6, 0, 'g', 4)
                    .arg(run.setup->bitsPerValue, 0, 'g', 3)
                    .arg(run.setup->step, 0, 'g', 4);
        text += RunList::tr("\nloss: %1").arg(toQt(reportedForm(run.spec.loss)));
        if (!run.setup->lossNote.empty())
            text += RunList::tr("\ntraining loss: %1").arg(QString::fromStdString(run.setup->lossNote));
        text += RunList::tr("\nkernels: %1").arg(QString::fromStdString(run.setup->kernels));
        if (!run.setup->arithmetic.empty())
            text += RunList::tr("\narithmetic: %1 (%2)")
                        .arg(QString::fromStdString(run.setup->arithmetic),
                             QString::fromStdString(run.setup->arithmeticWhy));
        if (run.setup->meanVariance)
            text += RunList::tr("\n%1 levels; mean rounding variance %2 (scaled units)")
                        .arg(QString::fromStdString(inShort(run.spec.grid)))
                        .arg(*run.setup->meanVariance, 0, 'g', 4);
        if (!run.setup->classNames.empty())
            text += RunList::tr("\nclasses: %1").arg(classNamesOf(*run.setup));
        if (run.record && !run.record->confusion.empty())
            text += "\n" + rightByClass(*run.record).join("\n");
        for (const std::string& note : run.setup->notes)
            text += "\n" + QString::fromStdString(note);
        if (run.setup->optimumLoss && run.setup->optimumCertificate)
            text += RunList::tr("\nexact optimum: training loss %1, exact to %2 of it")
                        .arg(*run.setup->optimumLoss, 0, 'g', 6)
                        .arg(std::max(*run.setup->optimumCertificate, 1e-16), 0, 'g', 1);
        double training = 0;
        for (const EpochRecord& epoch : run.epochs)
            training += epoch.seconds;
        text +=
            RunList::tr("\ntraining %1 s; apart from that, measuring losses, bias and variance %2 s, solving "
                        "for the exact optimum %3 s (once for all runs on the data)")
                .arg(training, 0, 'g', 3)
                .arg(measuringSecondsOf(run.initial, run.epochs), 0, 'g', 3)
                .arg(run.setup->solvingSeconds, 0, 'g', 3);
        if (!run.setup->optimumNote.empty())
            text += "\n" + QString::fromStdString(run.setup->optimumNote);
    }
    return run.message.isEmpty() ? text : run.message + "\n\n" + text;
}

QString cellText(const RunView& run, int column) {
    const EpochRecord* last = lastOf(run);
    switch (column) {
    case RunTableModel::Name:
        return run.name;
    case RunTableModel::Data:
        return run.setup ? QString::fromStdString(run.setup->dataName)
                         : QString::fromStdString(run.spec.data.source).section('/', -1);
    case RunTableModel::Device:
        return QString::fromStdString(run.spec.device);
    case RunTableModel::Estimator: {
        const auto estimator = last != nullptr ? last->estimator : std::nullopt;
        return toQt(entryOf(estimator.value_or(run.spec.estimator)).title);
    }
    case RunTableModel::Bits:
        return QString::number(last != nullptr                               ? last->bits
                               : estimatorOf(run.spec.estimator).quantized() ? run.spec.bits
                                                                             : VectorQuantizer::kOff);
    case RunTableModel::Epoch:
        return QString("%1 / %2")
            .arg(last != nullptr ? last->position() : 0, 0, 'f', last != nullptr && last->within > 0 ? 2 : 0)
            .arg(run.spec.sgd.epochs);
    case RunTableModel::TrainLoss:
        return last != nullptr ? withError(last->trainLoss, last->trainLossStandardError) : QString();
    case RunTableModel::Objective:
        return last != nullptr ? shown(last->minimised()) : QString();
    case RunTableModel::TestLoss:
        return last != nullptr ? shown(last->testLoss) : QString();
    case RunTableModel::Accuracy:
        return last != nullptr && last->trainAccuracy
                   ? QString::number(100 * last->testAccuracy.value_or(*last->trainAccuracy), 'f', 2) + " %"
                   : QString("–");
    case RunTableModel::Bias:
        return last != nullptr ? shown(last->biasNorm, 3) : QString();
    case RunTableModel::Moved:
        return last != nullptr ? QString::number(static_cast<double>(last->bytesMoved) / 1e6, 'f', 2)
                               : QString();
    case RunTableModel::SecondsPerEpoch:
        return run.epochs.empty() ? QString() : QString::number(run.epochs.back().seconds, 'g', 3);
    case RunTableModel::MeasuringSeconds:
        return last != nullptr ? QString::number(measuringSecondsOf(run.initial, run.epochs), 'g', 3)
                               : QString();
    case RunTableModel::Progress:
        return stateText(run);
    case RunTableModel::Group:
        return run.origin.group.isEmpty() ? RunList::tr("own") : run.origin.group;
    default:
        return {};
    }
}

} // namespace

RunTableModel::RunTableModel(RunList& runs, QObject* parent)
    : RunsTable(runs, runColumns(), parent), runs_(runs) {
    connect(&runs, &RunList::ticksChanged, this, [this] { emitAllChanged(); });
}

const RunFacts& RunTableModel::factsOf(int row) const {
    const RunView& run = runs_.at(row);
    if (known_.size() > 2 * static_cast<std::size_t>(runs_.size()) + 100)
        forgetOthers();
    const EpochRecord* last = lastOf(run);
    const int bits = last != nullptr ? last->bits : 0;
    const auto estimator = last != nullptr ? last->estimator : std::nullopt;
    const std::string arithmetic = run.setup ? run.setup->arithmetic : std::string();
    auto& known = known_[run.id];
    if (known.facts.settings.empty() || known.spec != run.spec || known.bits != bits ||
        known.estimator != estimator || known.arithmetic != arithmetic) {
        RunSpec now = run.spec;
        now.estimator = estimator.value_or(now.estimator);
        known = {run.spec, bits, estimator, arithmetic, {}, known.measured, known.measuring};
        known.facts.settings = now == run.spec ? run.settings() : settingsOf(now);
        if (SettingValue& shown = known.facts.settings[settingIndex("arithmetic")]; shown.used)
            shown.text = arithmetic.empty() ? nameOf(arithmeticOf({.spec = now}).taken) : arithmetic;
        if (last != nullptr)
            known.facts.settings[settingIndex("bits")] = {std::to_string(bits), bits};
    }
    if (known.measured > run.epochs.size() || known.measured == 0) {
        known.measured = 0;
        known.measuring = measuringSecondsOf(run.initial, {});
    }
    known.measuring += measuringSecondsOf({}, std::span(run.epochs).subspan(known.measured));
    known.measured = run.epochs.size();
    known.facts.name = run.name.toStdString();
    known.facts.state = wordOf(run.state);
    known.facts.origin = "window";
    known.facts.results =
        last == nullptr
            ? Results{}
            : resultsOf(*last, run.epochs.empty() ? std::nullopt : std::optional(run.epochs.back().seconds),
                        known.measuring);
    compareWithFull(run, known.facts.results);
    return known.facts;
}

void RunTableModel::compareWithFull(const RunView& run, Results& results) const {
    const auto own = epochCostOf(run.epochs);
    if (!own || run.spec.estimator == EstimatorKind::Full)
        return;
    const auto full = fullPrecisionCostFor(runs_, run);
    if (full && own->seconds > 0)
        results[static_cast<std::size_t>(Result::Faster)] = full->seconds / own->seconds;
    if (full && own->bytes > 0)
        results[static_cast<std::size_t>(Result::Lighter)] = full->bytes / own->bytes;
}

/// Runs that are gone.
void RunTableModel::forgetOthers() const {
    std::set<int> ids;
    for (int row = 0; row < runs_.size(); ++row)
        ids.insert(runs_.at(row).id);
    std::erase_if(known_, [&](const auto& each) { return !ids.contains(each.first); });
}

std::optional<double> RunTableModel::numberOf(int row, int column) const {
    const RunFacts& facts = factsOf(row);
    if (column == Epoch)
        return facts[Result::Epoch];
    if (column == Progress)
        return runs_.at(row).share;
    for (const ResultColumn& result : kResultColumns)
        if (result.column == column)
            return facts[result.result];
    const auto setting = settingOf(column);
    return setting && facts.settings[*setting].used ? facts.settings[*setting].number : std::nullopt;
}

std::optional<std::size_t> RunTableModel::settingOf(int column) {
    if (column >= FirstSetting)
        return ownColumns()[static_cast<std::size_t>(column - FirstSetting)];
    for (const auto& [key, at] : kSettingColumns)
        if (at == column && column != Name)
            return settingIndex(key);
    return {};
}

int RunTableModel::columnOf(std::size_t setting) {
    for (const auto& [key, at] : kSettingColumns)
        if (specKeys()[setting].name == key)
            return at;
    const auto& own = ownColumns();
    return FirstSetting + static_cast<int>(std::ranges::find(own, setting) - own.begin());
}

QString RunTableModel::keyOf(int column) {
    if (const auto setting = settingOf(column))
        return toQt(specKeys()[*setting].name);
    for (const ResultColumn& result : kResultColumns)
        if (result.column == column)
            return toQt(nameOf(result.result));
    return column == Name ? "name" : column == Epoch ? "epoch" : column == Group ? "group" : "progress";
}

QString RunTableModel::numberText(int column, double number) {
    for (const ResultColumn& result : kResultColumns)
        if (result.column == column)
            return QString::number(number, result.format, result.digits) + (column == Accuracy ? " %" : "");
    return QString::number(number, 'g', 4);
}

QString RunTableModel::text(const RunView& run, int column) const {
    if (column == TimesFaster || column == TimesLessData) {
        Results results;
        compareWithFull(run, results);
        const auto& times =
            results[static_cast<std::size_t>(column == TimesFaster ? Result::Faster : Result::Lighter)];
        return times ? numberText(column, *times) : QString();
    }
    if (column < FirstSetting)
        return cellText(run, column);
    const auto known = known_.find(run.id); // settings do not change by themselves
    const bool fresh = known != known_.end() && known->second.spec == run.spec;
    const SettingValue& value = (fresh ? known->second.facts.settings : run.settings())[*settingOf(column)];
    return value.used ? toQt(value.text) : QString("–");
}

QString RunTableModel::tip(const RunView& run) const {
    return toolTip(run);
}

} // namespace zipml::ui
