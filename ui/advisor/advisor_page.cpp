#include "ui/advisor/advisor_page.h"

#include "ui/advisor/advisor_column_model.h"
#include "ui/experiment/experiment_model.h"
#include "ui/report/advice_figure.h"
#include "ui/report/advice_report.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/panel_section.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/work_progress.h"

#include <QAction>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kDeliverEvery = 50; ///< ms
constexpr double kUsualTolerance = 1;

/// The controls beside the plot.
class AdvisorSection : public PanelSection {
  public:
    AdvisorSection(QWidget* parent, QDoubleSpinBox* tolerance, QComboBox* levels)
        : PanelSection(AdvisorPage::tr("Advice"), parent) {
        tolerance->setObjectName("adviceTolerance");
        tolerance->setAccessibleName(AdvisorPage::tr("Loss above full precision's that is allowed"));
        tolerance->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        tolerance->setDecimals(3);
        tolerance->setRange(0.001, 1000);
        tolerance->setSuffix("%");
        tolerance->setValue(kUsualTolerance);
        tolerance->setToolTip(AdvisorPage::tr(
            "How far the objective may end above full precision's; moving it forecasts nothing anew"));
        addLabelled(AdvisorPage::tr("&Tolerance"), tolerance, tolerance);
        levels->setObjectName("adviceLevels");
        levels->setAccessibleName(AdvisorPage::tr("Levels that the table is about"));
        fill<GridKind>(levels, {{GridKind::Optimal, AdvisorPage::tr("Optimal")},
                                {GridKind::Uniform, AdvisorPage::tr("Uniform")}});
        levels->setToolTip(AdvisorPage::tr("Whose rounding variance the table shows"));
        addLabelled(AdvisorPage::tr("&Levels shown"), levels, levels);
    }
};

QString percentOf(double share) {
    return QString::number(100 * share) + "%";
}

} // namespace

AdvisorPage::AdvisorPage(ExperimentModel& experiment, QWidget* parent)
    : Page(parent), experiment_(experiment), plot_(new LivePlot("advice", this)),
      columns_(new AdvisorColumnModel(this)), sorted_(new QSortFilterProxyModel(this)),
      table_(new QTableView(this)), tolerance_(new QDoubleSpinBox(this)), levels_(new QComboBox(this)),
      base_(new QLabel(this)), statement_(new QLabel(this)), details_(new QLabel(this)),
      proof_(new QLabel(this)),
      progress_(new WorkProgress("advice", tr("Progress of the advice"), this, WorkProgress::Place::Foot)),
      worker_(experiment.runs().cache()) {
    buildActions();
    build();
    plot_->setEmptyText(tr("How many bits does your data need?\nPress Advise (%1): a forecast, without "
                           "training.")
                            .arg(advise_->shortcut().toString(QKeySequence::NativeText)));
    connect(plot_, &LivePlot::message, this, &AdvisorPage::message);
    connect(tolerance_, &QDoubleSpinBox::valueChanged, this, &AdvisorPage::updateAll);
    connect(levels_, &QComboBox::currentIndexChanged, this, &AdvisorPage::updateAll);
    connect(&experiment_, &ExperimentModel::changed, this, [this] {
        if (isVisible())
            updateTexts();
    });
    const auto measured = [this] {
        if (isVisible())
            updateProof();
    };
    for (const auto changed : {&RunList::reset, &RunList::curvesChanged})
        connect(&experiment_.runs(), changed, this, measured);
    connect(&experiment_.runs(), &RunList::rowChanged, this, measured);
    worker_.job().deliver(kDeliverEvery, [this](AdvisorNews news) { receive(std::move(news)); });
    updateAll();
}

void AdvisorPage::buildActions() {
    advise_ = makeAction(tr("Advise"), "start", {QKeySequence("Ctrl+Shift+B")},
                         tr("Forecast every width, without training"));
    stop_ = makeAction(tr("Stop advice"), "stop", {}, tr("Stop; the advice before stays"));
    prove_ = makeAction(tr("Prove it by runs"), "use", {},
                        tr("Run full precision, the advised setting, and the same with a bit less on the "
                           "Training page"));
    save_ = makeAction(tr("Save report…"), {}, {},
                       tr("Save a page for those who build the hardware, as HTML or PDF"));
    connect(advise_, &QAction::triggered, this, &AdvisorPage::start);
    connect(stop_, &QAction::triggered, this, [this] { worker_.stop(); });
    connect(prove_, &QAction::triggered, this, &AdvisorPage::prove);
    connect(save_, &QAction::triggered, this, [this] {
        saveToFile(
            *this, {tr("Save the report"), "bits.html", tr("Web page (*.html);;PDF (*.pdf)")},
            [this](const QString& file) { saveReport(file); },
            [this](const QString& text, bool bad) { emit message(text, bad); });
    });
}

