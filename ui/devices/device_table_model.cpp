#include "ui/devices/device_table_model.h"

#include "ui/theme/palette.h"
#include "ui/widgets/swatch.h"

#include <QFont>
#include <QPalette>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr TableColumn kColumns[] = {
    {QT_TR_NOOP("Device"), QT_TR_NOOP("What a run's Device calls it")},
    {QT_TR_NOOP("Name"), QT_TR_NOOP("As the vendor states it")},
    {QT_TR_NOOP("Kind"), QT_TR_NOOP("Processor, GPU, accelerator, or board")},
    {QT_TR_NOOP("Platform"), QT_TR_NOOP("Driver, or where a prediction comes from")},
    {QT_TR_NOOP("Bandwidth (GB/s)"), QT_TR_NOOP("Of reading memory, 10^9 bytes a second"),
     TableColumn::Number},
    {QT_TR_NOOP("State"), QT_TR_NOOP("When it was measured, or that it is predicted by formula")},
};

bool anyCheckFailed(const DeviceReport& report) {
    return std::ranges::any_of(report.kernels, [](const KernelReport& kernel) {
        return kernel.check == KernelReport::Check::Failed;
    });
}

QString stateText(const DeviceView& device) {
    switch (device.state) {
    case DeviceState::Queued:
        return DeviceList::tr("Queued");
    case DeviceState::Measuring:
        return DeviceList::tr("Measuring, %1%").arg(static_cast<int>(device.share * 100));
    case DeviceState::Failed:
        return DeviceList::tr("Failed: %1").arg(device.message);
    case DeviceState::Idle:
        break;
    }
    if (device.report.predicted)
        return DeviceList::tr("Predicted");
    if (!device.measured.isValid())
        return DeviceList::tr("Not measured");
    const QString date = device.measured.toString(Qt::ISODate);
    return anyCheckFailed(device.report) ? DeviceList::tr("Measured %1, a check failed").arg(date)
                                         : DeviceList::tr("Measured %1").arg(date);
}

QString cellText(const DeviceView& device, int column) {
    const DeviceReport& report = device.report;
    switch (column) {
    case DeviceTableModel::Device:
        return QString::fromStdString(report.id);
    case DeviceTableModel::Name:
        return QString::fromStdString(report.name);
    case DeviceTableModel::Kind:
        return QString::fromStdString(report.kind);
    case DeviceTableModel::Platform:
        return QString::fromStdString(report.platform);
    case DeviceTableModel::Bandwidth:
        return report.bandwidth > 0 ? QString::number(report.bandwidth, 'f', 1) : QString("–");
    case DeviceTableModel::State:
        return stateText(device);
    default:
        return {};
    }
}

bool isBad(const DeviceView& device) {
    return device.state == DeviceState::Failed ||
           (device.state == DeviceState::Idle && anyCheckFailed(device.report));
}

} // namespace

DeviceTableModel::DeviceTableModel(DeviceList& devices, QObject* parent)
    : TableModel(kColumns, parent), devices_(devices) {
    connect(&devices, &DeviceList::aboutToReset, this, &DeviceTableModel::beginResetModel);
    connect(&devices, &DeviceList::reset, this, &DeviceTableModel::endResetModel);
    connect(&devices, &DeviceList::rowChanged, this, &DeviceTableModel::emitRowChanged);
}

int DeviceTableModel::rows() const {
    return devices_.size();
}

QVariant DeviceTableModel::cell(int row, int column, int role) const {
    const DeviceView& device = devices_.at(row);
    switch (role) {
    case Qt::DisplayRole:
        return cellText(device, column);
    case Qt::ToolTipRole:
        if (device.report.predicted)
            return tr("%1: predicted by formula, never measured").arg(cellText(device, column));
        return cellText(device, column);
    case Qt::DecorationRole:
        return column == Device ? QVariant(swatch(row, device.report.predicted)) : QVariant();
    case Qt::FontRole: {
        QFont font = QApplication::font();
        font.setItalic(device.report.predicted);
        font.setBold(column == State && isBad(device));
        return font;
    }
    case Qt::ForegroundRole:
        if (device.report.predicted)
            return QApplication::palette().color(QPalette::PlaceholderText);
        return {};
    default:
        return {};
    }
}

} // namespace zipml::ui
