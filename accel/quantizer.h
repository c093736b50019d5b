#pragma once
/// Rounds and packs float32 rows on the device: in a SampleStore's layout, its bytes on uniform grids.

#include "accel/buffer.h"
#include "core/quant/sample_store.h"

namespace zipml {

class DeviceQuantizer {
  public:
    /// @param context outlives this. @param layout of the codes
    DeviceQuantizer(const ComputeContext& context, std::span<const Grid> grids, const StoreOptions& options,
                    TileLayout layout);

    /// Enqueues it. @param codes of `rows` rows in the store's layout. @param epoch keys the draws
    void build(const DeviceBuffer<float>& values, std::size_t rows, std::uint32_t epoch,
               const DeviceBuffer<unsigned char>& codes);
    [[nodiscard]] const TileLayout& layout() const { return layout_; }

  private:
    const ComputeContext& context_;
    StoreOptions options_;
    TileLayout layout_;
    cl::Kernel kernel_;
    DeviceBuffer<double> low_, perUnit_, intervals_;
};

} // namespace zipml
