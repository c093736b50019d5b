// HDF5, and MATLAB's files: versions 4 and 5, and 7.3 as the HDF5 that it is. What is read is known here, how
// it is read the part knows.

#include "core/data/formats/matrix_part.h"

#include "core/base/error.h"
#include "core/base/part.h"
#include "core/data/byte_reader.h"
#include "core/data/formats/mat_elements.h"

namespace zipml {
namespace {

const MatrixPart& part() {
    static Part once({"matrix", kMatrixPart,
                      "HDF5 and MATLAB files need libhdf5 and libmatio, which this build is without; install "
                      "Debian's libhdf5-dev, liblzf-dev and libmatio-dev and build again with ZIPML_HDF5 on "
                      "(./dev build), or save the data as .npy or .csv",
                      "libhdf5-103-1, liblzf1 and libmatio11"});
    return *static_cast<const MatrixPart*>(once.entry());
}

/// Whether the bytes begin like HDF5, behind a user block or not.
bool looksLikeHdf5(std::string_view bytes) {
    using namespace std::string_view_literals;
    constexpr auto kSignature = "\x89HDF\r\n\x1A\n"sv;
    if (bytes.starts_with(kSignature))
        return true;
    constexpr std::size_t kLeastBlock = 512;
    for (std::size_t at = kLeastBlock; at < bytes.size(); at *= 2)
        if (bytes.substr(at).starts_with(kSignature))
            return true;
    return false;
}

bool matchesHdf5(const FileStart& start) {
    return looksLikeHdf5(start.bytes);
}

std::unique_ptr<RowSource> openHdf5(const OpenRequest& request) {
    return part().openHdf5(request, "hdf5");
}

bool looksLikeMat5(std::string_view bytes) {
    constexpr std::size_t kHeader = 128;
    if (bytes.size() < kHeader)
        return bytes.starts_with("MATLAB 5.0 MAT-file");
    const auto end = bytes.substr(kHeader - 4, 4);
    return end == std::string_view("\x00\x01IM", 4) || end == std::string_view("\x01\x00MI", 4);
}

bool matchesMat(const FileStart& start) {
    return looksLikeMat5(start.bytes) || looksLikeMat4(start.bytes) ||
           (start.bytes.starts_with("MATLAB 7.3 MAT-file") && looksLikeHdf5(start.bytes));
}

std::string startOfMat(const OpenRequest& request) {
    constexpr std::size_t kBytes = 4096;
    std::string bytes(kBytes, '\0');
    bytes.resize(ByteReader::open(request.file)->read(bytes.data(), bytes.size()));
    return bytes;
}

std::unique_ptr<RowSource> openMat(const OpenRequest& request) {
    const std::string start = startOfMat(request);
    if (looksLikeHdf5(start))
        return part().openHdf5(request, "mat");
    if (!looksLikeMat5(start) && !looksLikeMat4(start))
        throw InputError(request.file.string() +
                         ": is no MATLAB file; save('data.mat', 'X', 'y') writes one");
    return part().openMat(request);
}

} // namespace

constinit const Format kHdf5Format{"hdf5", "HDF5", matchesHdf5, openHdf5};
constinit const Format kMatFormat{"mat", "MATLAB", matchesMat, openMat};

} // namespace zipml
