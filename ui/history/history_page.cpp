#include "ui/history/history_page.h"

#include "ui/experiment/experiment_model.h"
#include "ui/runs/filter_box.h"
#include "ui/session/session_state.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/row_table.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QEvent>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QUndoCommand>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {

/// A change of some runs that can be taken back.
class HistoryPage::Change : public QUndoCommand {
  public:
    Change(HistoryStore& store, HistoryField field, QStringList keys, QStringList before, QStringList after,
           const QString& text)
        : QUndoCommand(text), store_(store), field_(field), keys_(std::move(keys)),
          before_(std::move(before)), after_(std::move(after)) {}
    void undo() override { store_.set(field_, keys_, before_); }
    void redo() override { store_.set(field_, keys_, after_); }

  private:
    HistoryStore& store_;
    HistoryField field_;
    QStringList keys_, before_, after_;
};

HistoryPage::HistoryPage(ExperimentModel& experiment, const QString& folder, QWidget* parent)
    : Page(parent), experiment_(experiment), store_(folder), recorder_(experiment.runs(), store_),
      model_(new HistoryModel(this)), rows_(new HistoryRows(*model_, this)), table_(new QTableView(this)),
      filter_(new FilterBox(this)) {
    build();
    buildActions();
    constexpr int kLookMilliseconds = 2000;
    look_.setInterval(kLookMilliseconds);
    connect(&look_, &QTimer::timeout, &store_, &HistoryStore::refresh);
    connect(&store_, &HistoryStore::changed, this, &HistoryPage::showChanges);
    connect(&store_, &HistoryStore::message, this, &HistoryPage::message);
    connect(filter_, &FilterBox::changed, this, [this](const RunFilter& filter) {
        rows_->setFilter(filter);
        filter_->setCount(rows_->rowCount(), model_->rowCount());
        updateActions();
    });
    connect(model_, &HistoryModel::edited, this,
            [this](const QString& key, HistoryField field, const QString& value) {
                change(field == HistoryField::Name ? tr("rename") : tr("tags"), field, {key}, {value});
            });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        commitNotes();
        showDetails();
        updateActions();
    });
    showDetails();
    updateActions();
}

HistoryPage::~HistoryPage() {
    commitNotes();
}

void HistoryPage::build() {
    setUpRows(*table_, "history", tr("Runs of the history"));
    table_->setModel(rows_);
    table_->setSortingEnabled(true);
    table_->sortByColumn(HistoryModel::When, Qt::DescendingOrder);
    table_->setContextMenuPolicy(Qt::ActionsContextMenu);
    table_->installEventFilter(this);
    table_->viewport()->installEventFilter(this);
    empty_ =
        new QLabel(store_.off() ? tr("No history is kept: the window was started with --no-history, or "
                                     "ZIPML_HISTORY is off.")
                                : tr("No runs yet. Those that end here, or by zipml train and zipml sweep, "
                                     "will be listed."),
                   this);
    empty_->setObjectName("historyEmpty");
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    auto* details = new QWidget(this);
    buildDetails(details);
    auto* upper = new QWidget(this);
    auto* rows = new QVBoxLayout(upper);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 6, 10, 0);
    bar->addWidget(filter_);
    rows->addLayout(bar);
    rows->addWidget(empty_, 1);
    rows->addWidget(table_, 1);
    auto* both = new QSplitter(Qt::Vertical, this);
    both->addWidget(upper);
    both->addWidget(details);
    both->setStretchFactor(0, 1);
    both->setStretchFactor(1, 0);
    both->setChildrenCollapsible(false);
    fillWith(both);
}

void HistoryPage::buildDetails(QWidget* details) {
    auto* form = new QFormLayout(details);
    form->setContentsMargins(12, 8, 12, 10);
    title_ = new QLabel(details);
    title_->setObjectName("historyTitle");
    title_->setTextFormat(Qt::PlainText);
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    tags_ = new QLineEdit(details);
    tags_->setObjectName("historyTags");
    tags_->setAccessibleName(tr("Tags of the selected runs"));
    tags_->setPlaceholderText(tr("Words with spaces between; found by tag=word"));
    notes_ = new QPlainTextEdit(details);
    notes_->setObjectName("historyNotes");
    notes_->setAccessibleName(tr("Notes on the selected run"));
    notes_->setPlaceholderText(tr("What you want to remember of it"));
    notes_->setTabChangesFocus(true);
    constexpr int kLines = 4; // the table has more use for the room
    notes_->setMinimumHeight(44);
    notes_->setMaximumHeight(kLines * notes_->fontMetrics().lineSpacing() + 16);
    notes_->installEventFilter(this);
    command_ = new QLabel(details);
    command_->setObjectName("historyCommand");
    command_->setTextFormat(Qt::PlainText);
    command_->setWordWrap(true);
    command_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    form->addRow(title_);
    form->addRow(tr("&Tags"), tags_);
    form->addRow(tr("N&otes"), notes_);
    form->addRow(tr("Command"), command_);
    connect(tags_, &QLineEdit::editingFinished, this, &HistoryPage::commitTags);
}

