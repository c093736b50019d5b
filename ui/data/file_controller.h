#pragma once
/// Data files and experiments: chosen, dropped or fetched, looked into in the background, saved. The window
/// shows its actions and the bar of what is being read.

#include "ui/data/inspection.h"

#include <QObject>

#include <filesystem>
#include <functional>

class QAction;
class QProgressBar;
class QPushButton;
class QWidget;

namespace zipml::ui {

class FetchDialog;
class SessionController;
class TrainingPage;

class FileController : public QObject {
    Q_OBJECT
  public:
    /// @param window owns the dialogs
    FileController(TrainingPage& page, SessionController& session, QWidget& window);

    /// For the File menu: Open, Fetch, Save experiment.
    [[nodiscard]] QList<QAction*> actions() const { return {open_, fetch_, save_}; }
    /// For the status bar: how far the file is read, Cancel. Hidden while there is none.
    [[nodiscard]] QList<QWidget*> progressWidgets() const;

    /// A data file is inspected in the background and then selected; a *.json file is read as an experiment,
    /// a *.zipml file as a session.
    /// Whatever is wrong with it is said in a message, and the settings stay as they are.
    void open(const QString& file);
    /// Shows the public data sets. One that is opened there is selected, and `parent` closes, unless it is
    /// the window. @param folder for the files; empty: the usual one
    FetchDialog* fetch(QWidget& parent, const std::filesystem::path& folder);

  signals:
    void message(const QString& text, bool bad);
    /// A data set was chosen to be trained on.
    void pageWanted();

  private:
    void buildActions();
    void buildProgress();
    void connectInspection();
    void choose(const QString& title, const std::function<void(const QString&)>& chosen);
    void chooseData();
    void openExperiment(const QString& file);
    void saveExperiment();
    void setReading(bool reading);

    TrainingPage& page_;
    SessionController& session_;
    QWidget& window_;
    QAction *open_, *fetch_, *save_;
    QProgressBar* progress_;
    QPushButton* cancel_;
    Inspection inspection_;
};

} // namespace zipml::ui
