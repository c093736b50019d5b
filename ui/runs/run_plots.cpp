#include "ui/runs/run_plots.h"

#include "ui/runs/full_precision.h"
#include "ui/runs/plot_pair.h"
#include "ui/widgets/panel_section.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <set>

namespace zipml::ui {

namespace {

/// Curves of so many runs that are not shown are kept for when they are again.
constexpr std::size_t kForgotten = 64;

RunCurveData statesOfRun(const RunView& run) {
    return {run.id,        run.name,    run.spec.loss, run.setup->optimumLoss,
            &*run.initial, &run.epochs, &run.steps,    run.state == RunState::Diverged};
}

} // namespace

RunPlots::RunPlots(RunList& runs, QWidget* parent)
    : QWidget(parent), runs_(runs), lossPlot_(new LivePlot("loss", this)),
      secondPlot_(new LivePlot("bias", this)), pair_(new PlotPair(this)) {
    lossPlot_->setEmptyText(
        tr("No runs yet.\nSet up an experiment on the left\nand press Start (Ctrl+Return)."));
    pair_->addWidget(lossPlot_);
    pair_->addWidget(secondPlot_);
    pair_->setSizes({1000, 1000}); // equal shares
    buildControls();
    LivePlot::shareCursor(*lossPlot_, *secondPlot_);
    LivePlot::exportTogether(*lossPlot_, *secondPlot_);
    for (auto* plot : {lossPlot_, secondPlot_}) {
        plot->setRuns([this] { return shownSpecs(); });
        connect(plot, &LivePlot::message, this, &RunPlots::message);
        connect(plot, &LivePlot::pointClicked, this, [this, plot](int curve, qsizetype) {
            emit runClicked(plot->curves()[static_cast<std::size_t>(curve)].run);
        });
    }
    connect(lossPlot_, &LivePlot::pointMenu, this,
            [this](QMenu* menu, const Curve& curve, qsizetype index) { addToMenu(*menu, curve, index); });
    soon_.setSingleShot(true);
    connect(&soon_, &QTimer::timeout, this, &RunPlots::update);
    connect(&runs_, &RunList::curvesChanged, this, &RunPlots::updateSoon);
    update();
}

std::vector<RunSpec> RunPlots::shownSpecs() const {
    std::vector<RunSpec> specs;
    for (const RunView* run : shownRuns()) {
        specs.push_back(run->repeated());
        specs.back().name = run->name.toStdString();
    }
    return specs;
}

void RunPlots::buildControls() {
    xAxis_ = new QComboBox(this);
    xAxis_->setObjectName("xAxis");
    xAxis_->setAccessibleName(tr("Horizontal axis of both plots"));
    xAxis_->setToolTip(xAxis_->accessibleName());
    fill<XAxis>(xAxis_, {{XAxis::Epoch, tr("over epochs")},
                         {XAxis::MegabytesMoved, tr("over MB moved")},
                         {XAxis::Seconds, tr("over seconds")}});
    what_ = new QComboBox(this);
    what_->setObjectName("secondPlotQuantity");
    what_->setAccessibleName(tr("What the second plot shows"));
    what_->setToolTip(what_->accessibleName());
    fill<SecondPlot>(what_, {{SecondPlot::Bias, tr("Gradient bias")},
                             {SecondPlot::Variance, tr("Gradient variance")},
                             {SecondPlot::DistanceToOptimum, tr("Distance to optimum")},
                             {SecondPlot::Accuracy, tr("Accuracy")},
                             {SecondPlot::RefetchRate, tr("Refetch rate")},
                             {SecondPlot::OutsideShare, tr("Outside the interval")},
                             {SecondPlot::ModelSpread, tr("Spread of the model")},
                             {SecondPlot::GradientSpread, tr("Spread of the gradient")},
                             {SecondPlot::TimesFaster, tr("Times faster")},
                             {SecondPlot::TimesLessData, tr("Times less data")}});
    secondPlot_->controls()->addWidget(what_);

    scale_ = new QComboBox(this);
    scale_->setObjectName("lossScale");
    scale_->setAccessibleName(tr("What the loss is shown against"));
    scale_->setToolTip(tr("The loss itself, or how far it is above the exact optimum's, as a share of that"));
    scale_->addItem(tr("Loss"));
    scale_->addItem(tr("Loss above optimum"));
    lossPlot_->controls()->addWidget(scale_);
    lossPlot_->controls()->addWidget(xAxis_);
    smoothing_ = new QSlider(Qt::Horizontal, this);
    smoothing_->setObjectName("smoothing");
    smoothing_->setAccessibleName(tr("Smoothing of both plots"));
    smoothing_->setToolTip(tr("Exponential moving average over epochs: the weight of what came before, 0 to "
                              "0.99. What was measured stays behind it"));
    smoothing_->setRange(0, 99);
    smoothing_->setFixedWidth(110);
    smoothingValue_ = new QLabel(this);
    smoothingValue_->setMinimumWidth(smoothingValue_->fontMetrics().horizontalAdvance("0.00"));
    bands_ = new QCheckBox(tr("Seeds as &bands"), this);
    bands_->setObjectName("seedBands");
    bands_->setAccessibleName(tr("Runs that differ only in their seed as one band"));
    bands_->setToolTip(
        tr("Runs that differ only in their seed as their mean, in a band from least to greatest"));
    logX_ = new QCheckBox(tr("Log &x"), this);
    logX_->setObjectName("logX");
    logX_->setAccessibleName(tr("Logarithmic horizontal axes"));
    logX_->setToolTip(tr("Logarithmic or linear horizontal axis of both plots"));
    auto* label = new QLabel(tr("S&moothing"), this);
    label->setBuddy(smoothing_);
    controls_ = new QBoxLayout(QBoxLayout::TopToBottom); // in one line once there is room
    controls_->setContentsMargins(10, 0, 10, 4);
    auto* looks = new QHBoxLayout;
    looks->addWidget(buildLookButton());
    looks->addSpacing(12);
    looks->addWidget(logX_);
    looks->addSpacing(12);
    looks->addWidget(bands_);
    looks->addStretch(1);
    auto* smooth = new QHBoxLayout;
    smooth->addWidget(label);
    smooth->addWidget(smoothing_);
    smooth->addWidget(smoothingValue_);
    smooth->addStretch(0);
    controls_->addLayout(looks, 1);
    controls_->addLayout(smooth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(pair_, 1);
    layout->addLayout(controls_);

    connect(what_, &QComboBox::currentIndexChanged, this,
            [this] { secondPlot_->setLogarithmic(!isShare(chosen<SecondPlot>(what_)), true); });
    for (auto* combo : {xAxis_, what_, scale_})
        connect(combo, &QComboBox::currentIndexChanged, this, &RunPlots::lookChanged);
    connect(bands_, &QCheckBox::toggled, this, &RunPlots::lookChanged);
    connect(logX_, &QCheckBox::toggled, this, [this](bool on) {
        for (auto* plot : {lossPlot_, secondPlot_})
            plot->setLogarithmicX(on);
    });
    connect(smoothing_, &QSlider::valueChanged, this, &RunPlots::update);
}

QToolButton* RunPlots::buildLookButton() {
    auto* button = new QToolButton(this);
    button->setObjectName("looks");
    button->setText(tr("&Look"));
    button->setAccessibleName(tr("What colours and dashes of the curves say"));
    button->setToolTip(tr("Colour by one setting, dashes by another: many runs can be told apart"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    auto* menu = new QMenu(button);
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillLookMenu(*menu); });
    return button;
}

/// Offers the settings in which the runs differ.
void RunPlots::fillLookMenu(QMenu& menu) {
    menu.clear();
    std::vector<const std::vector<SettingValue>*> settings;
    for (const RunView* run : shownRuns())
        settings.push_back(&run->settings());
    const auto differing = differingSettings(settings);
    const auto offer = [&](const QString& title, const QString& none,
                           std::optional<std::size_t> LookChoice::*which) {
        auto* choices = menu.addMenu(title);
        const auto add = [&](const QString& text, std::optional<std::size_t> key) {
            auto* action = choices->addAction(text, this, [this, which, key] {
                LookChoice choice = choice_;
                choice.*which = key;
                setLooks(choice);
            });
            action->setCheckable(true);
            action->setChecked(choice_.*which == key);
        };
        add(none, {});
        choices->addSeparator();
        for (const std::size_t key : differing)
            add(QString::fromStdString(titleOfSetting(specKeys()[key].name)), key);
        if (differing.empty())
            choices->addAction(tr("The shown runs have the same settings"))->setEnabled(false);
    };
    offer(tr("&Colour by"), tr("Run"), &LookChoice::color);
    offer(tr("&Dashes by"), tr("What is measured"), &LookChoice::dash);
}

void RunPlots::setLooks(const LookChoice& choice) {
    choice_ = choice;
    update();
}

nlohmann::json RunPlots::looksJson() const {
    auto json = nlohmann::json::object();
    if (choice_.color)
        json["color"] = specKeys()[*choice_.color].name;
    if (choice_.dash)
        json["dash"] = specKeys()[*choice_.dash].name;
    return json;
}

void RunPlots::setLooksJson(const nlohmann::json& looks) {
    const auto keyOf = [&](const char* which) -> std::optional<std::size_t> {
        if (!looks.is_object() || !looks.contains(which) || !looks[which].is_string())
            return std::nullopt;
        const std::size_t key = settingIndex(looks[which].get<std::string>());
        return key < specKeys().size() ? std::optional(key) : std::nullopt;
    };
    setLooks({keyOf("color"), keyOf("dash")});
}

std::vector<const RunView*> RunPlots::shownRuns() const {
    std::vector<const RunView*> shown;
    for (int row = 0; row < runs_.size(); ++row)
        if (const RunView& run = runs_.at(row); run.visible && run.setup)
            shown.push_back(&run);
    return shown;
}

RunCurveData RunPlots::curveDataOf(const RunView& run, SecondPlot what) const {
    RunCurveData data = statesOfRun(run);
    const auto full = isSaving(what) ? fullPrecisionCostFor(runs_, run) : std::nullopt;
    data.fullSeconds = full ? full->seconds : 0;
    data.fullBytes = full ? full->bytes : 0;
    return data;
}

const RunPlots::Made& RunPlots::made(const RunCurveData& data, const RunView& run, XAxis xAxis,
                                     SecondPlot what, TrainingCurve shows) {
    const Made::Key key{&run,
                        run.epochs.data(),
                        run.epochs.size(),
                        run.steps.size(),
                        run.epochs.empty() ? run.initial->trainLoss : run.epochs.back().trainLoss,
                        run.setup->optimumLoss, // comes when it is known, and the distances to it
                        run.name,
                        run.state == RunState::Diverged ? run.state : RunState::Finished,
                        xAxis,
                        what,
                        shows,
                        data.fullSeconds,
                        data.fullBytes};
    auto& known = made_[run.id];
    if (known.key != key || (known.loss.empty() && known.second.empty())) {
        const std::vector<RunCurveData> alone{data};
        known = {key, lossCurves(alone, xAxis, shows), secondCurves(alone, xAxis, what)};
    }
    return known;
}

/// Curves come as often as the screen can show them; where that takes long, there is as much time between.
void RunPlots::updateSoon() {
    constexpr double kQuick = 8; // milliseconds
    const double cost = updateCost_ + lossPlot_->plot()->replotTime() + secondPlot_->plot()->replotTime();
    const double wait = 2 * cost - static_cast<double>(sinceUpdate_.isValid() ? sinceUpdate_.elapsed() : 0);
    if (cost < kQuick || wait <= 0)
        update();
    else if (!soon_.isActive())
        soon_.start(static_cast<int>(wait));
}

void RunPlots::giveLooks(const std::vector<const RunView*>& runs, std::vector<Curve>& loss,
                         std::vector<Curve>& second, Axes& lossAxes, Axes& secondAxes) {
    std::vector<const std::vector<SettingValue>*> settings;
    for (const RunView* run : runs)
        settings.push_back(&run->settings());
    const RunLooks looks = looksOf(runs, settings, choice_);
    for (auto* curves : {&loss, &second})
        for (Curve& curve : *curves)
            if (const auto look = looks.looks.find(curve.run); look != looks.looks.end())
                curve.look = look->second;
    lossAxes.entries = looks.entries;
    if (choice_.dash) {
        lossAxes.caption = tr("strong: training   pale: test   dotted: the exact optimum's training loss");
        secondAxes.caption = tr("strong: measured   pale: predicted   dotted: what noise alone shows");
    }
}

void RunPlots::resizeEvent(QResizeEvent* event) {
    const int line =
        controls_->itemAt(0)->minimumSize().width() + controls_->itemAt(1)->minimumSize().width();
    constexpr int kSpare = 60; // so that the window can become narrower again
    controls_->setDirection(width() > line + kSpare ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    QWidget::resizeEvent(event);
}

void RunPlots::lookChanged() {
    update();
    lossPlot_->fit();
    secondPlot_->fit();
}

void RunPlots::setView(XAxis xAxis, SecondPlot second, bool aboveOptimum) {
    scale_->setCurrentIndex(aboveOptimum ? 1 : 0);
    setXAxis(xAxis);
    choose(what_, second);
}

void RunPlots::setXAxis(XAxis xAxis) {
    choose(xAxis_, xAxis);
}

std::map<int, RunGroup> RunPlots::groups() {
    std::map<std::string, RunGroup> bySettings;
    std::map<int, std::pair<RunSpec, std::string>> settings; // of the runs that are still there
    for (int row = 0; row < runs_.size(); ++row) {
        const RunView& run = runs_.at(row);
        if (!run.visible || run.epochs.empty())
            continue;
        auto& [spec, text] = settings[run.id];
        spec = run.spec;
        if (const auto known = settings_.find(run.id);
            known != settings_.end() && known->second.first == spec) {
            text = known->second.second;
        } else {
            auto json = toJson(run.spec);
            json.erase("seed");
            text = json.dump();
        }
        auto& group = bySettings.try_emplace(text, RunGroup{run.id, run.name, 0}).first->second;
        ++group.runs;
    }
    settings_ = std::move(settings);
    std::map<int, RunGroup> groups;
    for (const auto& [run, known] : settings_) {
        groups[run] = bySettings.at(known.second);
        groups[run].name = tr("%1, %n seed(s)", nullptr, groups[run].runs).arg(groups[run].name);
    }
    return groups;
}

std::map<int, QString> RunPlots::notesOf(const RunView& run) const {
    std::map<int, QString> texts;
    const auto estimator = [&](const EpochRecord& epoch) {
        return toQt(entryOf(epoch.estimator.value_or(run.spec.estimator)).title);
    };
    for (std::size_t i = 1; i < run.epochs.size(); ++i) {
        const EpochRecord &before = run.epochs[i - 1], &now = run.epochs[i];
        if (now.estimator != before.estimator)
            texts[before.epoch] = tr("%1 → %2").arg(estimator(before), estimator(now));
        else if (now.grid != before.grid)
            texts[before.epoch] =
                tr("Grid → %1").arg(QString::fromStdString(inShort(now.grid.value_or(run.spec.grid))));
        else if (now.bits != before.bits)
            texts[before.epoch] = tr("%1 → %2 bits").arg(before.bits).arg(now.bits);
    }
    if (const auto own = notes_.find(run.id); own != notes_.end())
        for (const auto& [epoch, text] : own->second)
            texts[epoch] = texts.contains(epoch) ? texts[epoch] + ", " + text : text;
    return texts;
}

void RunPlots::update() {
    QElapsedTimer watch;
    watch.start();
    soon_.stop();
    smoothingValue_->setText(QString::number(smoothing_->value() / 100.0, 'f', 2));
    std::vector<RunCurveData> visible;
    std::vector<Curve> loss, second, notes;
    std::map<int, double> optima;
    std::set<double> drawnOptima; // runs on the same data share one line
    const auto xAxis = chosen<XAxis>(xAxis_);
    const auto what = chosen<SecondPlot>(what_);
    const bool above = scale_->currentIndex() > 0;
    const auto shows = above ? TrainingCurve::Objective : TrainingCurve::Loss;
    const auto runs = shownRuns();
    for (const RunView* run : runs) {
        visible.push_back(curveDataOf(*run, what));
        const Made& curves = made(visible.back(), *run, xAxis, what, shows);
        const bool sharesOptimum =
            run->setup->optimumLoss && !drawnOptima.insert(*run->setup->optimumLoss).second;
        for (const auto& curve : curves.loss)
            if (curve.role != CurveRole::Reference || !sharesOptimum)
                loss.push_back(curve);
        second.insert(second.end(), curves.second.begin(), curves.second.end());
        if (const auto minimum = run->setup->minimum(); minimum && *minimum > 0) // of 0 nothing is a share
            optima[run->id] = *minimum;
        if (const auto texts = notesOf(*run); !texts.empty())
            notes.push_back(noteCurve(visible.back(), xAxis, shows, texts));
    }
    loss.insert(loss.end(), notes.begin(), notes.end());
    auto axes = lossAxes(visible, xAxis);
    auto axesOfSecond = secondAxes(xAxis, what);
    if (above) {
        loss = aboveOptimum(std::move(loss), optima);
        axes.title = tr("Objective above the optimum");
        axes.yLabel = tr("Objective / exact optimum's - 1");
        axes.caption = tr("solid: training loss and regularizer   dashed: test loss   runs without an exact "
                          "optimum are left out");
    }
    for (auto* each : {&loss, &second})
        fitTheOthers(*each);
    giveLooks(runs, loss, second, axes, axesOfSecond);
    std::map<int, RunGroup> together;
    if (bands_->isChecked()) {
        together = groups();
        loss = seedBands(loss, together);
        second = seedBands(second, together);
    }
    markBaseline(together, loss, second, axes);
    for (auto* curves : {&loss, &second})
        for (Curve& curve : *curves)
            curve.highlighted = highlighted_.contains(curve.run);
    const double weight = smoothing_->value() / 100.0;
    lossPlot_->setCurves(weight > 0 ? smoothed(loss, weight) : std::move(loss), axes);
    secondPlot_->setEmptyText(secondEmptyText(what));
    secondPlot_->setCurves(weight > 0 ? smoothed(second, weight) : std::move(second), axesOfSecond);
    if (made_.size() > runs.size() + kForgotten) // of runs that went
        std::erase_if(made_, [&](const auto& known) {
            return std::ranges::find(runs, known.first, &RunView::id) == runs.end();
        });
    updateCost_ = static_cast<double>(watch.nsecsElapsed()) / 1e6;
    sinceUpdate_.start();
}

void RunPlots::setHighlighted(const QList<int>& ids) {
    if (ids == highlighted_)
        return;
    highlighted_ = ids;
    update();
}

void RunPlots::setBaseline(std::optional<int> id) {
    if (id == baseline_)
        return;
    baseline_ = id;
    update();
}

/// @param bands that runs are taken together in, by run: its band is marked in the place of the baseline
void RunPlots::markBaseline(const std::map<int, RunGroup>& bands, std::vector<Curve>& loss,
                            std::vector<Curve>& second, Axes& lossAxes) const {
    if (!baseline_)
        return;
    const auto band = bands.find(*baseline_);
    const bool alone = band == bands.end() || band->second.runs < 2;
    const int marked = alone ? *baseline_ : band->second.run;
    std::optional<LegendEntry> entry;
    for (auto* curves : {&loss, &second})
        for (Curve& curve : *curves) {
            const bool line = curve.role == CurveRole::Main || curve.role == CurveRole::Secondary;
            if (curve.run != marked || !line)
                continue;
            curve.baseline = true;
            curve.name = tr("%1 – baseline").arg(curve.name);
            if (curve.role == CurveRole::Main && !entry) {
                entry = LegendEntry{curve.name, curve.look, true};
            }
        }
    if (entry && !lossAxes.entries.empty()) // which say what looks stand for
        lossAxes.entries.push_back(*entry);
}

void RunPlots::addToMenu(QMenu& menu, const Curve& curve, qsizetype index) {
    for (int row = 0; row < runs_.size(); ++row) {
        const RunView& run = runs_.at(row);
        if (run.id != curve.run || !run.initial)
            continue;
        int epoch = 0;
        if (curve.role == CurveRole::Notes) {
            const auto texts = notesOf(run);
            if (index < static_cast<qsizetype>(texts.size()))
                epoch = std::next(texts.begin(), index)->first;
        } else if (const auto states = statesOf(statesOfRun(run));
                   index >= 0 && index < static_cast<qsizetype>(states.size())) {
            epoch = states[static_cast<std::size_t>(index)]->epoch; // inside of an epoch: the one before
        }
        const auto own = notes_.find(run.id);
        const bool noted = own != notes_.end() && own->second.contains(epoch);
        menu.addAction(noted ? tr("Edit the note…") : tr("Note at epoch %1…").arg(epoch), this,
                       [this, id = run.id, epoch] { askNote(id, epoch); });
        if (noted)
            menu.addAction(tr("Remove the note"), this,
                           [this, id = run.id, epoch] { setNote(id, epoch, {}); });
    }
}

void RunPlots::askNote(int run, int epoch) {
    auto* dialog = new QInputDialog(this);
    dialog->setWindowTitle(tr("Note"));
    dialog->setLabelText(tr("Text beside the loss at epoch %1; without text the note goes").arg(epoch));
    if (const auto own = notes_.find(run); own != notes_.end() && own->second.contains(epoch))
        dialog->setTextValue(own->second.at(epoch));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, run, epoch](const QString& text) { setNote(run, epoch, text); });
    dialog->open();
}

void RunPlots::setNote(int run, int epoch, const QString& text) {
    if (text.trimmed().isEmpty())
        notes_[run].erase(epoch);
    else
        notes_[run][epoch] = text.trimmed();
    update();
}

nlohmann::json RunPlots::notes() const {
    auto list = nlohmann::json::array();
    for (const auto& [run, texts] : notes_)
        for (const auto& [epoch, text] : texts)
            if (runs_.rowOf(run) >= 0)
                list.push_back({{"run", run}, {"epoch", epoch}, {"text", text.toStdString()}});
    return list;
}

void RunPlots::setNotes(const nlohmann::json& notes) {
    for (const int id : runs_.ids())
        notes_.erase(id);
    if (notes.is_array())
        for (const auto& note : notes)
            if (note.is_object() && note.contains("run") && note["run"].is_number_integer() &&
                note.contains("epoch") && note["epoch"].is_number_integer() && note.contains("text") &&
                note["text"].is_string() && runs_.rowOf(note["run"].get<int>()) >= 0)
                notes_[note["run"].get<int>()][note["epoch"].get<int>()] =
                    QString::fromStdString(note["text"].get<std::string>());
    update();
}

} // namespace zipml::ui