void HistoryPage::buildActions() {
    overlay_ =
        makeAction(tr("Overlay"), "training", {},
                   tr("Add the selected runs to the plots and the table of the Training page (Enter)"));
    alone_ = makeAction(tr("Open alone"), "open", {},
                        tr("The same, and only they are ticked; the other runs stay in the table"));
    reuse_ = makeAction(tr("Use its settings"), "use", {QKeySequence("Ctrl+U")},
                        tr("Set up the Training page as the selected run was"));
    remove_ = makeAction(tr("Delete"), "reset", {QKeySequence::Delete},
                         tr("Delete the selected runs from the history; Undo brings them back"));
    undo_ = makeAction(tr("Undo"), "undo", {QKeySequence(QKeySequence::Undo)},
                       tr("Undo the last change of the history"));
    redo_ = makeAction(tr("Redo"), "redo", {QKeySequence(QKeySequence::Redo)}, tr("Redo what was undone"));
    find_ = makeAction(tr("Filter the history"), {}, {QKeySequence::Find}, tr("Find runs: bits<4 tag=paper"));
    for (auto* action : {undo_, redo_})
        action->setPriority(QAction::LowPriority); // without text in the bar
    for (auto* action : menuActions())             // the keys have other meanings on other pages
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    remove_->setShortcutContext(Qt::WidgetShortcut); // Del edits text elsewhere
    table_->addActions({overlay_, alone_, reuse_, remove_});
    connect(overlay_, &QAction::triggered, this, [this] { plot(false); });
    connect(alone_, &QAction::triggered, this, [this] { plot(true); });
    connect(reuse_, &QAction::triggered, this, [this] {
        if (const auto keys = selectedKeys(); !keys.isEmpty()) {
            experiment_.setSpec(runOf(keys.first())->spec);
            emit pageWanted("training");
        }
    });
    connect(remove_, &QAction::triggered, this, &HistoryPage::removeSelected);
    connect(undo_, &QAction::triggered, &changes_, &QUndoStack::undo);
    connect(redo_, &QAction::triggered, &changes_, &QUndoStack::redo);
    connect(&changes_, &QUndoStack::indexChanged, this, &HistoryPage::updateActions);
    connect(find_, &QAction::triggered, this, [this] { filter_->focus(); });
}

QStringList HistoryPage::selectedKeys() const {
    QList<int> rows = selectedRows(*table_);
    std::ranges::sort(rows);
    QStringList keys;
    for (const int row : rows)
        keys << model_->at(rows_->mapToSource(rows_->index(row, 0)).row()).key;
    return keys;
}

const HistoryRun* HistoryPage::runOf(const QString& key) const {
    const int row = model_->rowOf(key);
    return row < 0 ? nullptr : &model_->at(row);
}

