#pragma once
/// The gallery's controller opens it anew each time, while published experiments go on between.

#include <QObject>

#include <filesystem>
#include <functional>

class QAction;
class QDialog;
class QWidget;

namespace zipml::ui {

class ExperimentModel;
class ReproduceWorker;

class GalleryController : public QObject {
    Q_OBJECT
  public:
    /// Shows the public data sets over a widget. @param folder for the files
    using Fetch = std::function<QDialog*(QWidget& parent, const std::filesystem::path& folder)>;
    /// @param fetch data sets for experiments @param window owns the dialog
    GalleryController(ExperimentModel& experiment, Fetch fetch, QWidget& window);

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

    ExperimentModel& experiment_;
    Fetch fetch_;
    QWidget& window_;
    QAction* action_;
    ReproduceWorker* worker_ = nullptr;
};

} // namespace zipml::ui
