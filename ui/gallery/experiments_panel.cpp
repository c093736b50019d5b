#include "ui/gallery/experiments_panel.h"

#include "core/fetch/catalogue.h"
#include "core/reproduce/data_sets.h"
#include "core/reproduce/words.h"
#include "ui/widgets/folder_row.h"
#include "ui/widgets/row_list.h"
#include "ui/widgets/work_progress.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QSplitter>
#include <QStandardPaths>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace zipml::ui {
namespace {

enum Column { kTitle, kQuick, kFull, kState };

constexpr const char* kDataKey = "experiments/data";
constexpr const char* kResultsKey = "experiments/results";
constexpr const char* kFullKey = "experiments/full";

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

QString duration(double seconds) {
    return seconds < 1 ? ExperimentsPanel::tr("at once") : text(durationText(seconds));
}

QString paragraph(const QString& title, const QString& words) {
    return QString("<p><b>%1</b> %2</p>").arg(title.toHtmlEscaped(), words.toHtmlEscaped());
}

QString verdict(const Verdict& claim) {
    const QString found = !claim.holds   ? ExperimentsPanel::tr("Not decided")
                          : *claim.holds ? ExperimentsPanel::tr("Holds")
                                         : ExperimentsPanel::tr("Does not hold");
    const QString mark = !claim.holds ? "?" : *claim.holds ? "✓" : "✗";
    return QString("<p>%1 <b>%2:</b> %3<br>%4</p>")
        .arg(mark, found, text(claim.paper).toHtmlEscaped(), text(claim.measured).toHtmlEscaped());
}

/// Of these experiments, in their order, each once.
std::vector<const ExperimentData*> dataOf(const std::vector<const Experiment*>& experiments, bool quick) {
    std::vector<const ExperimentData*> sets;
    std::set<std::string> seen;
    for (const auto* experiment : experiments)
        for (const auto& name : experiment->dataNames(quick))
            if (const auto& set = experimentData(name); !set.generated && seen.insert(name).second)
                sets.push_back(&set);
    return sets;
}

} // namespace

ExperimentsPanel::ExperimentsPanel(ReproduceWorker& worker, QWidget* parent)
    : QWidget(parent), worker_(worker) {
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(buildList(), 1);
    layout->addWidget(buildFolders());
    layout->addWidget(buildSettings());
    progress_ = new WorkProgress("experiment", tr("Share that is done"), this);
    layout->addWidget(progress_);
    layout->addWidget(buildButtons());

    connect(list_, &QTreeWidget::currentItemChanged, this, &ExperimentsPanel::showSelection);
    for (auto* choice : {quick_, full_})
        connect(choice, &QRadioButton::toggled, this, &ExperimentsPanel::refresh);
    connect(data_, &FolderRow::changed, this, &ExperimentsPanel::refresh);
    connect(results_, &FolderRow::changed, this, &ExperimentsPanel::updateButtons);
    connect(&worker_, &ReproduceWorker::listed, this, &ExperimentsPanel::fillList);
    connect(&worker_, &ReproduceWorker::progressed, this, &ExperimentsPanel::showProgress);
    connect(&worker_, &ReproduceWorker::ended, this, &ExperimentsPanel::showEnding);
    fillList();
    worker_.active() ? showProgress() : showEnding();
}

QWidget* ExperimentsPanel::buildList() {
    auto* both = new QSplitter(this);
    both->setChildrenCollapsible(false);
    list_ = new RowList("experiments", tr("Published experiments"),
                        {tr("Experiment"), tr("Quick"), tr("Full"), tr("Data")}, {kQuick, kFull}, both);
    list_->headerItem()->setToolTip(kQuick, tr("How long it takes on two cores with small settings"));
    list_->headerItem()->setToolTip(kFull, tr("How long it takes on two cores"));
    list_->headerItem()->setToolTip(kState, tr("Whether its data sets are in the folder below"));
    list_->header()->setStretchLastSection(false);
    list_->header()->setSectionResizeMode(kTitle, QHeaderView::Stretch);
    about_ = new QTextBrowser(both);
    about_->setObjectName("experimentAbout");
    about_->setAccessibleName(tr("About the experiment"));
    about_->setOpenExternalLinks(true);
    about_->setTabChangesFocus(true);
    both->addWidget(list_);
    both->addWidget(about_);
    both->setStretchFactor(0, 3);
    both->setStretchFactor(1, 2);
    both->setSizes({600, 400});
    return both;
}

