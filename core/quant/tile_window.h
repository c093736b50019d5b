#pragma once
/// How a store that is larger than memory, or than the address space that `ulimit -v` grants, is read: some
/// tiles of its file are mapped at a time, and held against their checksums before they are read.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/quant/store_file.h"

namespace zipml {

/// A range of a store's tiles in memory, at most one at a time.
class TileWindow {
  public:
    /// @param file outlives this
    explicit TileWindow(const StoreFile& file);

    /// Maps tiles [begin, end), which may be none, in the place of those before, checks them, and has the disk
    /// fetch [next, nextEnd).
    /// @throws InputError when the address space does not hold them, or when they are damaged.
    void move(std::size_t begin, std::size_t end, std::size_t next, std::size_t nextEnd);
    /// One of the window's tiles; 64 bytes behind it may be read.
    [[nodiscard]] const unsigned char* tile(std::size_t index) const {
        return data_ + (index - begin_) * tileBytes_;
    }

  private:
    const StoreFile& file_;
    std::size_t tileBytes_;
    std::size_t begin_ = 0, end_ = 0;
    std::size_t firstBlock_ = 0;
    std::size_t bytes_ = 0; ///< mapped, of whole blocks
    MappedFile mapped_;
    const unsigned char* data_ = nullptr;
};

/// Holds all codes against their checksums, the team's threads together, so that windows need not.
/// @throws InputError when they are damaged, Cancelled.
void checkCodes(const StoreFile& file, ThreadTeam& team, const Job& job);

} // namespace zipml
