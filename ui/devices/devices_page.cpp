#include "ui/devices/devices_page.h"

#include "ui/devices/device_details.h"
#include "ui/devices/device_table_model.h"
#include "ui/devices/roofline.h"
#include "ui/experiment/experiment_model.h"
#include "ui/widgets/column_widths.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/row_table.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <numeric>

namespace zipml::ui {

DevicesPage::DevicesPage(ExperimentModel& experiment, DeviceSources sources, std::filesystem::path file,
                         QWidget* parent)
    : Page(parent), devices_(std::move(sources), std::move(file)), phase_(new QLabel(this)),
      progress_(new QProgressBar(this)), details_(new DeviceDetails(this)),
      roofline_(new LivePlot("roofline", this)) {
    buildTable();
    phase_->setObjectName("phase");
    phase_->setForegroundRole(QPalette::PlaceholderText);
    progress_->setObjectName("measuring");
    progress_->setAccessibleName(tr("Measuring progress"));
    progress_->setRange(0, 100);
    progress_->setFixedWidth(240);
    QSizePolicy policy = progress_->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // nothing jumps when measuring begins
    progress_->setSizePolicy(policy);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 4, 8, 4);
    line->addWidget(phase_, 1);
    line->addWidget(progress_);
    auto* above = new QWidget(this);
    auto* column = new QVBoxLayout(above);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table_, 1);
    column->addLayout(line);
    aboveSplitter_ = column;

    auto* below = new QSplitter(Qt::Horizontal, this);
    below->addWidget(details_);
    below->addWidget(roofline_);
    below->setSizes({520, 760});
    below->setStretchFactor(0, 2);
    below->setStretchFactor(1, 3);
    below->setChildrenCollapsible(false);
    auto* rows = new QSplitter(Qt::Vertical, this);
    rows->addWidget(above);
    rows->addWidget(below);
    rows->setSizes({230, 490});
    rows->setStretchFactor(0, 1);
    rows->setStretchFactor(1, 3);
    rows->setChildrenCollapsible(false);
    fillWith(rows);

    buildActions();
    const auto updateAll = [this] {
        updateActions();
        updateProgress();
        updateDetails();
        updateRoofline();
    };
    connect(&devices_, &DeviceList::reset, this, [this, updateAll] {
        updateAll();
        if (devices_.size() > 0)
            table_->selectRow(0);
    });
    connect(&devices_, &DeviceList::rowChanged, this, [this, updateAll](int row) {
        if (devices_.at(row).state == DeviceState::Measuring && devices_.at(row).share > 0)
            return updateProgress();
        updateAll();
    });
    connect(&devices_, &DeviceList::message, this, &DevicesPage::message);
    connect(roofline_, &LivePlot::message, this, &DevicesPage::message);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateRoofline();
        updateActions();
        updateDetails();
    });
    updateAll();
    tell(experiment);
}

void DevicesPage::tell(ExperimentModel& experiment) {
    connect(&devices_, &DeviceList::reset, &experiment, [this, &experiment] {
        std::vector<DeviceReport> reports;
        for (int row = 0; row < devices_.size(); ++row)
            reports.push_back(devices_.at(row).report);
        experiment.setDevices(std::move(reports));
    });
    connect(&devices_, &DeviceList::measuringStarted, this, [this, &experiment] {
        showThis();
        if (experiment.runs().anyActive())
            emit message(tr("A run is training meanwhile, so that the devices look slower than they "
                            "are: stop it (F8) and measure again."),
                         true);
    });
}

void DevicesPage::setImageFolder(ImageFolder folder) {
    images_ = new ImageFolderRow(std::move(folder), this);
    aboveSplitter_->addWidget(images_);
    connect(images_, &ImageFolderRow::chosen, this, [this] {
        devices_.listAgain();
        updateActions();
        updateProgress();
    });
    updateActions();
}

