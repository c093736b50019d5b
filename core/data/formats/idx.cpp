// IDX, by its magic number: a row an image, and the labels in a file beside it (core/data/idx.h).

#include "core/data/idx.h"

#include "core/base/error.h"
#include "core/data/formats/array_choice.h"
#include "core/data/formats/npy_labels.h"

#include <array>

namespace zipml {
namespace {

bool matchesIdx(const FileStart& start) {
    return isIdx(start.bytes);
}

MatrixLabels labelsIn(const std::filesystem::path& file, const OpenRequest& request) {
    std::array<char, 4> start{};
    const std::size_t got = openStoredBytes(file)->readSome(0, start);
    if (!isIdx({start.data(), got}))
        return readAnyLabelFile(file, request);
    MatrixLabels labels;
    labels.numbers = readIdxLabels(file, request.job);
    return labels;
}

/// The file of labels that was chosen, or the one beside the images; empty where the label is a column, or
/// none is needed.
std::filesystem::path labelFile(const OpenRequest& request, const ArrayLayout& layout) {
    const LoadOptions& options = request.options;
    if (!options.labels.empty())
        return options.labels;
    if (labelIsWithin(options, layout.columns()))
        return {};
    const bool images = isIdxImages(request.file);
    std::error_code code;
    if (images && std::filesystem::exists(labelsBeside(request.file), code))
        return labelsBeside(request.file);
    if (request.context.training != nullptr || (layout.shape.size() < 3 && !images))
        return {};
    const std::string name = request.file.string();
    const std::string advice = " name their file with --labels, or choose --label-column none";
    throw InputError(name + (images ? ": its labels, " + labelsBeside(request.file).filename().string() +
                                          ", are not beside it;" + advice
                                    : ": holds images without labels;" + advice));
}

std::unique_ptr<RowSource> openIdx(const OpenRequest& request) {
    auto bytes = openStoredBytes(request.file);
    ArrayLayout layout = readIdxHead(bytes, request.job);
    const bool labelsAlone =
        layout.shape.size() == 1 || unpackedName(request.file).find("-labels") != std::string::npos;
    if (labelsAlone && request.options.labelColumn != "none")
        throw InputError(bytes->where() + ": holds " + std::to_string(layout.rows()) +
                         " labels and no images; name the file of images, and this one with --labels");
    if (request.options.upright) {
        if (layout.shape.size() != 3)
            throw InputError(bytes->where() + ": upright: only images are turned, and it holds " +
                             shapeText(layout.shape) + " numbers");
        layout.transposed = true;
    }
    SourceShape shape;
    shape.format = "idx";
    shape.compression = bytes->compression();
    MatrixLabels labels;
    if (const auto file = labelFile(request, layout); !file.empty()) {
        labels = labelsIn(file, request);
        shape.notes.push_back("the labels are those of " + file.filename().string());
    }
    return sourceOf(request, arrayMatrix(std::move(bytes), std::move(layout), request), std::move(shape),
                    std::move(labels));
}

} // namespace

constinit const Format kIdxFormat{"idx", "IDX images", matchesIdx, openIdx};

} // namespace zipml
