// NPY: one NumPy array, as numpy.save writes it.

#include "core/data/formats/npy_labels.h"

namespace zipml {
namespace {

bool matchesNpy(const FileStart& start) {
    return isNpy(start.bytes);
}

std::unique_ptr<RowSource> openNpy(const OpenRequest& request) {
    auto bytes = openStoredBytes(request.file);
    const NpyHeader header = readNpyHeader(*bytes);
    ArrayLayout layout = layoutOf(header, bytes->where());
    SourceShape shape;
    shape.format = "npy";
    shape.compression = bytes->compression();
    if (layout.shape.size() > 2)
        shape.notes.push_back("the array is " + shapeText(layout.shape) + ": each row is flattened to " +
                              std::to_string(layout.columns()) + " features");
    if (checkStored(bytes, layout, request.job) > 0)
        shape.notes.emplace_back("what follows the first array in the file is left out");
    MatrixLabels labels;
    if (!request.options.labels.empty())
        labels = readAnyLabelFile(request.options.labels, request);
    return sourceOf(request, arrayMatrix(std::move(bytes), std::move(layout), request), std::move(shape),
                    std::move(labels));
}

} // namespace

constinit const Format kNpyFormat{"npy", "NumPy array", matchesNpy, openNpy};

} // namespace zipml
