#include "ui/data/data_page.h"

#include "ui/data/column_delegates.h"
#include "ui/data/column_edits.h"
#include "ui/data/findings_view.h"
#include "ui/data/reading_section.h"
#include "ui/data/rows_model.h"
#include "ui/experiment/data_summary.h"
#include "ui/experiment/experiment_model.h"
#include "ui/widgets/panel_scroll.h"
#include "ui/widgets/row_table.h"

#include <QAction>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

/// Columns whose width is measured: of the others there may be thousands.
constexpr int kMeasured = 60;

QVBoxLayout* columnIn(QWidget* widget) {
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    return layout;
}

QLabel* boldLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

DataPage::DataPage(ExperimentModel& experiment, QWidget* parent)
    : Page(parent), experiment_(experiment), preview_(experiment.preview()),
      stack_(new QStackedWidget(this)) {
    buildActions();
    reading_ = new ReadingSection(nullptr);
    reading_->layout()->setContentsMargins(12, 8, 12, 8);
    static_cast<QVBoxLayout*>(reading_->layout())->addStretch(1);
    auto* scroll = new PanelScroll(reading_, "reading", this);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->setChildrenCollapsible(false);
    parts->addWidget(columnsPart_ = buildColumns());
    parts->addWidget(rowsPart_ = buildRows());
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    auto* right = new QWidget(this);
    auto* rightColumn = columnIn(right);
    rightColumn->setContentsMargins(8, 8, 8, 8);
    rightColumn->addWidget(buildHead());
    rightColumn->addWidget(parts, 1);
    stack_->addWidget(buildEmpty());
    stack_->addWidget(besidePanel(scroll, right, this));
    fillWith(stack_);

    connect(&preview_, &DataPreview::changed, this, &DataPage::update);
    connect(&experiment_, &ExperimentModel::starting, this, [this] {
        if (isVisible())
            emit pageWanted("training"); // where it can be watched
    });
    connect(&experiment_, &ExperimentModel::changed, this, [this] {
        if (isVisible())
            showFindings(); // the loss has a say in them
    });
    connect(&preview_, &DataPreview::progress, this,
            [this](double share) { progress_->setValue(static_cast<int>(share * progress_->maximum())); });
    connect(reading_, &ReadingSection::chosen, &preview_, &DataPreview::change);
    connect(findings_, &FindingsView::chosen, this, &DataPage::choose);
    connect(model_, &ColumnTableModel::roleChosen, this, &DataPage::chooseRole);
    connect(model_, &ColumnTableModel::kindChosen, this, &DataPage::chooseKind);
    update();
}

void DataPage::buildActions() {
    start_ = makeAction(tr("Start training"), "start", {},
                        tr("Train on this data with the experiment's settings"));
    open_ = makeAction(tr("Open…"), "open", {}, tr("Open another data file (Ctrl+O)"));
    connect(start_, &QAction::triggered, this, [this] { attempt([this] { experiment_.start(); }); });
    connect(open_, &QAction::triggered, this, &DataPage::openRequested);
}

