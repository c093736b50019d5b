#pragma once
/// Throughput of a device's training kernels beside what its memory gives.

#include "accel/context.h"

#include <functional>

namespace zipml {

struct MeasureOptions {
    std::size_t features = 1024;
    std::size_t megabytes = 256; ///< of each store and of the float32 rows
    std::size_t batch = 2048;
    int repeats = 5; ///< epochs, after one to warm up
};

/// Medians of the repeats.
struct DeviceRate {
    std::string kernel; ///< "epoch, naive"; "quantize, 4 bits"; "evaluate, float32"
    int bits = 32;      ///< of a value
    double valuesPerSecond = 0, bytesPerSecond = 0;
    double ratioToFloat32 = 1;
};

struct DeviceRates {
    double readBytesPerSecond = 0;
    double copyBytesPerSecond = 0; ///< bytes read and bytes written
    std::vector<DeviceRate> rows;
};

/// @param onProgress hears the share done and what is being measured
DeviceRates measureDevice(const ComputeContext& context, const MeasureOptions& options,
                          const std::function<void(double, std::string_view)>& onProgress = {});

} // namespace zipml
