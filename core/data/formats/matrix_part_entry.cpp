// The library that reads HDF5 and MATLAB files (core/data/formats/matrix_part.h).

#include "core/base/error.h"
#include "core/base/trial.h"
#include "core/data/formats/hdf5_handle.h"
#include "core/data/formats/hdf5_source.h"
#include "core/data/formats/mat_source.h"
#include "core/data/formats/matrix_part.h"

namespace zipml {
namespace {

/// libhdf5 1.10 follows some damaged places out of its memory, and libmatio reads files of strangers, too. So
/// each is opened, and its beginning read, in a process apart first.
template <class Open>
std::unique_ptr<RowSource> openTried(const OpenRequest& request, const Open& open) {
    constexpr std::size_t kBlock = 1 << 20, kMostTried = 4 << 20; // bytes: a small file is read as a whole
    constexpr unsigned kMostSeconds = 30;
    const Hdf5Lock lock; // no other thread is in the library while the process is made
    const TrialEnd end = tryApart(
        [&] {
            onlyThreadOfHdf5();
            const std::unique_ptr<RowSource> source = open();
            RawBlock block;
            for (std::size_t taken = 0; taken < kMostTried && source->take(kBlock, block); taken += kBlock) {
            }
        },
        kMostSeconds);
    if (end != TrialEnd::Ended)
        throw InputError(request.file.string() + ": the library that reads such files " +
                         (end == TrialEnd::Crashed ? "crashes on it" : "does not come to an end with it") +
                         "; it is damaged: get or write it again");
    return open();
}

std::unique_ptr<RowSource> openHdf5(const OpenRequest& request, std::string_view format) {
    return openTried(request, [&] { return openHdf5Source(request, format); });
}

std::unique_ptr<RowSource> openMat(const OpenRequest& request) {
    return openTried(request, [&] { return openMatSource(request); });
}

} // namespace
} // namespace zipml

extern "C" {
// All of a part is hidden but this, which is looked up.
__attribute__((visibility("default"))) extern const zipml::MatrixPart zipmlMatrixPart;
const zipml::MatrixPart zipmlMatrixPart{zipml::openHdf5, zipml::openMat};
}