PanelScroll* AdvisorPage::makePanel() {
    auto* panel = new QWidget;
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(4);
    column->addWidget(new AdvisorSection(panel, tolerance_, levels_));
    base_->setObjectName("adviceBase");
    base_->setWordWrap(true);
    base_->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(base_);
    column->addStretch(1);
    return new PanelScroll(panel, "advisorPanel", this);
}

void AdvisorPage::build() {
    sorted_->setSourceModel(columns_);
    sorted_->setSortRole(TableModel::kNumberRole);
    table_->setModel(sorted_);
    setUpRows(*table_, "adviceTable", tr("Columns of the data: skewness, width and rounding variance"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table_->setMinimumHeight(110);

    struct Line {
        QLabel* label;
        const char* name;
    };
    for (const auto& [label, name] : {Line{statement_, "adviceStatement"}, Line{details_, "adviceDetails"},
                                      Line{proof_, "adviceProof"}}) {
        label->setObjectName(name);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    QFont font = statement_->font();
    font.setBold(true);
    statement_->setFont(font);
    details_->setForegroundRole(QPalette::PlaceholderText);
    auto* texts = new QWidget(this);
    auto* lines = new QVBoxLayout(texts);
    lines->setContentsMargins(12, 6, 12, 4);
    lines->setSpacing(2);
    for (QLabel* label : {statement_, details_, proof_})
        lines->addWidget(label);

    auto* middle = new QSplitter(Qt::Vertical, this);
    middle->addWidget(plot_);
    middle->addWidget(table_);
    middle->setSizes({380, 210});
    middle->setStretchFactor(0, 2);
    middle->setStretchFactor(1, 1);
    middle->setChildrenCollapsible(false);
    auto* right = new QWidget(this);
    auto* rows = new QVBoxLayout(right);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(texts);
    rows->addWidget(middle, 1);
    rows->addWidget(progress_);
    fillWith(besidePanel(makePanel(), right, this));
}

void AdvisorPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    updateTexts();
    updateProof();
}

double AdvisorPage::tolerance() const {
    return tolerance_->value() / 100;
}

std::optional<RunSpec> AdvisorPage::wanted() const {
    try {
        RunSpec spec = experiment_.spec();
        spec.name.clear();
        return spec;
    } catch (const InputError&) {
        return std::nullopt;
    }
}

void AdvisorPage::start() {
    attempt([this] {
        RunSpec spec = experiment_.spec();
        spec.name.clear();
        worker_.start(spec);
        working_ = true;
        progress_->setShare(0);
        showThis();
    });
    updateActions();
}

void AdvisorPage::receive(AdvisorNews news) {
    if (news.share) {
        progress_->setShare(*news.share);
        progress_->setText(news.phase);
    }
    if (!news.error.isEmpty())
        emit message(news.error, true);
    if (news.advice) {
        shown_ = std::move(news.advice);
        plot_->fit();
        updateAll();
        table_->resizeColumnsToContents();
    }
    if (news.finished) {
        working_ = false;
        progress_->hideBar();
        progress_->setText(news.stopped ? tr("stopped") : QString());
        updateActions();
    }
}

std::vector<AdvicePoint> AdvisorPage::proving() const {
    const auto best = shown_ ? bestPoint(*shown_, tolerance()) : std::nullopt;
    if (!best)
        return {};
    std::vector<AdvicePoint> points{shown_->full, shown_->points[*best]};
    TradeoffSetting less = points.back().setting;
    --less.bits;
    const auto fewer = std::ranges::find(shown_->points, less, &AdvicePoint::setting);
    if (fewer != shown_->points.end())
        points.push_back(*fewer);
    return points;
}

RunSpec AdvisorPage::specFor(const AdvicePoint& point) const {
    const RunSpec& base = shown_->plan.base;
    RunSpec spec = specForRun(base, {point.setting, base.seed});
    spec.biasDraws = base.biasDraws == 0 ? RunSpec{}.biasDraws : base.biasDraws; // the page shows the bias
    return spec;
}

void AdvisorPage::prove() {
    std::vector<RunSpec> specs;
    for (const AdvicePoint& point : proving())
        specs.push_back(specFor(point));
    emit pageWanted("training");
    constexpr qsizetype kAdvised = 1; // behind full precision
    experiment_.select(experiment_.startAll(specs)[kAdvised]);
}

void AdvisorPage::saveReport(const QString& file) const {
    writeAdviceReport(*shown_, tolerance(), nullptr, file.toStdString());
}

QString AdvisorPage::statement() const {
    return statement_->text();
}

void AdvisorPage::updateAll() {
    columns_->show(shown_, tolerance(), chosen<GridKind>(levels_));
    plot_->setCurves(shown_ ? adviceCurves(*shown_, tolerance()) : std::vector<Curve>{},
                     adviceAxes(tolerance()));
    updateTexts();
    updateProof();
    updateActions();
}

void AdvisorPage::updateTexts() {
    const auto now = wanted();
    base_->setText(now ? tr("For the Training page's settings: %1, %2, %3 epochs, batches of %4.")
                             .arg(QString::fromStdString(now->data.source),
                                  QString::fromStdString(std::string(entryOf(now->loss).title)))
                             .arg(now->sgd.epochs)
                             .arg(now->sgd.batch)
                       : tr("The Training page's settings are not valid: mend them there first."));
    if (!shown_) {
        statement_->setText(tr("How many bits does your data need, column by column?"));
        details_->setText(tr("Forecast from the data's moments and the estimators' formulas, without "
                             "training; the runs that prove it are one click."));
        return;
    }
    statement_->setText(QString::fromStdString(sentenceOf(*shown_, tolerance())));
    QStringList details;
    if (now && baseOf(*now) != baseOf(shown_->plan.base))
        details << tr("The settings have changed since: press Advise again.");
    if (const auto best = bestPoint(*shown_, tolerance())) {
        QStringList groups;
        for (const ColumnGroup& group : columnGroups(*shown_, *best, tolerance())) {
            const QString width =
                group.bits == 0 ? tr("nothing") : QString::fromStdString(bitsPhrase(group.bits));
            groups << (group.columns.size() == 1
                           ? tr("%1 for one column").arg(width)
                           : tr("%1 for %2 columns").arg(width).arg(group.columns.size()));
        }
        details << tr("With a width for each column: %1.").arg(groups.join(", "));
    }
    details << tr("%1 rows, %2 features, forecast in %3 s.")
                   .arg(shown_->rows)
                   .arg(shown_->features)
                   .arg(shown_->seconds, 0, 'f', 1);
    if (const std::string note = approximationNote(*shown_); !note.empty())
        details << QString::fromStdString(note) + ".";
    details_->setText(details.join(' '));
}

/// What the runs on the Training page say of the advice.
void AdvisorPage::updateProof() {
    std::optional<double> full;
    QStringList told;
    for (const AdvicePoint& point : proving()) {
        const RunSpec spec = specFor(point);
        for (int row = 0; row < experiment_.runs().size(); ++row) {
            const RunView& run = experiment_.runs().at(row);
            if (run.active() || !run.record || run.epochs.empty())
                continue;
            RunSpec own = run.spec;
            own.name.clear();
            if (own != spec)
                continue;
            const bool diverged = run.state == RunState::Diverged;
            const double objective = run.epochs.back().minimised();
            if (point.setting.full())
                full = diverged ? std::nullopt : std::optional(objective);
            else if (full && *full > 0)
                told << tr("%1: %2, forecast %3")
                            .arg(QString::fromStdString(nameOf(point.setting)),
                                 diverged ? tr("diverged")
                                          : QString::fromStdString(overText(objective / *full - 1)),
                                 QString::fromStdString(overText(point.overFull)));
            break;
        }
    }
    proof_->setText(told.isEmpty() ? QString()
                                   : tr("Measured above full precision: %1.").arg(told.join("; ")));
    proof_->setVisible(!told.isEmpty());
}

void AdvisorPage::updateActions() {
    const bool within = shown_ && bestPoint(*shown_, tolerance());
    enable(advise_, !working_, tr("It is at work"));
    enable(stop_, working_, tr("Nothing is under way"));
    enable(prove_, within,
           shown_ ? tr("No setting is within %1: a larger tolerance may have one").arg(percentOf(tolerance()))
                  : tr("Press Advise first"));
    enable(save_, shown_ != nullptr, tr("Press Advise first"));
}

} // namespace zipml::ui