QWidget* DataPage::buildEmpty() {
    auto* empty = new QWidget(this);
    emptyText_ = new QLabel(empty);
    emptyText_->setObjectName("noFile");
    emptyText_->setAlignment(Qt::AlignCenter);
    emptyText_->setWordWrap(true);
    auto* open = new QPushButton(tr("Open a file…"), empty);
    open->setObjectName("openFile");
    connect(open, &QPushButton::clicked, this, &DataPage::openRequested);
    auto* layout = columnIn(empty);
    layout->setSpacing(14);
    layout->setContentsMargins(40, 0, 40, 0);
    layout->addStretch(2);
    layout->addWidget(emptyText_);
    layout->addWidget(open, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    return empty;
}

QWidget* DataPage::buildHead() {
    auto* head = new QWidget(this);
    title_ = boldLabel(head);
    title_->setObjectName("dataTitle");
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // a long name is cut
    summary_ = new QLabel(head);
    summary_->setObjectName("dataSummary");
    summary_->setWordWrap(true);
    progressRow_ = new QWidget(head);
    progress_ = new QProgressBar(progressRow_);
    progress_->setRange(0, 100);
    progress_->setFormat(tr("Reading %p%"));
    progress_->setAccessibleName(tr("Reading progress"));
    auto* cancel = new QPushButton(tr("Cancel"), progressRow_);
    cancel->setObjectName("cancelReading");
    connect(cancel, &QPushButton::clicked, &preview_, &DataPreview::cancel);
    auto* progressLine = new QHBoxLayout(progressRow_);
    progressLine->setContentsMargins(0, 0, 0, 0);
    progressLine->addWidget(progress_, 1);
    progressLine->addWidget(cancel);
    auto* titleLine = new QHBoxLayout;
    titleLine->addWidget(title_, 3);
    titleLine->addWidget(progressRow_, 2);
    QSizePolicy keeps = progressRow_->sizePolicy();
    keeps.setRetainSizeWhenHidden(true); // nothing jumps when it comes and goes
    progressRow_->setSizePolicy(keeps);
    findings_ = new FindingsView(head);
    notes_ = new QLabel;
    notes_->setObjectName("dataNotes");
    notes_->setWordWrap(true);
    notes_->setTextFormat(Qt::PlainText);
    notes_->setAlignment(Qt::AlignTop);
    notes_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* area = new QScrollArea(head);
    area->setObjectName("dataNotesArea");
    area->setWidget(notes_);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    notesArea_ = area;
    auto* layout = columnIn(head);
    layout->addLayout(titleLine);
    layout->addWidget(summary_);
    layout->addWidget(findings_);
    layout->addWidget(area);
    return head;
}

QWidget* DataPage::buildColumns() {
    auto* part = new QWidget(this);
    model_ = new ColumnTableModel(this);
    sorted_ = new QSortFilterProxyModel(this);
    sorted_->setSourceModel(model_);
    sorted_->setFilterKeyColumn(ColumnTableModel::Name);
    sorted_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    sorted_->setSortRole(TableModel::kNumberRole);
    sorted_->setDynamicSortFilter(false); // a row whose role is chosen stays where it is
    columns_ = new QTableView(part);
    setUpRows(*columns_, "columns", tr("Columns of the data"));
    columns_->setModel(sorted_);
    columns_->setSortingEnabled(true);
    columns_->sortByColumn(ColumnTableModel::Number, Qt::AscendingOrder);
    columns_->setItemDelegate(new ColumnDelegate(columns_));
    auto* choice = new ChoiceDelegate(columns_);
    columns_->setItemDelegateForColumn(ColumnTableModel::Role, choice);
    columns_->setItemDelegateForColumn(ColumnTableModel::Kind, choice);
    columns_->setItemDelegateForColumn(ColumnTableModel::Histogram, new BarsDelegate(columns_));
    columns_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    columns_->setMinimumHeight(96);
    columns_->horizontalHeader()->setResizeContentsPrecision(100);
    columns_->horizontalHeader()->setStretchLastSection(false);
    connect(columns_, &QTableView::clicked, this, [this](const QModelIndex& index) {
        const bool several = columns_->selectionModel()->selectedRows().size() > 1;
        if (index.flags() & Qt::ItemIsEditable && !several)
            columns_->edit(index);
    });
    filter_ = new QLineEdit(part);
    filter_->setObjectName("findColumn");
    filter_->setPlaceholderText(tr("Find a column"));
    filter_->setAccessibleName(tr("Find a column"));
    filter_->setClearButtonEnabled(true);
    filter_->setMaximumWidth(200);
    connect(filter_, &QLineEdit::textChanged, sorted_, &QSortFilterProxyModel::setFilterFixedString);
    count_ = boldLabel(part);
    auto* line = new QHBoxLayout;
    line->addWidget(count_);
    line->addStretch(1);
    line->addWidget(filter_);
    auto* layout = columnIn(part);
    layout->addLayout(line);
    layout->addWidget(columns_, 1);
    return part;
}

QWidget* DataPage::buildRows() {
    auto* part = new QWidget(this);
    rowsTitle_ = boldLabel(part);
    rowsTitle_->setText(tr("First rows"));
    rowsModel_ = new RowsModel(this);
    rows_ = new QTableView(part);
    setUpRows(*rows_, "firstRows", tr("First rows of the data"));
    rows_->setModel(rowsModel_);
    rows_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    rows_->setMinimumHeight(72);
    auto* layout = columnIn(part);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(rowsTitle_);
    layout->addWidget(rows_, 1);
    return part;
}

void DataPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    preview_.setWatched(true);
    update();
}

void DataPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    preview_.setWatched(false);
}

void DataPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    QTimer::singleShot(0, this, [this] { // once all have their width
        showNotes();
        sizeRange();
    });
}

/// Everything, from what the preview knows.
void DataPage::update() {
    const bool generated = preview_.generated();
    stack_->setCurrentIndex(generated ? 0 : 1);
    start_->setEnabled(generated || (preview_.report() && preview_.report()->whyNot.empty()));
    start_->setToolTip(start_->isEnabled() ? start_->statusTip() : tr("The data cannot be trained on yet"));
    if (generated) {
        emptyText_->setText(
            tr("The training data is generated (%1): there is no file to look into.\n\nOpen a table, "
               "a LIBSVM file or another data file to see its columns and choose how it is read.")
                .arg(QString::fromStdString(preview_.data().source)));
        return;
    }
    reading_->show(preview_.data(), preview_.report().get());
    showHead();
    showFindings();
    showNotes();
    showTables();
}

void DataPage::showHead() {
    const QString source = QString::fromStdString(preview_.data().source);
    title_->setText(QFileInfo(source).fileName());
    title_->setToolTip(source);
    progressRow_->setVisible(preview_.reading());
    const DataReport* report = preview_.report().get();
    if (report == nullptr) {
        summary_->setText(preview_.reading() ? tr("It is being read.") : QString());
        return;
    }
    QStringList lines{sizeOf(*report) + " · " + formOf(*report)};
    for (const QString& line : {labelOf(*report), classesOf(*report)})
        if (!line.isEmpty())
            lines << line;
    summary_->setText(lines.join("\n"));
}

