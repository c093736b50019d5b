#include "core/data/formats/hdf5_lzf.h"

#include <algorithm>
#include <cerrno>
#include <hdf5.h>
#include <lzf.h>

namespace zipml {
namespace {

constexpr H5Z_filter_t kLzf = 32000; ///< as registered with the HDF Group

/// @param values the filter's and LZF's versions, and the chunk's size in bytes
/// @return the bytes unpacked; 0 on failure
std::size_t unpackLzf(unsigned flags, std::size_t count, const unsigned* values, std::size_t bytes,
                      std::size_t* room, void** buffer) {
    constexpr std::size_t kMost = std::size_t{1} << 31;
    if ((flags & H5Z_FLAG_REVERSE) == 0 || bytes > kMost)
        return 0;
    for (std::size_t size = count >= 3 && values[2] > 0 ? values[2] : std::max<std::size_t>(*room, 1);
         size <= kMost; size *= 2) {
        void* const unpacked = H5allocate_memory(size, false);
        if (unpacked == nullptr)
            return 0;
        const unsigned got =
            lzf_decompress(*buffer, static_cast<unsigned>(bytes), unpacked, static_cast<unsigned>(size));
        if (got > 0) {
            H5free_memory(*buffer);
            *buffer = unpacked;
            *room = size;
            return got;
        }
        const bool tooSmall = errno == E2BIG;
        H5free_memory(unpacked);
        if (!tooSmall)
            return 0;
    }
    return 0;
}

} // namespace

void registerLzf() {
    const H5Z_class2_t filter{H5Z_CLASS_T_VERS, kLzf, 0, 1, "lzf", nullptr, nullptr, unpackLzf};
    H5Zregister(&filter);
}

} // namespace zipml
