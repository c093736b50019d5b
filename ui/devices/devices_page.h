#pragma once
/// The page of devices has a table of them, what is known of the selected one, and all on a roofline plot.

#include "ui/devices/device_list.h"
#include "ui/devices/image_folder.h"
#include "ui/plot/live_plot.h"
#include "ui/widgets/page.h"

class QLabel;
class QProgressBar;
class QTableView;
class QVBoxLayout;

namespace zipml::ui {

class DeviceDetails;
class DeviceTableModel;
class ExperimentModel;

class DevicesPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment is told what there is; outlives this @param file what is remembered of earlier
    /// sessions
    DevicesPage(ExperimentModel& experiment, DeviceSources sources, std::filesystem::path file,
                QWidget* parent = nullptr);

    /// Adds a line for the folder of FPGA images. Call it once.
    void setImageFolder(ImageFolder folder);

    /// Measure, Measure all, Stop.
    [[nodiscard]] QList<QAction*> barActions() const override { return {measure_, measureAll_, stop_}; }
    /// As its action does, as soon as it is known which there are.
    void measureAllOnceListed();
    [[nodiscard]] DeviceList& devices() { return devices_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] LivePlot& roofline() const { return *roofline_; }

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void tell(ExperimentModel& experiment);
    void buildTable();
    void buildActions();
    void updateActions();
    void updateProgress();
    void updateDetails();
    void updateRoofline();

    DeviceList devices_;
    DeviceTableModel* model_;
    QTableView* table_;
    QVBoxLayout* aboveSplitter_;
    ImageFolderRow* images_ = nullptr; ///< null: nothing here knows of images
    QLabel* phase_;
    QProgressBar* progress_;
    DeviceDetails* details_;
    LivePlot* roofline_;
    QAction *measure_, *measureAll_, *stop_;
};

} // namespace zipml::ui
