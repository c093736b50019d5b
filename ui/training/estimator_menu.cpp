#include "ui/training/estimator_menu.h"

#include "ui/training/midrun_bar.h"
#include "ui/widgets/text.h"

namespace zipml::ui {

EstimatorMenu::EstimatorMenu(RunList& runs, std::function<QList<int>()> targets, QWidget* parent)
    : QMenu(tr("Go on with"), parent), runs_(runs), targets_(std::move(targets)) {
    setToolTipsVisible(true);
    menuAction()->setStatusTip(tr("Another estimator from the next epoch on"));
    for (const auto& entry : namesOf<EstimatorKind>()) {
        const QString title = toQt(entry.title);
        QAction* action = addAction(title);
        action->setData(static_cast<int>(entry.value));
        action->setStatusTip(toQt(entry.summary));
        connect(action, &QAction::triggered, this, [this, kind = entry.value, title] {
            if (const int following = runs_.setEstimator(targets_(), kind); following > 0)
                emit message(tr("%n run(s): %1 from the next epoch", nullptr, following).arg(title), false);
        });
    }
    connect(this, &QMenu::aboutToShow, this, &EstimatorMenu::updateAvailability);
}

void EstimatorMenu::updateAvailability() {
    for (QAction* action : actions()) {
        QString why;
        for (const int row : targets_())
            if (const RunView& run = runs_.at(row); run.active() && why.isEmpty())
                why = whyNotGoOnWith(run.spec, {static_cast<EstimatorKind>(action->data().toInt()),
                                                run.spec.bits, run.spec.grid});
        action->setEnabled(why.isEmpty());
        action->setToolTip(why.isEmpty() ? action->statusTip() : why);
    }
}

} // namespace zipml::ui
