#pragma once
/// The experiment model is what is set up: the settings of the next run, with their undo, what is known of
/// the data, and the runs that were made. Views edit it, and whoever trains, looks or saves asks it. No
/// widgets.

#include "core/bench/device_report.h"
#include "core/lab/run_spec.h"
#include "ui/experiment/settings_history.h"
#include "ui/runs/run_list.h"

#include <map>

namespace zipml {
struct LessonAction;
}

namespace zipml::ui {

class DataPreview;

/// What of the settings was set by others than their view.
enum class SettingsPart { All, Data, Loss };

class ExperimentModel : public QObject {
    Q_OBJECT
  public:
    explicit ExperimentModel(QObject* parent = nullptr);

    /// The settings, valid. @throws InputError what is wrong with them
    [[nodiscard]] const RunSpec& spec() const;
    /// Without its name.
    void setSpec(const RunSpec& spec);
    /// The data, also where other settings are wrong.
    [[nodiscard]] const DataSpec& data() const { return draft_.data; }
    void setData(const DataSpec& data);
    [[nodiscard]] LossKind loss() const { return draft_.loss; }
    /// With an estimator that goes with it.
    void chooseLoss(LossKind loss);
    /// Sets grid and bits, with what goes with them. @param shared one grid for all features; empty: as it is
    /// @throws InputError as spec()
    void useLevels(const GridSpec& grid, int bits, std::optional<bool> shared);

    /// For the view: the settings as far as they are understood.
    [[nodiscard]] const RunSpec& draft() const { return draft_; }
    /// The person moved a control. @param problem what is not understood; or empty
    void edit(const RunSpec& draft, const std::string& problem, QObject* control);
    /// What the view has made of settings that others have set: a control may not show all of them.
    void settle(const RunSpec& draft, const std::string& problem);

    [[nodiscard]] SettingsHistory& history() { return history_; }
    [[nodiscard]] RunList& runs() { return runs_; }
    [[nodiscard]] const RunList& runs() const { return runs_; }
    [[nodiscard]] DataPreview& preview() const { return *preview_; }
    /// What is known of a source, for the lines under it.
    [[nodiscard]] QString cardOf(const QString& source) const;
    void setCard(const QString& source, const QString& card);
    /// What a run can be given to, and predictions.
    [[nodiscard]] const std::vector<DeviceReport>& devices() const { return devices_; }
    void setDevices(std::vector<DeviceReport> devices);

    /// Starts a run with the settings. @throws InputError as spec()
    void start();
    /// Starts these runs, in order; the settings stay. @return their ids
    QList<int> startAll(const std::vector<RunSpec>& specs);
    /// Makes these the settings, and starts a run with them, which is then selected.
    void train(const RunSpec& spec);
    /// A run that was started from another page is what the person looks at next.
    void select(int id) { emit selectionWanted(id); }
    /// Starts the runs of a lesson's or a preset's button, looked at as it says, in the place of those that the
    /// same button started before; nothing where it has none. All others are put away. One step to undo.
    void show(const LessonAction& action, const RunOrigin& origin);
    /// Starts these in the place of those that the same button started before, beside all others.
    void startFor(const RunOrigin& origin, const std::vector<RunSpec>& specs);

  signals:
    /// A setting, by whomever.
    void changed();
    /// By others than the view, which now shows it.
    void replaced(zipml::ui::SettingsPart part);
    void cardChanged(const QString& source);
    void devicesChanged();
    /// Somebody wants a run with the settings, though they may be wrong.
    void starting();
    void selectionWanted(int id);
    /// How the runs that are about to start are to be looked at.
    void lookWanted(const zipml::LessonAction& action);

  private:
    void replace(const RunSpec& draft, SettingsPart part);
    void take(const RunSpec& draft, const std::string& problem);
    void startInPlace(const RunOrigin& origin, const std::vector<RunSpec>& specs);
    void putAway(const std::function<bool(const RunView& run)>& which);

    RunSpec draft_;
    std::string problem_; ///< why draft_ is no valid spec; empty: it is
    RunList runs_;
    SettingsHistory history_;
    std::map<QString, QString> cards_; ///< by source
    std::vector<DeviceReport> devices_;
    DataPreview* preview_;
};

} // namespace zipml::ui
