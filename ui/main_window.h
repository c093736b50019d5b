#pragma once
/// The window: menus, tool bars, message bar; it only arranges pages and forwards actions.

#include "core/bench/device_report.h"
#include "ui/data/inspection.h"
#include "ui/theme/palette.h"

#include <QMainWindow>

class QProgressBar;
class QPushButton;
class QStackedWidget;
class QToolBar;

namespace zipml::ui {

class DevicesPage;
class MessageBar;
class SessionController;
class TrainingPage;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    enum Page { Training, Devices };

    /// @param devices what the page of devices lists
    explicit MainWindow(DeviceSources devices = {});

    /// Starts the comparison that a first start shows.
    void startWelcome();
    /// A data file is inspected in the background and then selected; a *.json file is read as an experiment,
    /// a *.zipml file as a session.
    /// Whatever is wrong with it is said in the message bar, and the settings stay as they are.
    void open(const QString& file);
    void showPage(Page page);
    [[nodiscard]] TrainingPage& page() const { return *page_; }
    [[nodiscard]] DevicesPage& devices() const { return *devices_; }
    [[nodiscard]] SessionController& session() const { return *session_; }
    [[nodiscard]] MessageBar& messages() const { return *messages_; }

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

  private:
    void buildMenus();
    void buildPages();
    QToolBar* addActionBar(const QString& title, const char* name, const QList<QAction*>& actions);
    void buildToolBars();
    void buildStatusBar();
    void chooseFile(const QString& title, const std::function<void(const QString&)>& opened);
    void saveExperiment();
    void setTheme(Theme theme);
    void showShortcuts();
    void showAbout();
    void endInspection();

    TrainingPage* page_;
    DevicesPage* devices_;
    QStackedWidget* pages_;
    QList<QAction*> pageActions_; ///< by Page
    QList<QToolBar*> bars_;       ///< the pages' own, by Page
    MessageBar* messages_;
    SessionController* session_;
    Inspection inspection_;
    QProgressBar* loading_;
    QPushButton* cancelLoading_;
};

} // namespace zipml::ui
