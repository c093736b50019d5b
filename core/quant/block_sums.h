#pragma once
/// Checksums of a file's section, block by block (core/kernels/checksum_kernels.h).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

constexpr std::size_t kBlockBytes = 65536; ///< a multiple of the page; a section's last block may be shorter

/// Of blocks in memory. @param bytes whole blocks, but for the last. @param sums one a block
void sumBlocks(std::span<const unsigned char> bytes, std::uint32_t* sums);

/// Of bytes that come one after the other.
class BlockSums {
  public:
    void add(std::span<const unsigned char> bytes);
    /// Of all blocks, the last as far as it has come.
    [[nodiscard]] std::vector<std::uint32_t> sums() const;

  private:
    std::vector<std::uint32_t> whole_;
    std::uint32_t open_ = 0; ///< of the block that is not full
    std::size_t openBytes_ = 0;
};

} // namespace zipml
