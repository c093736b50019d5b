#pragma once
/// The session controller keeps the session as a document: new, open, save, recent files, unsaved changes,
/// autosave and recovery. The window shows its actions and asks it before it closes.

#include "ui/experiment/experiment_model.h"
#include "ui/session/autosave.h"

#include <QObject>

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <set>

class QAction;
class QMainWindow;
class QMenu;

namespace zipml::ui {

class Page;

class SessionController : public QObject {
    Q_OBJECT
  public:
    /// @param page where the runs are looked at @param window shows the title and owns the dialogs
    SessionController(ExperimentModel& experiment, Page& page, QMainWindow& window,
                      const QString& recoveryFolder = Autosave::usualFolder());
    ~SessionController() override;

    /// For the File menu: New, Open session, Recent files; Save, Save as.
    [[nodiscard]] QList<QAction*> openActions() const { return {new_, open_, recent_}; }
    [[nodiscard]] QList<QAction*> saveActions() const { return {save_, saveAs_}; }
    [[nodiscard]] bool modified() const { return modified_; }
    /// "" before it was saved.
    [[nodiscard]] QString file() const { return file_; }

    static bool isSession(const QString& file) { return file.endsWith(kSessionEnding); }
    /// Asks about unsaved changes, reads in the background, then shows. What is wrong is said in one line,
    /// and neither the page nor the file changes.
    void open(const QString& file);
    /// Writes in the background, then calls `saved` if that went well.
    void saveTo(const QString& file, const std::function<void()>& saved = {});
    /// A data file, spec or session that was opened.
    void addRecent(const QString& file);
    /// The runs that `start` starts are a demonstration, which nobody is asked to save.
    void demonstrate(const std::function<void()>& start);
    /// Removes those, before a person works with data of their own.
    void putDemonstrationAway();
    /// Whether the window may close now; else the person is asked, and it closes afterwards or not at all.
    /// @param interrupted what closing would interrupt beside the session, a sentence each; empty: nothing
    bool mayClose(const QStringList& interrupted = {});
    /// Offers what a program that ended without goodbye has left.
    void offerRecovery();
    void recover(const QString& left);
    /// For tests: waits until the autosave has written.
    void flush();

  signals:
    /// A session is shown.
    void opened();
    void message(const QString& text, bool bad);
    /// A recent file that is not a session.
    void otherFileChosen(const QString& file);

  private:
    void buildActions();
    void watchRuns();
    void watchRun(int row);
    void journalEpochs();
    void journalLook();
    void keep(std::function<std::string()> line);
    void takeStock();
    void touch();
    void setFile(const QString& file);
    void setModified(bool modified);
    void updateTitle();
    void fillRecent();
    void save(const std::function<void()>& saved);
    void saveAs(const std::function<void()>& saved);
    /// Calls `go` at once where nothing is unsaved or interrupted, else when the person has decided.
    void whenSaved(const std::function<void()>& go, const QStringList& interrupted = {});
    [[nodiscard]] bool worthSaving() const;
    /// What the document is beside settings and runs.
    struct Document {
        QString file;
        bool modified;
        nlohmann::json view;
        QList<int> runs;
    };
    /// @param what it is, behind "Undo"
    void show(const Session& session, const QString& file, const QString& what);
    void become(const Document& document);
    void writeAutosave(const QString& obsolete = {});
    void forgetAutosave();

    RunList& runs() const { return experiment_.runs(); }

    ExperimentModel& experiment_;
    Page& page_;
    QMainWindow& window_;
    SettingsHistory& history_;
    QString recoveryFolder_;
    Autosave autosave_;
    QTimer autosaveSoon_;
    QAction *new_, *open_, *recent_, *save_, *saveAs_;
    QMenu* recentMenu_;
    QString file_;
    bool modified_ = false, showing_ = false, closing_ = false;
    bool kept_ = false;         ///< there is an autosave for the journal to go on from
    int opens_ = 0;             ///< counted: the last one counts
    std::uint64_t changes_ = 0; ///< counted, so that a save knows whether more came meanwhile
    /// What of a run is kept already.
    struct Kept {
        std::string head;     ///< tells when to keep more than its states
        bool optimum = false; ///< its states hold what the exact optimum adds to them
        std::size_t epochs = 0, steps = 0;
    };
    std::map<int, Kept> seen_;    ///< by id
    nlohmann::json look_;         ///< settings and view likewise
    std::set<int> demonstration_; ///< ids of its runs
};

} // namespace zipml::ui
