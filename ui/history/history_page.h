#pragma once
/// The page of the history finds runs of all sessions and of the command line, names and tags them, and puts
/// them into the plots again.

#include "ui/history/history_model.h"
#include "ui/history/history_recorder.h"
#include "ui/widgets/page.h"

#include <QTableView>
#include <QTimer>
#include <QUndoStack>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace zipml::ui {

class ExperimentModel;
class FilterBox;

class HistoryPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment whose runs are recorded and added to; outlives this @param folder of the history;
    /// empty: none is kept
    HistoryPage(ExperimentModel& experiment, const QString& folder, QWidget* parent = nullptr);
    ~HistoryPage() override;

    [[nodiscard]] QList<QAction*> barActions() const override {
        return {overlay_, alone_, reuse_, remove_, undo_, redo_};
    }
    [[nodiscard]] QList<QAction*> menuActions() const override { return barActions() + QList{find_}; }
    [[nodiscard]] HistoryStore& store() { return store_; }
    [[nodiscard]] HistoryModel& model() const { return *model_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] FilterBox& filter() const { return *filter_; }
    /// As HistoryRecorder::leaveOut.
    void leaveOut(const std::function<void()>& start) { recorder_.leaveOut(start); }

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    class Change;
    void build();
    void buildActions();
    void buildDetails(QWidget* details);
    void showChanges(const std::vector<HistoryRun>& runs);
    void showDetails();
    void updateActions();
    void fitColumns();
    /// Of the selected rows, in their order.
    [[nodiscard]] QStringList selectedKeys() const;
    [[nodiscard]] const HistoryRun* runOf(const QString& key) const;
    void change(const QString& text, HistoryField field, const QStringList& keys, const QStringList& values);
    void removeSelected();
    void commitNotes();
    void commitTags();
    /// @param alone the other runs are no longer ticked
    void plot(bool alone);

    ExperimentModel& experiment_;
    HistoryStore store_;
    HistoryRecorder recorder_; ///< before the store goes
    HistoryModel* model_;
    HistoryRows* rows_;
    QTableView* table_;
    FilterBox* filter_;
    QLabel *title_, *command_, *empty_;
    QLineEdit* tags_;
    QPlainTextEdit* notes_;
    QString notesOf_; ///< the key of the run whose notes are shown
    QUndoStack changes_;
    QAction *overlay_, *alone_, *reuse_, *remove_, *undo_, *redo_, *find_;
    QTimer look_; ///< at what other programs have run, while the page shows
};

} // namespace zipml::ui
