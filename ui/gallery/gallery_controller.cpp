#include "ui/gallery/gallery_controller.h"

#include "ui/experiment/experiment_model.h"
#include "ui/gallery/experiments_panel.h"
#include "ui/gallery/gallery_dialog.h"

#include <QAction>

namespace zipml::ui {

GalleryController::GalleryController(ExperimentModel& experiment, Fetch fetch, QWidget& window)
    : QObject(&window), experiment_(experiment), fetch_(std::move(fetch)), window_(window),
      action_(new QAction(tr("&Gallery…"), this)) {
    action_->setShortcut(QKeySequence("Ctrl+G"));
    action_->setStatusTip(tr("Ready comparisons to run, and the published experiments"));
    connect(action_, &QAction::triggered, this, &GalleryController::open);
}

ReproduceWorker& GalleryController::worker() {
    if (worker_ == nullptr) {
        worker_ = new ReproduceWorker(this);
        connect(worker_, &ReproduceWorker::ended, this, [this] {
            if (window_.findChild<GalleryDialog*>() == nullptr) // which says it itself
                emit message(tr("Published experiments (Ctrl+G): ") + worker_->ending(), worker_->failed());
        });
    }
    return *worker_;
}

void GalleryController::open() {
    auto* gallery = new GalleryDialog(worker(), &window_);
    gallery->setAttribute(Qt::WA_DeleteOnClose);
    auto* experiments = &gallery->experiments();
    connect(gallery, &GalleryDialog::chosen, this, [this](const Preset& preset) {
        emit pageWanted();
        experiment_.show(preset.action, {tr("Gallery"), QString::fromStdString(preset.name)});
    });
    connect(experiments, &ExperimentsPanel::fetchWanted, this,
            [this, gallery, experiments](const std::filesystem::path& folder) {
                connect(fetch_(*gallery, folder), &QDialog::finished, experiments,
                        &ExperimentsPanel::refresh);
            });
    if (worker_->active())
        gallery->showExperiments();
    gallery->open();
}

} // namespace zipml::ui
