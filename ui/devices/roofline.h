#pragma once
/// From devices to a roofline plot: throughput over the values that a byte brings.

#include "ui/devices/device_list.h"
#include "ui/plot/curve.h"

namespace zipml::ui {

/// "cpu: AMD EPYC", "harp-v1 (predicted)": tells devices apart in legends.
QString plotName(const DeviceReport& report);

/// Of each device that has any: its memory roof and its kernels. Rows decide colours.
std::vector<Curve> rooflineCurves(const DeviceList& devices);
Axes rooflineAxes();

} // namespace zipml::ui
