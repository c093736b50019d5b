#include "core/quant/tile_window.h"

#include <algorithm>

namespace zipml {

TileWindow::TileWindow(const StoreFile& file) : file_(file), tileBytes_(file.header().layout().tileBytes()) {}

void TileWindow::move(std::size_t begin, std::size_t end, std::size_t next, std::size_t nextEnd) {
    file_.requireWhole();
    if (begin != begin_ || end != end_) {
        mapped_ = {}; // before the next one is mapped, so that address space for one is enough
        begin_ = end_ = 0;
    }
    if (!mapped_.mapped() && begin < end) {
        const StoreSection& codes = file_.places().codes;
        firstBlock_ = begin * tileBytes_ / kBlockBytes;
        const std::size_t endBlock =
            std::min(codes.blocks(), (end * tileBytes_ + kLineBytes + kBlockBytes - 1) / kBlockBytes);
        bytes_ = static_cast<std::size_t>(std::min<std::uint64_t>(endBlock * kBlockBytes, codes.bytes) -
                                          firstBlock_ * kBlockBytes);
        mapped_ = file_.map(firstBlock_, endBlock);
        mapped_.fetch();
        begin_ = begin;
        end_ = end;
        data_ = mapped_.data() + (begin * tileBytes_ - firstBlock_ * kBlockBytes);
    }
    if (mapped_.mapped())
        file_.checkCodes(firstBlock_, {mapped_.data(), bytes_});
    if (nextEnd > next)
        file_.fetch(next * tileBytes_, nextEnd * tileBytes_);
}

void checkCodes(const StoreFile& file, ThreadTeam& team, const Job& job) {
    constexpr std::size_t kMappedBlocks = 1024; // at a time: 64 MB
    constexpr std::size_t kChunkBlocks = 12;
    const StoreSection& codes = file.places().codes;
    for (std::size_t first = 0; first < codes.blocks(); first += kMappedBlocks) {
        const std::size_t end = std::min(codes.blocks(), first + kMappedBlocks);
        const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(end * kBlockBytes, codes.bytes) -
                                                    first * kBlockBytes);
        const MappedFile mapped = file.map(first, end);
        mapped.fetch();
        team.forEachChunk((end - first + kChunkBlocks - 1) / kChunkBlocks, [&](std::size_t chunk) {
            job.checkpoint();
            const std::size_t at = chunk * kChunkBlocks * kBlockBytes;
            file.checkCodes(first + chunk * kChunkBlocks,
                            {mapped.data() + at, std::min(kChunkBlocks * kBlockBytes, bytes - at)});
        });
    }
}

} // namespace zipml
