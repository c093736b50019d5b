#pragma once
/// The panel shows and edits the experiment's settings, in sections. Every control stands for one key of
/// them.

#include "ui/experiment/experiment_model.h"

#include <QWidget>

class QAbstractSpinBox;
class QAction;

namespace zipml::ui {

class DataSection;
class MidrunBar;
class QuantizationSection;
class SettingsSearch;
class SolverSection;

class ExperimentPanel : public QWidget {
    Q_OBJECT
  public:
    /// @param experiment outlives this
    explicit ExperimentPanel(ExperimentModel& experiment, QWidget* parent = nullptr);

    [[nodiscard]] MidrunBar& midrun() const;
    /// One for each setting that has a control now, which shows it; for the list of commands.
    [[nodiscard]] QList<QAction*> settingActions() const;

  signals:
    /// The person wants to see more of the data.
    void dataPageRequested();
    /// The person asks for a file.
    void openRequested();
    /// The samples' bits were moved: runs on stores of any precision follow.
    void bitsChanged(int bits);
    /// A number was typed that its setting cannot have.
    void refused(const QString& text);
    /// A setting is shown here.
    void revealed();

  protected:
    /// Keeps text fields from taking Ctrl+Z for themselves.
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void listen();
    void watchTyping(QAbstractSpinBox& box);
    void tellRange(const QAbstractSpinBox& box, const QString& text);
    void buildSettingActions();
    void showPart(SettingsPart part);
    /// The settings as the controls have them, as far as they are understood. @return what is not; or empty
    [[nodiscard]] std::string read(RunSpec& spec) const;

    ExperimentModel& experiment_;
    DataSection* data_;
    QuantizationSection* quantization_;
    SolverSection* solver_;
    SettingsSearch* search_;
    QList<QAction*> actions_; ///< one a setting
    bool setting_ = false;
    QString edited_;  ///< in a box, since it was left last
    QString wouldBe_; ///< what a box would hold with the key that was pressed last
};

} // namespace zipml::ui
