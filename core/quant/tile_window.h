#pragma once
/// How a store that is larger than memory, or than the address space that `ulimit -v` grants, is read: some
/// tiles of its file are mapped at a time.

#include "core/quant/store_file.h"

namespace zipml {

/// A range of a store's tiles in memory, at most one at a time.
class TileWindow {
  public:
    /// @param file outlives this
    explicit TileWindow(const StoreFile& file);
    ~TileWindow();
    TileWindow(const TileWindow&) = delete;
    TileWindow& operator=(const TileWindow&) = delete;

    /// Maps tiles [begin, end), which may be none, in the place of those before, and has the disk fetch
    /// [next, nextEnd).
    /// @throws InputError when the address space does not hold them.
    void move(std::size_t begin, std::size_t end, std::size_t next, std::size_t nextEnd);
    /// One of the window's tiles; 64 bytes behind it may be read.
    [[nodiscard]] const unsigned char* tile(std::size_t index) const {
        return data_ + (index - begin_) * tileBytes_;
    }

  private:
    void unmap();

    const StoreFile& file_;
    std::size_t tileBytes_;
    std::size_t begin_ = 0, end_ = 0;
    void* mapped_ = nullptr;
    std::size_t mappedBytes_ = 0;
    const unsigned char* data_ = nullptr;
};

} // namespace zipml
