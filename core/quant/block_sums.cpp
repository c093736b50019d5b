#include "core/quant/block_sums.h"

#include "core/kernels/checksum_kernels.h"

#include <algorithm>

namespace zipml {

void sumBlocks(std::span<const unsigned char> bytes, std::uint32_t* sums) {
    const ChecksumKernels& kernels = checksumKernels(activeIsa());
    const std::size_t whole = bytes.size() / kBlockBytes;
    kernels.ofBlocks(bytes.data(), kBlockBytes, whole, sums);
    if (const auto rest = bytes.subspan(whole * kBlockBytes); !rest.empty())
        sums[whole] = kernels.checksum(0, rest.data(), rest.size());
}

void BlockSums::add(std::span<const unsigned char> bytes) {
    const ChecksumKernels& kernels = checksumKernels(activeIsa());
    while (!bytes.empty()) {
        if (openBytes_ == 0 && bytes.size() >= kBlockBytes) {
            const std::size_t blocks = bytes.size() / kBlockBytes;
            whole_.resize(whole_.size() + blocks);
            kernels.ofBlocks(bytes.data(), kBlockBytes, blocks, &whole_[whole_.size() - blocks]);
            bytes = bytes.subspan(blocks * kBlockBytes);
            continue;
        }
        const std::size_t count = std::min(bytes.size(), kBlockBytes - openBytes_);
        open_ = kernels.checksum(open_, bytes.data(), count);
        openBytes_ += count;
        bytes = bytes.subspan(count);
        if (openBytes_ == kBlockBytes) {
            whole_.push_back(open_);
            open_ = 0;
            openBytes_ = 0;
        }
    }
}

std::vector<std::uint32_t> BlockSums::sums() const {
    auto all = whole_;
    if (openBytes_ > 0)
        all.push_back(open_);
    return all;
}

} // namespace zipml