QWidget* ExperimentsPanel::buildFolders() {
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    const QSettings settings;
    data_ = new FolderRow(tr("&Data sets in"), "experimentData", tr("Folder of the data sets"), box);
    data_->setFolder(
        settings.value(kDataKey, QString::fromStdString(defaultDataFolder().string())).toString());
    data_->setExplanation(tr("Sets that are not there are left out, and named in the report"));
    results_ =
        new FolderRow(tr("R&esults to"), "experimentResults", tr("Folder of reports and records"), box);
    results_->setFolder(
        settings
            .value(kResultsKey,
                   QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/experiments")
            .toString());
    results_->setExplanation(tr("Quick and full settings have a folder each below it; what is recorded there "
                                "is not computed again"));
    data_->alignWith(*results_);
    auto* fetch = new QPushButton(tr("&Fetch a data set…"), box);
    fetch->setObjectName("fetchForExperiment");
    fetch->setToolTip(tr("Downloads a public data set to the folder"));
    fetch->setAutoDefault(false);
    connect(fetch, &QPushButton::clicked, this, [this] { emit fetchWanted(data_->folder()); });
    auto* row = new QHBoxLayout;
    row->addWidget(data_, 1);
    row->addWidget(fetch);
    layout->addLayout(row);
    layout->addWidget(results_);
    return box;
}

QWidget* ExperimentsPanel::buildSettings() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    quick_ = new QRadioButton(row);
    quick_->setObjectName("quickSettings");
    quick_->setToolTip(tr("Fewer data sets, epochs and seeds; the report says which"));
    full_ = new QRadioButton(row);
    full_->setObjectName("fullSettings");
    full_->setToolTip(tr("As the claims are judged"));
    (QSettings().value(kFullKey).toBool() ? full_ : quick_)->setChecked(true);
    layout->addWidget(quick_);
    layout->addWidget(full_);
    layout->addStretch(1);
    return row;
}

QWidget* ExperimentsPanel::buildButtons() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& title, const char* name, const QString& tip) {
        auto* button = new QPushButton(title, row);
        button->setObjectName(name);
        button->setToolTip(tip);
        layout->addWidget(button);
        return button;
    };
    run_ = add(tr("&Run"), "runExperiment", tr("In the background; what is recorded is not computed again"));
    stop_ = add(tr("&Stop"), "stopExperiment", tr("What is complete is kept, and Run goes on from there"));
    layout->addStretch(1);
    open_ = add(tr("&Open report"), "openReport", {});
    auto* close = add(tr("Close"), "closeExperiments", tr("What is under way goes on"));
    for (auto* button : {stop_, open_, close})
        button->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &ExperimentsPanel::closeWanted);
    connect(run_, &QPushButton::clicked, this, &ExperimentsPanel::run);
    connect(stop_, &QPushButton::clicked, this, [this] {
        worker_.stop();
        stop_->setEnabled(false);
        progress_->setText(tr("Stopping…"));
    });
    connect(open_, &QPushButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(text((results() / "report.html").string())));
    });
    return row;
}

void ExperimentsPanel::fillList() {
    if (worker_.experiments().empty() || list_->topLevelItemCount() > 0) {
        refresh();
        return;
    }
    double quick = 0, full = 0;
    auto* all = list_->addRow(tr("All experiments"), tr("All experiments"));
    QFont bold = all->font(kTitle);
    bold.setBold(true);
    all->setFont(kTitle, bold);
    for (const auto& experiment : worker_.experiments()) {
        auto* item = list_->addRow(text(experiment->title()), text(experiment->title()));
        item->setText(kQuick, duration(experiment->expectedSeconds(true)));
        item->setText(kFull, duration(experiment->expectedSeconds(false)));
        quick += experiment->expectedSeconds(true);
        full += experiment->expectedSeconds(false);
    }
    all->setText(kQuick, duration(quick));
    all->setText(kFull, duration(full));
    refresh();
    list_->select(1);
}

const Experiment* ExperimentsPanel::selected() const {
    const int row = list_->selectedRow();
    return row < 1 ? nullptr : worker_.experiments()[static_cast<std::size_t>(row - 1)].get();
}

bool ExperimentsPanel::quick() const {
    return quick_->isChecked();
}

std::filesystem::path ExperimentsPanel::results() const {
    return results_->folder() / (quick() ? "quick" : "full");
}

double ExperimentsPanel::expectedSeconds(bool quick) const {
    if (const auto* one = selected())
        return one->expectedSeconds(quick);
    double all = 0;
    for (const auto& experiment : worker_.experiments())
        all += experiment->expectedSeconds(quick);
    return all;
}

