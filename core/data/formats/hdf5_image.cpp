#include "core/data/formats/hdf5_image.h"

#include <sys/mman.h>

namespace zipml {
namespace {

// What libhdf5 calls to copy the image: each copy is the image itself.
void* sameBytes(std::size_t /*size*/, H5FD_file_image_op_t /*why*/, void* bytes) {
    return bytes;
}
void* noCopy(void* to, const void* /*from*/, std::size_t /*size*/, H5FD_file_image_op_t /*why*/,
             void* /*bytes*/) {
    return to;
}
void* noResize(void* /*from*/, std::size_t /*size*/, H5FD_file_image_op_t /*why*/, void* /*bytes*/) {
    return nullptr;
}
herr_t noFree(void* /*image*/, H5FD_file_image_op_t /*why*/, void* /*bytes*/) {
    return 0;
}
void* same(void* bytes) {
    return bytes;
}
herr_t keep(void* /*bytes*/) {
    return 0;
}

} // namespace

Hdf5Image::~Hdf5Image() {
    if (bytes_ != nullptr)
        munmap(bytes_, size_);
}

bool Hdf5Image::set(hid_t access, const SeekableFile& file) {
    constexpr std::size_t kGrowth = 1 << 16; // never used: nothing is written
    size_ = file.bytes();
    void* const mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.memory(), 0);
    if (mapped == MAP_FAILED)
        return false;
    bytes_ = mapped;
    H5FD_file_image_callbacks_t callbacks{sameBytes, noCopy, noResize, noFree, same, keep, bytes_};
    return H5Pset_fapl_core(access, kGrowth, false) >= 0 &&
           H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
           H5Pset_file_image(access, bytes_, size_) >= 0;
}

} // namespace zipml
