#include "ui/devices/device_details.h"

#include "ui/widgets/row_table.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

QTableWidget* makeTable(const char* name, const QString& accessibleName, int columns, QWidget* parent) {
    auto* table = new QTableWidget(0, columns, parent);
    setUpRows(*table, name, accessibleName);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

QTableWidgetItem* put(QTableWidget* table, int row, int column, const QString& text, const QString& help,
                      bool right = false) {
    auto* item = new QTableWidgetItem(text);
    item->setToolTip(help);
    item->setTextAlignment((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    table->setItem(row, column, item);
    return item;
}

/// Three digits that count.
QString number(double value) {
    const int decimals =
        value > 0 ? std::clamp(2 - static_cast<int>(std::floor(std::log10(value))), 0, 4) : 0;
    return value > 0 ? QString::number(value, 'f', decimals) : QString("–");
}

QString checkText(const KernelReport& kernel) {
    QString text = QString::fromUtf8(entryOf(kernel.check).title.data(),
                                     static_cast<qsizetype>(entryOf(kernel.check).title.size()));
    if (!kernel.note.empty())
        text += ": " + QString::fromStdString(kernel.note);
    return text;
}

/// Empty where all passed.
QString failedChecks(const DeviceReport& report) {
    QStringList failed;
    for (const auto& kernel : report.kernels)
        if (kernel.check == KernelReport::Check::Failed)
            failed << QString::fromStdString(kernel.name + ": " + kernel.note);
    return failed.isEmpty() ? QString()
                            : "\n" + DeviceDetails::tr("Not to be trusted: %1").arg(failed.join("; "));
}

QString noteOf(const DeviceView& device) {
    const bool results = !device.report.kernels.empty();
    if (device.report.predicted)
        return DeviceDetails::tr("Predicted by formula for this board; nothing here was measured.");
    if (device.state == DeviceState::Failed)
        return results ? DeviceDetails::tr("Failed: %1. The results below are from %2.")
                             .arg(device.message, device.measured.toString(Qt::ISODate))
                       : DeviceDetails::tr("Failed: %1").arg(device.message);
    if (results)
        return DeviceDetails::tr("Measured %1 on this device; press Measure (F9) to measure again.")
                   .arg(device.measured.toString(Qt::ISODate)) +
               failedChecks(device.report);
    return device.active()
               ? DeviceDetails::tr("Being measured: results appear here when all are done.")
               : DeviceDetails::tr("Press Measure (F9) to check its kernels against the reference "
                                   "and to see how fast they are.");
}

} // namespace

DeviceDetails::DeviceDetails(QWidget* parent)
    : QWidget(parent), heading_(new QLabel(this)), note_(new QLabel(this)),
      kernels_(makeTable("kernels", tr("Kernels of the selected device"), KernelColumns, this)),
      capabilities_(makeTable("capabilities", tr("Capabilities of the selected device"), 2, this)) {
    QFont bold = heading_->font();
    bold.setBold(true);
    heading_->setFont(bold);
    heading_->setObjectName("deviceHeading");
    heading_->setTextFormat(Qt::PlainText);
    heading_->setWordWrap(true);
    note_->setObjectName("deviceNote");
    note_->setTextFormat(Qt::PlainText);
    note_->setWordWrap(true);
    note_->setForegroundRole(QPalette::PlaceholderText);
    kernels_->setHorizontalHeaderLabels(
        {tr("Kernel"), tr("Gvalue/s"), tr("GB/s"), tr("of bandwidth"), tr("Check")});
    const QString help[] = {tr("What it reads"), tr("10^9 samples' values visited a second"),
                            tr("10^9 bytes of the store read a second"),
                            tr("Its GB/s over the read bandwidth: near 100% memory is the limit"),
                            tr("One short epoch against the scalar reference")};
    const int widths[] = {130, 70, 58, 94, 0};
    for (int column = 0; column < KernelColumns; ++column) {
        const bool right = column >= Gvalues && column <= Share;
        kernels_->horizontalHeaderItem(column)->setToolTip(help[column]);
        kernels_->horizontalHeaderItem(column)->setTextAlignment((right ? Qt::AlignRight : Qt::AlignLeft) |
                                                                 Qt::AlignVCenter);
        if (column != Check)
            kernels_->setColumnWidth(column, widths[column]);
    }
    capabilities_->horizontalHeader()->hide();
    constexpr int kCapabilityWidth = 150;
    capabilities_->setColumnWidth(0, kCapabilityWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (auto* label : {heading_, note_})
        label->setContentsMargins(8, label == heading_ ? 8 : 0, 8, 2);
    layout->addWidget(heading_);
    layout->addWidget(note_);
    layout->addWidget(kernels_, 1);
    layout->addWidget(capabilities_, 1);
    layout->addStretch(0); // while neither table is shown
    setDevice(nullptr);
}

void DeviceDetails::clear() {
    for (auto* table : {kernels_, capabilities_})
        table->setRowCount(0);
}

void DeviceDetails::setDevice(const DeviceView* device) {
    kernels_->setVisible(device != nullptr && !device->report.kernels.empty());
    capabilities_->setVisible(device != nullptr && !device->report.capabilities.empty());
    clear();
    if (device == nullptr) {
        heading_->clear();
        note_->setText(tr("Select a device above to see its kernels and capabilities."));
        return;
    }
    const QString name = QString::fromStdString(device->report.name);
    heading_->setText(device->report.predicted ? tr("%1 (predicted)").arg(name) : name);
    note_->setText(noteOf(*device));
    showKernels(*device);
    showCapabilities(*device);
}

void DeviceDetails::showKernels(const DeviceView& device) {
    const DeviceReport& report = device.report;
    kernels_->setRowCount(static_cast<int>(report.kernels.size()));
    int row = 0;
    for (const auto& kernel : report.kernels) {
        const QString name = QString::fromStdString(kernel.name);
        const bool both = report.bandwidth > 0 && kernel.gvalues > 0;
        put(kernels_, row, Kernel, name,
            tr("%1: %2 bytes a value").arg(name, QString::number(kernel.bytesPerValue)));
        put(kernels_, row, Gvalues, number(kernel.gvalues), tr("10^9 samples' values a second"), true);
        put(kernels_, row, Gbytes, number(kernel.gbytes()), tr("10^9 bytes a second"), true);
        put(kernels_, row, Share,
            both ? QString::number(100 * kernel.gbytes() / report.bandwidth, 'f', 0) + "%" : QString("–"),
            tr("of %1 GB/s").arg(number(report.bandwidth)), true);
        auto* check = put(kernels_, row, Check, checkText(kernel), checkText(kernel));
        QFont font = kernels_->font();
        font.setBold(kernel.check == KernelReport::Check::Failed);
        check->setFont(font);
        if (report.predicted) {
            font.setItalic(true);
            for (int column = 0; column < KernelColumns; ++column) {
                kernels_->item(row, column)->setFont(font);
                kernels_->item(row, column)->setForeground(palette().color(QPalette::PlaceholderText));
            }
        }
        ++row;
    }
}

void DeviceDetails::showCapabilities(const DeviceView& device) {
    capabilities_->setRowCount(static_cast<int>(device.report.capabilities.size()));
    int row = 0;
    for (const auto& [name, value] : device.report.capabilities) {
        const QString text = QString::fromStdString(value);
        put(capabilities_, row, 0, QString::fromStdString(name), text);
        put(capabilities_, row, 1, text, text);
        ++row;
    }
}

} // namespace zipml::ui