void DevicesPage::buildTable() {
    model_ = new DeviceTableModel(devices_, this);
    table_ = new QTableView(this);
    setUpRows(*table_, "devices", tr("Table of devices"));
    table_->setModel(model_);
    table_->setMinimumHeight(110);
    table_->verticalHeader()->setDefaultSectionSize(26);
    new ColumnWidths(*table_, DeviceTableModel::Name);
}

void DevicesPage::buildActions() {
    measure_ = makeAction(tr("Measure"), "measure", {QKeySequence("F9")},
                          tr("Check and measure the selected devices"));
    measureAll_ = makeAction(tr("Measure all"), "measure-all", {QKeySequence("Shift+F9")},
                             tr("Check and measure every device, one after the other"));
    stop_ = makeAction(tr("Stop measuring"), "stop", {QKeySequence("Shift+F8")},
                       tr("Stop measuring; earlier measurements are kept"));
    connect(measure_, &QAction::triggered, this, [this] { devices_.measure(selectedRows(*table_)); });
    connect(measureAll_, &QAction::triggered, this, [this] {
        QList<int> all(devices_.size());
        std::iota(all.begin(), all.end(), 0);
        devices_.measure(all);
    });
    connect(stop_, &QAction::triggered, this, [this] { devices_.stop(); });
}

void DevicesPage::measureAllOnceListed() {
    if (!devices_.listing())
        return measureAll_->trigger();
    connect(&devices_, &DeviceList::reset, measureAll_, &QAction::trigger, Qt::SingleShotConnection);
}

void DevicesPage::updateActions() {
    const auto free = [this](int row) {
        return !devices_.at(row).active() && !devices_.at(row).report.predicted;
    };
    const auto rows = selectedRows(*table_);
    const bool predicted = !rows.isEmpty() && std::ranges::all_of(rows, [this](int row) {
        return devices_.at(row).report.predicted;
    });
    enable(measure_, std::ranges::any_of(rows, free),
           rows.isEmpty() ? tr("Select a device to measure")
           : predicted    ? tr("A prediction by formula: there is no board to measure")
                          : tr("It is being measured"));
    bool any = false;
    for (int row = 0; row < devices_.size(); ++row)
        any = any || free(row);
    enable(measureAll_, any,
           devices_.anyActive() ? tr("All are being measured") : tr("There is no device to measure"));
    enable(stop_, devices_.anyActive(), tr("Nothing is being measured"));
    if (images_)
        images_->setChoosable(devices_.anyActive() ? tr("Devices are being measured")
                              : devices_.listing() ? tr("Devices are being listed")
                                                   : QString());
}

void DevicesPage::updateProgress() {
    const int row = devices_.activeRow();
    progress_->setVisible(row >= 0);
    if (row < 0) {
        phase_->setText(devices_.listing()     ? tr("Looking for devices…")
                        : devices_.size() == 0 ? tr("No device was found.")
                                               : QString());
        return;
    }
    const DeviceView& device = devices_.at(row);
    progress_->setValue(static_cast<int>(device.share * 100));
    phase_->setText(device.phase.isEmpty() ? QString::fromStdString(device.report.id)
                                           : QString::fromStdString(device.report.id) + ": " + device.phase);
}

void DevicesPage::updateDetails() {
    const auto rows = selectedRows(*table_);
    details_->setDevice(rows.isEmpty() ? nullptr : &devices_.at(rows.first()));
}

void DevicesPage::updateRoofline() {
    roofline_->setEmptyText(
        devices_.size() == 0 ? tr("Devices appear here once they are found and measured.")
                             : tr("Nothing is measured yet.\nPress Measure all (Shift+F9) to see how near\n"
                                  "the kernels come to what memory allows."));
    roofline_->setCurves(rooflineCurves(devices_, selectedRows(*table_)), rooflineAxes());
}

void DevicesPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange)
        updateDetails();
    QWidget::changeEvent(event);
}

} // namespace zipml::ui
