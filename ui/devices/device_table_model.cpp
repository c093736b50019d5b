#include "ui/devices/device_table_model.h"

#include "ui/theme/palette.h"
#include "ui/widgets/swatch.h"

#include <QFont>
#include <QPalette>

#include <algorithm>

namespace zipml::ui {
namespace {

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

QVariant alignmentOf(int column) {
    return column == DeviceTableModel::Bandwidth ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                 : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
}

} // namespace

DeviceTableModel::DeviceTableModel(DeviceList& devices, QObject* parent)
    : QAbstractTableModel(parent), devices_(devices) {
    connect(&devices, &DeviceList::aboutToReset, this, &DeviceTableModel::beginResetModel);
    connect(&devices, &DeviceList::reset, this, &DeviceTableModel::endResetModel);
    connect(&devices, &DeviceList::rowChanged, this,
            [this](int row) { emit dataChanged(index(row, 0), index(row, ColumnCount - 1)); });
}

int DeviceTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : devices_.size();
}

int DeviceTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DeviceTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= devices_.size())
        return {};
    const DeviceView& device = devices_.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(device, index.column());
    case Qt::ToolTipRole:
        if (device.report.predicted)
            return tr("%1: predicted by formula, never measured").arg(cellText(device, index.column()));
        return cellText(device, index.column());
    case Qt::DecorationRole:
        return index.column() == Device ? QVariant(swatch(index.row(), device.report.predicted)) : QVariant();
    case Qt::FontRole: {
        QFont font = QApplication::font();
        font.setItalic(device.report.predicted);
        font.setBold(index.column() == State && isBad(device));
        return font;
    }
    case Qt::ForegroundRole:
        if (device.report.predicted)
            return QApplication::palette().color(QPalette::PlaceholderText);
        return {};
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column());
    default:
        return {};
    }
}

QVariant DeviceTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    struct Header {
        const char* title;
        const char* help;
    };
    static constexpr Header headers[ColumnCount] = {
        {QT_TR_NOOP("Device"), QT_TR_NOOP("What a run's Device calls it")},
        {QT_TR_NOOP("Name"), QT_TR_NOOP("As the vendor states it")},
        {QT_TR_NOOP("Kind"), QT_TR_NOOP("Processor, GPU, accelerator, or board")},
        {QT_TR_NOOP("Platform"), QT_TR_NOOP("Driver, or where a prediction comes from")},
        {QT_TR_NOOP("Bandwidth (GB/s)"), QT_TR_NOOP("Of reading memory, 10^9 bytes a second")},
        {QT_TR_NOOP("State"), QT_TR_NOOP("When it was measured, or that it is predicted by formula")},
    };
    if (role == Qt::DisplayRole)
        return tr(headers[section].title);
    if (role == Qt::ToolTipRole)
        return tr(headers[section].help);
    return role == Qt::TextAlignmentRole ? alignmentOf(section) : QVariant();
}

} // namespace zipml::ui
