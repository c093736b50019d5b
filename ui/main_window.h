#pragma once
/// The window: menus, tool bar, message bar; it only arranges pages and forwards actions.

#include "ui/data/inspection.h"
#include "ui/theme/palette.h"

#include <QMainWindow>

class QProgressBar;
class QPushButton;

namespace zipml::ui {

class MessageBar;
class TrainingPage;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    MainWindow();

    /// Starts the comparison that a first start shows.
    void startWelcome();
    /// A data file is inspected in the background and then selected; a *.json file is read as an experiment.
    /// Whatever is wrong with it is said in the message bar, and the settings stay as they are.
    void open(const QString& file);
    [[nodiscard]] TrainingPage& page() const { return *page_; }
    [[nodiscard]] MessageBar& messages() const { return *messages_; }

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

  private:
    void buildMenus();
    void buildToolBar();
    void buildStatusBar();
    void chooseFile(const QString& title, const std::function<void(const QString&)>& opened);
    void saveExperiment();
    void setTheme(Theme theme);
    void showShortcuts();
    void showAbout();
    void endInspection();

    TrainingPage* page_;
    MessageBar* messages_;
    Inspection inspection_;
    QProgressBar* loading_;
    QPushButton* cancelLoading_;
};

} // namespace zipml::ui
