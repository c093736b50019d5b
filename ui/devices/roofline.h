#pragma once
/// From devices to a roofline plot: throughput over the values that a byte brings.

#include "ui/devices/device_list.h"
#include "ui/plot/curve.h"

namespace zipml::ui {

/// "cpu: AMD EPYC", "harp-v1 (predicted)": tells devices apart in legends.
QString plotName(const DeviceReport& report);

/// Of each measured device, and of the predicted ones that are selected: its memory roof and its kernels,
/// with names where it is selected. Rows decide colours.
std::vector<Curve> rooflineCurves(const DeviceList& devices, const QList<int>& selected);
Axes rooflineAxes();

} // namespace zipml::ui
