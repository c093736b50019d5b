#pragma once
/// An HDF5 file's bytes in memory, read in place: libhdf5 wants a path that it can resolve, or an image, of
/// which it makes two copies unless it is told not to.

#include "core/data/seekable_file.h"

#include <hdf5.h>

namespace zipml {

/// Outlives the file that is opened with it.
class Hdf5Image {
  public:
    Hdf5Image() = default;
    Hdf5Image(const Hdf5Image&) = delete;
    Hdf5Image& operator=(const Hdf5Image&) = delete;
    ~Hdf5Image();

    /// Makes files opened with `access` be read from the bytes in memory. False where they cannot be mapped.
    bool set(hid_t access, const SeekableFile& file);

  private:
    void* bytes_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace zipml
