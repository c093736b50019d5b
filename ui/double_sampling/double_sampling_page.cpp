#include "ui/double_sampling/double_sampling_page.h"

#include "ui/double_sampling/estimate_table_model.h"
#include "ui/double_sampling/plane_panel.h"
#include "ui/widgets/column_widths.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/row_table.h"

#include <QAction>
#include <QHeaderView>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kFrameMilliseconds = 17;       // at most 59 updates a second
constexpr int kAnimationMilliseconds = 3000; // at least: so that short paths can be followed

constexpr int kPatienceMilliseconds = 250; // later the plot says that something is still to come

} // namespace

DoubleSamplingPage::DoubleSamplingPage(QWidget* parent)
    : Page(parent), panel_(new PlanePanel(this)), plot_(new PlanePlot(this)),
      rows_(new EstimateTableModel(this)), table_(new QTableView(this)) {
    buildTable();
    buildActions();
    arrange();
    worker_.job().deliver(kFrameMilliseconds, [this](PlaneNews news) { receive(std::move(news)); });
    frames_.setTimerType(Qt::PreciseTimer);
    connect(&frames_, &QTimer::timeout, this, &DoubleSamplingPage::showNextUpdate);
    connect(panel_, &PlanePanel::changed, this, [this] {
        plot_->setPoint(panel_->request().at);
        ask();
    });
    connect(panel_, &PlanePanel::arrowScaleChanged, this,
            [this] { plot_->setArrowScale(panel_->arrowScale()); });
    connect(plot_, &PlanePlot::pointMoved, this, [this](const Eigen::Vector2d& point) {
        panel_->setPoint(point);
        ask();
    });
    connect(plot_, &LivePlot::message, this, &DoubleSamplingPage::message);
}

void DoubleSamplingPage::buildTable() {
    setUpRows(*table_, "estimates", tr("Table of estimators"));
    table_->setModel(rows_);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setMinimumHeight(90);
    new ColumnWidths(*table_, EstimateTableModel::Verdict);
    table_->horizontalHeader()->moveSection(EstimateTableModel::Verdict, EstimateTableModel::ColumnCount - 1);
    table_->horizontalHeader()->setMinimumSectionSize(80);
}

void DoubleSamplingPage::buildActions() {
    drawAgain_ = makeAction(tr("Draw again"), "redo", {QKeySequence("Ctrl+Shift+D")},
                            tr("Other minibatches and roundings, everything else as it is"));
    animate_ = makeAction(tr("Animate"), "start", {QKeySequence("Ctrl+Shift+A")},
                          tr("Run the paths from the point, update by update"));
    animate_->setCheckable(true);
    toOptimum_ = makeAction(tr("To the optimum"), "use", {QKeySequence("Ctrl+Shift+M")},
                            tr("Put the point on the optimum, where the true gradient is 0"));
    reset_ = makeAction(tr("Reset plane"), "reset", {QKeySequence("Ctrl+Shift+Backspace")},
                        tr("All settings of this page as they were at first"));
    for (auto* action : DoubleSamplingPage::barActions()) // the keys have other meanings on other pages
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(drawAgain_, &QAction::triggered, this, [this] {
        ++seed_;
        ask();
    });
    connect(animate_, &QAction::toggled, this, &DoubleSamplingPage::animate);
    connect(toOptimum_, &QAction::triggered, this, [this] {
        if (plot_->result())
            setPoint(plot_->result()->optimum);
    });
    connect(reset_, &QAction::triggered, this, [this] {
        animate_->setChecked(false);
        seed_ = PlaneRequest{}.seed;
        panel_->set({}, 1);
        plot_->setArrowScale(1);
        plot_->fit();
        setPoint(PlaneRequest{}.at);
    });
}

void DoubleSamplingPage::arrange() {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(14, 4, 12, 12);
    column->addWidget(panel_);
    column->addStretch(1);
    auto* side = new PanelScroll(inside, "doubleSamplingPanel", this);
    auto* right = new QSplitter(Qt::Vertical, this);
    right->addWidget(plot_);
    right->addWidget(table_);
    right->setSizes({560, 130});
    right->setStretchFactor(0, 1);
    right->setStretchFactor(1, 0);
    right->setChildrenCollapsible(false);
    fillWith(besidePanel(side, right, this));
}

PlaneRequest DoubleSamplingPage::request() const {
    PlaneRequest request = panel_->request();
    request.seed = seed_;
    return request;
}

void DoubleSamplingPage::setPoint(const Eigen::Vector2d& point) {
    plot_->setPoint(point);
    panel_->setPoint(point);
    ask();
}

void DoubleSamplingPage::ask() {
    if (!shown_)
        return; // when the page is shown
    if (worker_.job().idle())
        asked_.start();
    worker_.ask(request());
}

void DoubleSamplingPage::receive(PlaneNews news) {
    if (!news.error.isEmpty())
        emit message(news.error, true);
    if (auto& result = news.result) {
        rows_->setClouds(result->clouds);
        if (!result->request.step)
            panel_->showAutomaticStep(result->step);
        tellOfDivergence(*result);
        plot_->setResult(std::move(*result));
        asked_.start();
        emit resultShown();
    }
    plot_->setBusy(!news.finished && asked_.hasExpired(kPatienceMilliseconds));
}

/// Once, not with every result while a point is dragged.
void DoubleSamplingPage::tellOfDivergence(const PlaneResult& result) {
    const auto diverged = std::ranges::find(result.paths, true, &PlanePath::diverged);
    const bool any = diverged != result.paths.end();
    if (any && !diverged_)
        emit message(tr("%1 diverged after %2 updates: take a smaller step or more rows a minibatch")
                         .arg(toQt(entryOf(diverged->estimator).title))
                         .arg(diverged->points.size() - 1),
                     true);
    diverged_ = any;
}

void DoubleSamplingPage::animate(bool on) {
    if (!on) {
        frames_.stop();
        plot_->setUpdates({});
        return;
    }
    updates_ = 0;
    plot_->setUpdates(0);
    frames_.start(std::max(kFrameMilliseconds, kAnimationMilliseconds / panel_->request().updates));
}

void DoubleSamplingPage::showNextUpdate() {
    if (++updates_ >= request().updates)
        animate_->setChecked(false);
    else
        plot_->setUpdates(updates_);
}

void DoubleSamplingPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (std::exchange(shown_, true))
        return;
    ask();
}

void DoubleSamplingPage::hideEvent(QHideEvent* event) {
    animate_->setChecked(false);
    QWidget::hideEvent(event);
}

} // namespace zipml::ui
