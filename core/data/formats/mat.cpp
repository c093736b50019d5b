// MATLAB's files: versions 4 and 5 through libmatio, 7.3 as the HDF5 that it is.

#include "core/base/error.h"
#include "core/data/byte_reader.h"
#include "core/data/formats/hdf5_source.h"
#include "core/data/formats/mat_variables.h"
#include "core/data/formats/member_labels.h"
#include "core/data/number.h"

#include <algorithm>

namespace zipml {
namespace {

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

MatrixLabels labelsOfVariables(MatVariables& variables, std::size_t matrix, std::size_t columns,
                               const OpenRequest& request, std::vector<std::string>& notes) {
    const std::string file = request.file.string();
    const auto found =
        request.options.labels.empty()
            ? findLabelBeside(file, variables.members(), matrix, columns, request.options, notes)
            : chooseLabelMember(file, variables.members(), matrix, columns, request.options, notes);
    if (found == matrix)
        throw InputError(file + ": " + inQuotes(request.options.labels) +
                         " is the matrix itself; labels are a variable of their own, or --label-column");
    if (found)
        return variables.labels(*found);
    return request.options.labels.empty() ? MatrixLabels() : readLabelFile(request.options.labels, request);
}

std::unique_ptr<RowSource> openMat(const OpenRequest& request) {
    const std::string start = startOfMat(request);
    if (looksLikeHdf5(start))
        return openHdf5Source(request, "mat");
    if (!looksLikeMat5(start) && !looksLikeMat4(start))
        throw InputError(request.file.string() +
                         ": is no MATLAB file; save('data.mat', 'X', 'y') writes one");
    MatVariables variables(request);
    SourceShape shape;
    shape.format = "mat";
    shape.compression = variables.file().compression();
    const std::size_t place = chooseMatrixMember(request.file.string(), variables.members(), request.options);
    if (request.options.matrix.empty() && variables.members().size() > 1)
        shape.notes.push_back("the matrix is " + inQuotes(variables.members()[place].name));
    const std::size_t columns = variables.columns(place);
    MatrixLabels labels = labelsOfVariables(variables, place, columns, request, shape.notes);
    return sourceOf(request, variables.matrix(place), std::move(shape), std::move(labels));
}

} // namespace

const Format kMatFormat{"mat", "MATLAB", matchesMat, openMat};

} // namespace zipml
