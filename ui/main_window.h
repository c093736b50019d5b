#pragma once
/// The window: menus, tool bars, message bar; it only arranges pages and forwards actions.

#include "core/bench/device_report.h"
#include "core/lab/run_spec.h"

#include <QMainWindow>

#include <optional>

class QDockWidget;
class QStackedWidget;
class QToolBar;

namespace zipml::ui {

class DataPage;
class DataPreview;
class DevicesPage;
class DoubleSamplingPage;
class FileController;
class GalleryController;
class LessonPanel;
class MessageBar;
class NetworksPage;
class Page;
class QuantizerPage;
class TomographyPage;
class TradeoffsPage;
class SessionController;
class TrainingPage;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    /// @param devices what the page of devices lists
    explicit MainWindow(DeviceSources devices = {});

    /// Starts the comparison that a first start shows.
    void startWelcome();
    /// As FileController::open.
    void open(const QString& file);
    /// And then starts what the page starts, unless the file cannot be trained on yet.
    void openAndStart(const QString& file);
    /// @param name as in PageCard. @return false, and nothing changes, where there is none of that name
    bool showPage(const QString& name);
    [[nodiscard]] Page& currentPage() const;
    [[nodiscard]] const QList<Page*>& pages() const { return pages_; }
    [[nodiscard]] TrainingPage& page() const { return *page_; }
    [[nodiscard]] DataPage& dataPage() const { return *data_; }
    [[nodiscard]] QuantizerPage& quantizer() const { return *quantizer_; }
    [[nodiscard]] TradeoffsPage& tradeoffs() const { return *tradeoffs_; }
    [[nodiscard]] TomographyPage& tomography() const { return *tomography_; }
    [[nodiscard]] DevicesPage& devices() const { return *devices_; }
    [[nodiscard]] NetworksPage& networks() const { return *networks_; }
    [[nodiscard]] LessonPanel& lessons() const { return *lessons_; }
    [[nodiscard]] SessionController& session() const { return *session_; }
    [[nodiscard]] MessageBar& messages() const { return *messages_; }

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

  private:
    void buildPages();
    void buildMenus();
    void buildFileMenu();
    void buildViewMenu();
    QToolBar* addActionBar(const QString& title, const QString& name, const QList<QAction*>& actions);
    void buildToolBars();
    void buildStatusBar();
    void buildLessons();
    void connectPages();
    void connectControllers();
    void present(bool on);
    [[nodiscard]] QList<QAction*> actionsWithKeys() const;
    /// Starts the run on the Training page, and sets its settings there.
    void train(RunSpec spec);
    /// Sets grid and bits of the experiment.
    void useLevels(const GridSpec& grid, int bits, std::optional<bool> shared);

    TrainingPage* page_;
    DataPreview* preview_;
    DataPage* data_;
    QuantizerPage* quantizer_;
    DoubleSamplingPage* doubleSampling_;
    TradeoffsPage* tradeoffs_;
    TomographyPage* tomography_;
    DevicesPage* devices_;
    NetworksPage* networks_;
    LessonPanel* lessons_;
    QDockWidget* lessonDock_;
    bool startWhenOpened_ = false;
    bool lessonsWanted_ = true; ///< beside the Training page
    QAction* present_;
    QList<Page*> pages_; ///< in the order shown
    QStackedWidget* stack_;
    QList<QAction*> pageActions_; ///< one a page
    QList<QToolBar*> bars_;       ///< likewise
    MessageBar* messages_;
    SessionController* session_;
    FileController* files_;
    GalleryController* gallery_;
};

} // namespace zipml::ui