void DataPage::showFindings() {
    const DataSpec spec = preview_.data();
    if (preview_.report()) {
        findings_->show(findingsOf(*preview_.report(), spec, experiment_.loss()));
        return;
    }
    std::vector<Finding> findings;
    if (!preview_.error().isEmpty()) {
        findings.push_back({preview_.error(), true, {}});
        if (spec.load != LoadOptions()) {
            Remedy again{tr("Detect everything again"), spec, {}};
            again.data.load = {};
            findings.back().remedies.push_back(again);
        }
        if (preview_.opening())
            findings.back().remedies.push_back({tr("Back to the data before"), experiment_.data(), {}});
    } else if (!preview_.reading()) {
        findings.push_back({tr("Reading was cancelled."), false, {{tr("Read it"), spec, {}}}});
    }
    findings_->show(findings);
}

void DataPage::choose(const Remedy& remedy) {
    if (remedy.loss)
        experiment_.chooseLoss(*remedy.loss);
    if (remedy.data.source != preview_.data().source)
        preview_.drop();
    else if (remedy.data == preview_.data() && !preview_.report())
        preview_.readAgain();
    else if (remedy.data != preview_.data())
        preview_.change(remedy.data);
}

void DataPage::showNotes() {
    constexpr int kLines = 5;
    QStringList lines;
    if (const DataReport* report = preview_.report().get()) {
        for (const auto& warning : warningsIn(*report))
            lines << "⚠  " + warning;
        for (const auto& note : notesIn(*report))
            lines << "•  " + note;
    }
    notes_->setText(lines.join("\n"));
    notesArea_->setVisible(!lines.isEmpty());
    const int line = notes_->fontMetrics().lineSpacing();
    const int needed = notes_->heightForWidth(std::max(200, notesArea_->width() - 4));
    notesArea_->setFixedHeight(std::min(needed, kLines * line) + 4);
}

void DataPage::showTables() {
    const auto& report = preview_.report();
    const bool sameShape =
        model_->report() != nullptr && report && model_->report()->columns.size() == report->columns.size();
    const bool sameReport = model_->report() == report.get();
    model_->setReport(report);
    rowsModel_->setReport(report);
    columnsPart_->setVisible(report != nullptr);
    rowsPart_->setVisible(report && !report->firstRows.empty());
    if (report)
        count_->setText(report->schema.sparse ? tr("%1 features").arg(counted(report->columns.size()))
                                              : tr("%1 columns").arg(counted(report->columns.size())));
    if (!sameReport && report) {
        if (!sameShape)
            filter_->clear();
        sizeColumns();
    }
}

void DataPage::sizeColumns() {
    for (int column = 0; column < ColumnTableModel::ColumnCount; ++column)
        if (column != ColumnTableModel::Range && column != ColumnTableModel::Histogram)
            columns_->resizeColumnToContents(column);
    constexpr int kWidestName = 240, kHistogram = 112;
    columns_->setColumnWidth(ColumnTableModel::Name,
                             std::min(kWidestName, columns_->columnWidth(ColumnTableModel::Name)));
    columns_->setColumnWidth(ColumnTableModel::Histogram, kHistogram);
    sizeRange();
    for (int column = 0; column < std::min(kMeasured, rowsModel_->columnCount()); ++column)
        rows_->resizeColumnToContents(column);
}

/// The ranges take what is left, as far as they need it: their tool tips show them whole.
void DataPage::sizeRange() {
    constexpr int kLeast = 90, kMost = 380;
    columns_->resizeColumnToContents(ColumnTableModel::Range);
    int left = columns_->viewport()->width();
    for (int column = 0; column < ColumnTableModel::ColumnCount; ++column)
        left -= column == ColumnTableModel::Range ? 0 : columns_->columnWidth(column);
    const int wanted = std::min(kMost, columns_->columnWidth(ColumnTableModel::Range));
    columns_->setColumnWidth(ColumnTableModel::Range, std::max(kLeast, std::min(wanted, left)));
}

QList<int> DataPage::rowsWith(int row) const {
    QList<int> rows;
    for (const auto& index : columns_->selectionModel()->selectedRows())
        rows << sorted_->mapToSource(index).row();
    return rows.contains(row) ? rows : QList<int>{row};
}

void DataPage::chooseRole(int row, ColumnRole role) {
    const bool one = role == ColumnRole::Label || role == ColumnRole::Weight;
    DataSpec spec = preview_.data();
    for (const int each : one ? QList<int>{row} : rowsWith(row))
        spec.load = withRole(spec.load, *model_->report(), static_cast<std::size_t>(each), role);
    preview_.change(spec);
}

void DataPage::chooseKind(int row, ColumnKind kind) {
    DataSpec spec = preview_.data();
    for (const int each : rowsWith(row))
        if (model_->flags(model_->index(each, ColumnTableModel::Kind)) & Qt::ItemIsEditable)
            spec.load = withKind(spec.load, *model_->report(), static_cast<std::size_t>(each), kind);
    preview_.change(spec);
}

} // namespace zipml::ui
