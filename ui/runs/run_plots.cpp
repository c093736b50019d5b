#include "ui/runs/run_plots.h"

#include "ui/runs/plot_pair.h"
#include "ui/widgets/panel_section.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QVBoxLayout>

namespace zipml::ui {

namespace {

RunCurveData curveDataOf(const RunView& run) {
    return {run.id, run.name, run.spec.loss, run.setup->optimumLoss, &*run.initial, &run.epochs, &run.steps};
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
    for (auto* plot : {lossPlot_, secondPlot_}) {
        connect(plot, &LivePlot::message, this, &RunPlots::message);
        connect(plot, &LivePlot::pointClicked, this, [this, plot](int curve, qsizetype) {
            emit runClicked(plot->curves()[static_cast<std::size_t>(curve)].run);
        });
    }
    connect(lossPlot_, &LivePlot::pointMenu, this,
            [this](QMenu* menu, const Curve& curve, qsizetype index) { addToMenu(*menu, curve, index); });
    connect(&runs_, &RunList::curvesChanged, this, &RunPlots::update);
    update();
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
                             {SecondPlot::GradientSpread, tr("Spread of the gradient")}});
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
    auto* label = new QLabel(tr("S&moothing"), this);
    label->setBuddy(smoothing_);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 0, 10, 4);
    row->addStretch(1);
    row->addWidget(bands_);
    row->addSpacing(12);
    row->addWidget(label);
    row->addWidget(smoothing_);
    row->addWidget(smoothingValue_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(pair_, 1);
    layout->addLayout(row);

    connect(what_, &QComboBox::currentIndexChanged, this,
            [this] { secondPlot_->setLogarithmic(!isShare(chosen<SecondPlot>(what_)), true); });
    for (auto* combo : {xAxis_, what_, scale_})
        connect(combo, &QComboBox::currentIndexChanged, this, &RunPlots::lookChanged);
    connect(bands_, &QCheckBox::toggled, this, &RunPlots::lookChanged);
    connect(smoothing_, &QSlider::valueChanged, this, &RunPlots::update);
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
    smoothingValue_->setText(QString::number(smoothing_->value() / 100.0, 'f', 2));
    std::vector<RunCurveData> visible;
    std::vector<Curve> notes;
    std::map<int, double> optima;
    const auto xAxis = chosen<XAxis>(xAxis_);
    const auto what = chosen<SecondPlot>(what_);
    const bool above = scale_->currentIndex() > 0;
    const auto shows = above ? TrainingCurve::Objective : TrainingCurve::Loss;
    for (int row = 0; row < runs_.size(); ++row) {
        const RunView& run = runs_.at(row);
        if (!run.visible || !run.setup)
            continue;
        visible.push_back(curveDataOf(run));
        if (const auto minimum = run.setup->minimum(); minimum && *minimum > 0) // of 0 nothing is a share
            optima[run.id] = *minimum;
        if (const auto texts = notesOf(run); !texts.empty())
            notes.push_back(noteCurve(visible.back(), xAxis, shows, texts));
    }
    auto loss = lossCurves(visible, xAxis, shows);
    loss.insert(loss.end(), notes.begin(), notes.end());
    auto second = secondCurves(visible, xAxis, what);
    auto axes = lossAxes(visible, xAxis);
    if (above) {
        loss = aboveOptimum(std::move(loss), optima);
        axes.title = tr("Objective above the optimum");
        axes.yLabel = tr("Objective / exact optimum's - 1");
        axes.caption = tr("solid: training loss and regularizer   dashed: test loss   runs without an exact "
                          "optimum are left out");
    }
    if (bands_->isChecked()) {
        const auto together = groups();
        loss = seedBands(loss, together);
        second = seedBands(second, together);
    }
    for (auto* curves : {&loss, &second})
        for (Curve& curve : *curves)
            curve.highlighted = highlighted_.contains(curve.run);
    const double weight = smoothing_->value() / 100.0;
    lossPlot_->setCurves(weight > 0 ? smoothed(loss, weight) : std::move(loss), axes);
    secondPlot_->setEmptyText(secondEmptyText(what));
    secondPlot_->setCurves(weight > 0 ? smoothed(second, weight) : std::move(second),
                           secondAxes(xAxis, what));
}

void RunPlots::setHighlighted(const QList<int>& ids) {
    if (ids == highlighted_)
        return;
    highlighted_ = ids;
    update();
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
        } else if (const auto states = statesOf(curveDataOf(run));
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
