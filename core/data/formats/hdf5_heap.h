#pragma once
/// Texts of variable length, which HDF5 keeps in heaps apart from the data set. They are taken from the heaps
/// here: libhdf5 1.10 follows a damaged reference, or a damaged heap, out of its memory. Source: HDF5 File
/// Format Specification 3.0, III.E (global heap) and VIII.A.

#include "core/data/formats/hdf5_handle.h"
#include "core/data/seekable_file.h"

#include <array>
#include <fstream>
#include <unordered_map>

namespace zipml {

/// Where a text stands, as the data set has it.
using Hdf5TextPlace = std::array<unsigned char, 16>;

/// Makes libhdf5 hand out places instead of texts. Under Hdf5Lock, once.
void registerTextPlaces();
/// The type in memory that they are read as.
Hdf5Handle textPlaceType();

class Hdf5Heap {
  public:
    /// @param userBlock bytes in front of the file's own
    Hdf5Heap(const SeekableFile& file, std::uint64_t userBlock);
    /// @throws InputError where the file has no such text.
    std::string text(const Hdf5TextPlace& place);

  private:
    void load(std::uint64_t address);
    [[noreturn]] void fail() const;

    struct Piece {
        std::size_t begin = 0, bytes = 0;
    };
    const SeekableFile& file_;
    const std::uint64_t userBlock_;
    std::ifstream in_;
    std::uint64_t taken_ = 0; ///< bytes of all texts: no more than the file has
    std::uint64_t address_ = ~std::uint64_t{0};
    std::string bytes_; ///< of the heap at that address
    std::unordered_map<std::uint32_t, Piece> pieces_;
};

} // namespace zipml
