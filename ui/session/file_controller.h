#pragma once
/// The file controller has data files and experiments chosen, dropped or fetched, looked into in the
/// background, and saved. The window shows its actions and the bar of what is being read.

#include <QObject>

#include <filesystem>

class QAction;
class QProgressBar;
class QPushButton;
class QWidget;

namespace zipml {
struct RunFile;
}

namespace zipml::ui {

class DataPreview;
class ExperimentModel;
class FetchDialog;
class SessionController;

class FileController : public QObject {
    Q_OBJECT
  public:
    /// @param window owns the dialogs
    FileController(ExperimentModel& experiment, SessionController& session, QWidget& window);

    /// For the File menu: Open, Fetch, Save experiment.
    [[nodiscard]] QList<QAction*> actions() const { return {open_, fetch_, save_}; }
    /// Whether a person has ever opened a data file of their own here.
    [[nodiscard]] static bool ownDataUsed();
    /// For the status bar: how far the file is read, Cancel. Hidden while there is none.
    [[nodiscard]] QList<QWidget*> progressWidgets() const;

    /// A data file is inspected in the background and then selected, also where something is still to be
    /// chosen before it can be trained on: the page of data shows what. A *.json file is read as an
    /// experiment, or its runs are added where it holds runs that ended (records, sweeps, streams of them;
    /// *.jsonl, *.ndjson too); a *.zipml file as a session. What cannot be read is said in a message, and the settings
    /// stay as they are.
    void open(const QString& file);
    /// Asks for a file.
    void chooseData();
    /// Shows the public data sets. One that is opened there is selected, and `parent` closes, unless it is
    /// the window. @param folder for the files; empty: the usual one
    FetchDialog* fetch(QWidget& parent, const std::filesystem::path& folder);

  signals:
    void message(const QString& text, bool bad);
    /// By name: where to look at what was opened.
    void pageWanted(const QString& page);
    /// `trainable`: a run can be started on it.
    void opened(bool trainable);

  private:
    void buildActions();
    void buildProgress();
    void connectPreview();
    void openJson(const QString& file);
    void openFigure(const QString& file);
    /// Asks first: whoever made a figure decided what it runs.
    void offerRuns(const QString& file, const std::vector<RunSpec>& runs);
    void openExperiment(const QString& file);
    void addRuns(const QString& file, const RunFile& read);
    void saveExperiment();
    void showOpened();

    ExperimentModel& experiment_;
    DataPreview& preview_;
    SessionController& session_;
    QWidget& window_;
    QAction *open_, *fetch_, *save_;
    QProgressBar* progress_;
    QPushButton* cancel_;
    int opens_ = 0; ///< counted: the last one counts
};

} // namespace zipml::ui
