#pragma once
/// The bar under the plots says what was set for a data file that was opened, and offers to compare how many
/// bits are enough for it. It goes with the file, when it is closed, and once it was compared.

#include <QFrame>

class QAction;
class QLabel;
class QPushButton;

namespace zipml::ui {

class ExperimentModel;

class DataBar : public QFrame {
    Q_OBJECT
  public:
    /// @param compare what its buttons do, with their words
    DataBar(ExperimentModel& experiment, const QList<QAction*>& compare, QWidget* parent);

  private:
    void showProposal();

    ExperimentModel& experiment_;
    std::string source_; ///< of the data that it is about
    QLabel* text_;
    QList<QPushButton*> buttons_; ///< those that were not pressed are enabled
};

} // namespace zipml::ui
