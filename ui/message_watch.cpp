#include "ui/message_watch.h"

#include "ui/experiment/data_preview.h"
#include "ui/experiment/experiment_model.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/setting_words.h"

namespace zipml::ui {

MessageWatch::MessageWatch(ExperimentModel& experiment, MessageBar& bar, QObject* parent)
    : QObject(parent), experiment_(experiment), bar_(bar) {
    connect(&experiment_, &ExperimentModel::changed, this, &MessageWatch::settingsChanged);
    connect(&experiment_.runs(), &RunList::reset, this, &MessageWatch::runsChanged);
    connect(&experiment_.runs(), &RunList::rowChanged, this, &MessageWatch::runsChanged);
    connect(&experiment_.preview(), &DataPreview::changed, this, &MessageWatch::dataChanged);
}

void MessageWatch::settingsChanged() {
    QString wrong;
    try {
        (void)experiment_.spec();
    } catch (const InputError& error) {
        wrong = inWindowWords(error.what());
    }
    const QString before = std::exchange(settings_, wrong);
    if (!before.isEmpty() && wrong != before && bar_.text() == before)
        bar_.hide();
}

void MessageWatch::runsChanged() {
    std::map<int, QString> now;
    const RunList& runs = experiment_.runs();
    for (int row = 0; row < runs.size(); ++row)
        if (const RunView& run = runs.at(row); !run.message.isEmpty())
            now[run.id] = run.message;
    if (now == runs_) // as at nearly every news of a run
        return;
    for (const auto& [id, message] : std::exchange(runs_, now))
        if (!now.contains(id) && bar_.text().contains(inWindowWords(message.toStdString())))
            bar_.hide();
}

void MessageWatch::dataChanged() {
    const QString now = inWindowWords(experiment_.preview().error().toStdString());
    const QString before = std::exchange(data_, now);
    if (!before.isEmpty() && now.isEmpty() && bar_.text() == before)
        bar_.hide();
}

} // namespace zipml::ui
