#include "ui/devices/roofline.h"

#include <algorithm>

namespace zipml::ui {
namespace {

/// Of the roofs, at least: from float32 to one bit, and some room.
constexpr double kFewest = 0.2, kMost = 10;
constexpr double kRoom = 1.25;

struct Width {
    double fewest = kFewest, most = kMost; ///< values a byte
};

Width widthOf(const DeviceList& devices) {
    Width width;
    for (int row = 0; row < devices.size(); ++row)
        for (const auto& kernel : devices.at(row).report.kernels) {
            width.fewest = std::min(width.fewest, 1 / kernel.bytesPerValue / kRoom);
            width.most = std::max(width.most, 1 / kernel.bytesPerValue * kRoom);
        }
    return width;
}

Curve roofOf(const DeviceReport& report, int row, const Width& width) {
    Curve roof;
    roof.run = row;
    roof.name = plotName(report);
    roof.quantity = DeviceList::tr("memory roof (Gvalue/s)");
    roof.role = CurveRole::Roof;
    roof.predicted = report.predicted;
    if (report.bandwidth > 0)
        for (const double x : {width.fewest, width.most}) {
            roof.x << x;
            roof.y << report.bandwidth * x;
        }
    return roof;
}

Curve kernelsOf(const DeviceReport& report, int row) {
    Curve points;
    points.run = row;
    points.name = plotName(report);
    points.quantity = DeviceList::tr("throughput (Gvalue/s)");
    points.role = CurveRole::Points;
    points.predicted = report.predicted;
    auto kernels = report.kernels;
    std::erase_if(kernels, [](const KernelReport& kernel) { return kernel.gvalues <= 0; });
    std::ranges::stable_sort(kernels, std::greater{}, &KernelReport::bytesPerValue); // x rises
    for (const auto& kernel : kernels) {
        points.x << 1 / kernel.bytesPerValue;
        points.y << kernel.gvalues;
        points.labels << QString::fromStdString(kernel.name);
    }
    return points;
}

} // namespace

QString plotName(const DeviceReport& report) {
    constexpr qsizetype kLongest = 28;
    const QString id = QString::fromStdString(report.id);
    if (report.predicted)
        return DeviceList::tr("%1 (predicted)").arg(id);
    const QString name = QString::fromStdString(report.name);
    return id + ": " + (name.size() > kLongest ? name.left(kLongest - 1) + "…" : name);
}

std::vector<Curve> rooflineCurves(const DeviceList& devices, const QList<int>& selected) {
    const Width width = widthOf(devices);
    std::vector<Curve> curves;
    for (int row = 0; row < devices.size(); ++row) {
        const DeviceReport& report = devices.at(row).report;
        if (report.predicted && !selected.contains(row))
            continue;
        Curve roof = roofOf(report, row, width);
        Curve kernels = kernelsOf(report, row);
        if (roof.x.isEmpty() && kernels.x.isEmpty())
            continue;
        kernels.labelsBeside = selected.contains(row);
        curves.push_back(std::move(roof));
        curves.push_back(std::move(kernels));
    }
    return curves;
}

Axes rooflineAxes() {
    Axes axes;
    axes.title = DeviceList::tr("Roofline");
    axes.caption = DeviceList::tr("line: read bandwidth × values a byte   marker: a kernel   "
                                  "hollow, dashed: predicted, of the boards selected above");
    axes.xLabel = DeviceList::tr("Values a byte read (1/byte)");
    axes.yLabel = DeviceList::tr("Throughput (Gvalue/s)");
    axes.logarithmicX = true;
    axes.legendLeft = true;
    return axes;
}

} // namespace zipml::ui