void ExperimentsPanel::refresh() {
    for (int row = 0; row < list_->topLevelItemCount(); ++row) {
        std::vector<const Experiment*> experiments;
        for (std::size_t i = 0; i < worker_.experiments().size(); ++i)
            if (row == 0 || row == static_cast<int>(i) + 1)
                experiments.push_back(worker_.experiments()[i].get());
        const auto sets = dataOf(experiments, quick());
        const auto missing =
            std::ranges::count_if(sets, [&](const auto* set) { return !isHere(*set, data_->folder()); });
        list_->topLevelItem(row)->setText(kState, sets.empty() ? tr("none needed")
                                                  : missing == 0
                                                      ? tr("here")
                                                      : tr("%1 of %2 missing").arg(missing).arg(sets.size()));
    }
    showSelection();
}

void ExperimentsPanel::showSelection() {
    QString page;
    if (worker_.experiments().empty()) {
        page = tr("Reading the experiments…");
    } else if (const auto* experiment = selected()) {
        page = QString("<h3>%1</h3>").arg(text(experiment->title()).toHtmlEscaped());
        if (worker_.result() && worker_.result()->options.quick == quick())
            for (const auto& report : worker_.result()->experiments)
                if (report.name == experiment->name())
                    for (const auto& claim : report.outcome.claims)
                        page += verdict(claim);
        page += paragraph(tr("Published:"), text(experiment->published())) +
                paragraph(tr("Here:"), text(experiment->method()));
        QStringList here;
        QString missing;
        for (const auto* set : dataOf({experiment}, quick()))
            if (isHere(*set, data_->folder()))
                here << text(set->title);
            else
                missing += paragraph(tr("Missing:"), text(missingText(*set, data_->folder())));
        if (!here.isEmpty())
            page += paragraph(tr("Data that are here:"), here.join(", "));
        page += missing;
        page += paragraph(tr("On the command line:"),
                          text("zipml reproduce " + experiment->name() + (quick() ? " --quick" : "") +
                               " --data " + data_->folder().string() + " -o " + results().string()));
    } else {
        page = QString("<h3>%1</h3><p>%2</p>")
                   .arg(tr("All experiments"),
                        tr("One after the other, into one report: for each claim what was published, what is "
                           "measured here, and whether it holds. Timings depend on what else runs."));
    }
    about_->setHtml(page);
    quick_->setText(tr("&Quick settings (%1)").arg(duration(expectedSeconds(true))));
    full_->setText(tr("F&ull settings (%1)").arg(duration(expectedSeconds(false))));
    updateButtons();
}

void ExperimentsPanel::updateButtons() {
    const bool busy = worker_.active();
    run_->setEnabled(!busy && !worker_.experiments().empty() && !data_->isEmpty() && !results_->isEmpty());
    stop_->setEnabled(busy);
    std::error_code ignored;
    const auto report = results() / "report.html";
    const bool there = std::filesystem::exists(report, ignored);
    open_->setEnabled(there && !busy);
    open_->setToolTip(there ? tr("Shows %1 in the browser").arg(text(report.string()))
                            : tr("Run an experiment with these settings first"));
}

void ExperimentsPanel::makeDefault() {
    run_->setDefault(true);
}

void ExperimentsPanel::run() {
    const auto* experiment = selected();
    QSettings settings;
    settings.setValue(kDataKey, text(data_->folder().string()));
    settings.setValue(kResultsKey, text(results_->folder().string()));
    settings.setValue(kFullKey, !quick());
    ReproduceOptions options;
    options.data = data_->folder();
    options.out = results();
    options.quick = quick();
    options.jobs =
        std::min(options.jobs, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    worker_.start(experiment == nullptr ? "all" : experiment->name(), options);
    showProgress();
    updateButtons();
    stop_->setFocus();
}

void ExperimentsPanel::showProgress() {
    const auto& reached = worker_.progress();
    progress_->setShare(reached.share);
    if (!stop_->isEnabled() && worker_.active() && progress_->text() == tr("Stopping…"))
        return;
    QString line = reached.what.empty() ? tr("Starting…") : text(reached.what);
    if (reached.secondsLeft >= 1)
        line += tr(", about %1 left").arg(duration(reached.secondsLeft));
    progress_->setText(line + "\n" + tr("It goes on when this window is closed."));
}

void ExperimentsPanel::showEnding() {
    if (worker_.failed() || worker_.ending().isEmpty())
        progress_->hideBar();
    const bool before = worker_.ending().isEmpty();
    progress_->setText(
        before ? tr("Run works in the background and writes a report: figures, tables, and a verdict "
                    "for each claim.")
               : worker_.ending());
    refresh();
    if (!before)
        (open_->isEnabled() ? open_ : run_)->setFocus();
}

} // namespace zipml::ui
