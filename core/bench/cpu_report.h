#pragma once
/// This machine's processor as a device: "cpu" with the fastest instruction set, "cpu-scalar" with the
/// reference loops.

#include "core/bench/device_report.h"
#include "core/kernels/isa.h"

namespace zipml {

struct CpuMeasure {
    std::size_t features = 1024;
    std::size_t workingSetBytes = 0; ///< a store; 0: ten times the last cache, at most 320 MB
    int repeats = 5;                 ///< epochs of a kernel that count, after one that does not
    double secondsAKernel = 2;       ///< slow kernels get fewer epochs
};

/// Measures on one thread, one store in memory at a time.
class CpuSource final : public DeviceSource {
  public:
    explicit CpuSource(CpuMeasure how = {}) : how_(how) {}
    [[nodiscard]] std::vector<DeviceReport> list() override;
    [[nodiscard]] DeviceReport measure(const std::string& id, const Job& job) override;

  private:
    CpuMeasure how_;
};

/// One epoch of the `bits`-bit kernel (32: float32) on a small, odd shape, against Isa::Scalar: integers bit
/// by bit, float32 within rounding. @return what differs, or empty
std::string whatDiffersFromScalar(int bits, Isa isa);

} // namespace zipml
