#include "core/data/formats/hdf5_handle.h"

#include "core/data/formats/hdf5_heap.h"
#include "core/data/formats/hdf5_lzf.h"
#include "core/data/utf8.h"

namespace zipml {
namespace {

std::recursive_mutex& libraryMutex() {
    static std::recursive_mutex mutex;
    return mutex;
}

bool alone = false;

} // namespace

void onlyThreadOfHdf5() {
    alone = true;
}

Hdf5Lock::Hdf5Lock() : lock_(libraryMutex(), std::defer_lock) {
    if (!alone)
        lock_.lock();
    static bool ready = false;
    if (std::exchange(ready, true)) // first of all: what follows takes the lock again
        return;
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // its errors are ours to tell, in one line
    registerLzf();
    registerTextPlaces();
}

std::string hdf5Reason() {
    std::string reason;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned depth, const H5E_error2_t* error, void* text) -> herr_t {
            if (depth == 0 && error->desc != nullptr)
                *static_cast<std::string*>(text) = asUtf8(error->desc, false);
            return 0;
        },
        &reason);
    for (char& c : reason)
        if (static_cast<unsigned char>(c) < ' ')
            c = ' ';
    return reason;
}

} // namespace zipml
