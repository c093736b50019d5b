#pragma once
/// The gallery as the window has it: opened anew each time, while published experiments go on between.

#include <QObject>

class QAction;
class QWidget;

namespace zipml::ui {

class FileController;
class ReproduceWorker;
class TrainingPage;

class GalleryController : public QObject {
    Q_OBJECT
  public:
    /// @param files fetches data sets for experiments @param window owns the dialog
    GalleryController(TrainingPage& page, FileController& files, QWidget& window);

    /// For the File menu.
    [[nodiscard]] QAction* action() const { return action_; }

  signals:
    void message(const QString& text, bool bad);
    /// A comparison was chosen to be looked at.
    void pageWanted();

  private:
    void open();
    /// From the first look on.
    ReproduceWorker& worker();

    TrainingPage& page_;
    FileController& files_;
    QWidget& window_;
    QAction* action_;
    ReproduceWorker* worker_ = nullptr;
};

} // namespace zipml::ui