void HistoryPage::showChanges(const std::vector<HistoryRun>& runs) {
    const QStringList selected = selectedKeys();
    model_->apply(runs);
    if (selectedKeys() != selected) { // the table is another
        QItemSelection selection;
        for (const QString& key : selected)
            if (const int row = model_->rowOf(key); row >= 0) {
                const auto index = rows_->mapFromSource(model_->index(row, 0));
                selection.select(index, index);
            }
        table_->selectionModel()->select(selection,
                                         QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    filter_->setCount(rows_->rowCount(), model_->rowCount());
    fitColumns();
    showDetails();
    updateActions();
}

void HistoryPage::showDetails() {
    const QStringList keys = selectedKeys();
    const HistoryRun* run = keys.size() == 1 ? runOf(keys.first()) : nullptr;
    title_->setText(run != nullptr   ? toQt(run->facts.name)
                    : keys.isEmpty() ? tr("No run is selected")
                                     : tr("%n runs are selected", nullptr, static_cast<int>(keys.size())));
    tags_->setEnabled(!keys.isEmpty());
    if (!tags_->hasFocus() || !tags_->isModified())
        tags_->setText(run != nullptr ? toQt(run->facts.tags) : QString());
    notes_->setEnabled(run != nullptr);
    const QString notes = run != nullptr ? toQt(run->facts.notes) : QString();
    const QString key = run != nullptr ? run->key : QString();
    if (key != notesOf_ || (!notes_->document()->isModified() && notes_->toPlainText() != notes)) {
        notesOf_ = key;
        notes_->setPlainText(notes);
    }
    command_->setText(run != nullptr ? toQt(toCommandLine(run->spec)) : QString());
    const bool none = model_->rowCount() == 0;
    empty_->setVisible(none);
    table_->setVisible(!none);
}

void HistoryPage::updateActions() {
    const bool any = !selectedKeys().isEmpty();
    for (auto* action : {overlay_, alone_, reuse_, remove_})
        enable(action, any, tr("Select a run"));
    enable(undo_, changes_.canUndo(), tr("Nothing was changed here"));
    enable(redo_, changes_.canRedo(), tr("Nothing was undone"));
    undo_->setText(changes_.canUndo() ? tr("Undo %1").arg(changes_.undoText()) : tr("Undo"));
    redo_->setText(changes_.canRedo() ? tr("Redo %1").arg(changes_.redoText()) : tr("Redo"));
}

/// Each column has the room that its texts need; the name takes what is left.
void HistoryPage::fitColumns() {
    constexpr int kMeasured = 50, kLeastName = 200, kMostTags = 200;
    auto* header = table_->horizontalHeader();
    header->setResizeContentsPrecision(kMeasured);
    const QAbstractItemView& texts = *table_; // where the hint is public
    int others = 0;
    for (int column = 0; column < HistoryModel::ColumnCount; ++column) {
        if (column == HistoryModel::Name)
            continue;
        int width = std::max(header->sectionSizeHint(column), texts.sizeHintForColumn(column) + 1);
        if (column == HistoryModel::Tags)
            width = std::clamp(width, header->sectionSizeHint(column) * 2, kMostTags);
        table_->setColumnWidth(column, width);
        others += width;
    }
    table_->setColumnWidth(HistoryModel::Name, std::max(kLeastName, table_->viewport()->width() - others));
}

void HistoryPage::change(const QString& text, HistoryField field, const QStringList& keys,
                         const QStringList& values) {
    QStringList before;
    for (const QString& key : keys) {
        const HistoryRun* run = runOf(key);
        const RunFacts facts = run != nullptr ? run->facts : RunFacts{};
        before << (field == HistoryField::Name    ? toQt(facts.name)
                   : field == HistoryField::Tags  ? toQt(facts.tags)
                   : field == HistoryField::Notes ? toQt(facts.notes)
                                                  : QString());
    }
    if (before != values)
        changes_.push(new Change(store_, field, keys, before, values, text));
}

void HistoryPage::removeSelected() {
    const QStringList keys = selectedKeys();
    if (keys.isEmpty())
        return;
    const auto count = static_cast<int>(keys.size());
    change(tr("delete"), HistoryField::Removed, keys, QStringList(keys.size(), "yes"));
    emit message(tr("Deleted %n run(s) from the history; Undo (Ctrl+Z) brings them back.", nullptr, count),
                 false);
}

void HistoryPage::commitTags() {
    if (!tags_->isModified())
        return;
    tags_->setModified(false);
    const QStringList keys = selectedKeys();
    change(tr("tags"), HistoryField::Tags, keys, QStringList(keys.size(), tags_->text().simplified()));
}

void HistoryPage::commitNotes() {
    if (notesOf_.isEmpty() || !notes_->document()->isModified())
        return;
    notes_->document()->setModified(false);
    change(tr("notes"), HistoryField::Notes, {notesOf_}, {notes_->toPlainText().trimmed()});
}

void HistoryPage::plot(bool alone) {
    const QStringList keys = selectedKeys();
    QStringList names;
    for (const QString& key : keys)
        names << toQt(runOf(key)->facts.name);
    store_.open(keys, [this, alone, names](std::vector<SessionRun> opened) {
        if (opened.empty())
            return;
        RunList& runs = experiment_.runs();
        for (int row = 0; alone && row < runs.size(); ++row)
            if (runs.at(row).visible)
                runs.setVisible(row, false);
        std::vector<RunView> views;
        for (std::size_t i = 0; i < opened.size(); ++i) {
            views.push_back(runViewOf(opened[i]));
            views.back().visible = true;
            if (opened.size() == static_cast<std::size_t>(names.size()))
                views.back().name = names[static_cast<qsizetype>(i)];
        }
        runs.add(std::move(views));
        emit message(tr("Added %n run(s) of the history.", nullptr, static_cast<int>(opened.size())), false);
        emit pageWanted("training");
    });
}

void HistoryPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    if (store_.off())
        return;
    store_.refresh();
    look_.start();
    fitColumns();
}

void HistoryPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    look_.stop();
    commitNotes();
}

bool HistoryPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == notes_ && event->type() == QEvent::FocusOut)
        commitNotes();
    if (watched == table_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if ((key == Qt::Key_Return || key == Qt::Key_Enter) && overlay_->isEnabled()) {
            overlay_->trigger();
            return true;
        }
    }
    if (watched == table_->viewport() && event->type() == QEvent::Resize)
        fitColumns();
    return Page::eventFilter(watched, event);
}

} // namespace zipml::ui
