#pragma once
/// A message watch takes a message off the bar when its cause has gone: settings that are right again, a run
/// that was removed or goes on, a file that can be read after all.

#include <QObject>
#include <QString>

#include <map>

namespace zipml::ui {

class ExperimentModel;
class MessageBar;

class MessageWatch : public QObject {
    Q_OBJECT
  public:
    /// Both outlive this.
    MessageWatch(ExperimentModel& experiment, MessageBar& bar, QObject* parent);

  private:
    void settingsChanged();
    void runsChanged();
    void dataChanged();

    ExperimentModel& experiment_;
    MessageBar& bar_;
    QString settings_, data_;     ///< what is wrong with them, as last seen
    std::map<int, QString> runs_; ///< likewise, by id
};

} // namespace zipml::ui
