// HDF5 through libhdf5: dense data sets and sparse groups, with their labels. In the part that matrix_part.h
// tells of.

#include "core/data/formats/hdf5_source.h"
#include "core/data/utf8.h"

#include "core/base/error.h"
#include "core/data/formats/hdf5_members.h"
#include "core/data/formats/member_labels.h"
#include "core/data/number.h"

#include <algorithm>
#include <iterator>

namespace zipml {
namespace {

std::vector<Member> namesOf(const std::vector<Hdf5Member>& members) {
    std::vector<Member> named;
    named.reserve(members.size());
    for (const Hdf5Member& member : members)
        named.push_back(member.named());
    return named;
}

Hdf5Member chooseMember(const Hdf5File& file, const std::vector<Hdf5Member>& members,
                        const LoadOptions& options) {
    if (!options.matrix.empty())
        return memberAt(file, options.matrix);
    std::vector<Hdf5Member> arrays;
    std::ranges::copy_if(members, std::back_inserter(arrays),
                         [](const Hdf5Member& m) { return m.what != "a group" && m.what != "empty"; });
    if (std::ranges::none_of(arrays, &Hdf5Member::isMatrix)) {
        const auto other = std::ranges::find(arrays, Hdf5Member::Kind::Other, &Hdf5Member::kind);
        if (other != arrays.end())
            file.fail(other->path, "is " + other->what + ", and the file holds no matrix of numbers");
        throw InputError(file.bytes().name().string() +
                         ": holds no matrix of numbers; rows are samples and columns features");
    }
    return arrays[chooseMatrixMember(file.bytes().name().string(), namesOf(arrays), options)];
}

MatrixLabels chosenLabels(const Hdf5File& file, const OpenRequest& request, bool latin1) {
    const std::string& wanted = request.options.labels;
    if (file.object(wanted)) {
        MatrixLabels labels = labelsOf(file, memberAt(file, wanted), latin1);
        if (labels.size() == 0)
            file.fail(wanted, "holds no labels");
        return labels;
    }
    std::error_code code;
    if (!std::filesystem::exists(wanted, code))
        file.fail(wanted, "is neither a data set in it nor a file; labels are one or the other");
    return readLabelFile(wanted, request);
}

/// Labels that stand in the matrix's folder under one of their usual names.
MatrixLabels labelsBeside(const Hdf5File& file, const std::vector<Hdf5Member>& members,
                          const Hdf5Member& matrix, const OpenRequest& request,
                          std::vector<std::string>& notes) {
    const auto place = std::ranges::find(members, matrix.path, &Hdf5Member::path) - members.begin();
    const auto found =
        findLabelBeside(request.file.string(), namesOf(members), static_cast<std::size_t>(place),
                        matrix.columns, request.options, notes);
    return found ? labelsOf(file, members[*found], readsLatin1(request.options.encoding)) : MatrixLabels();
}

} // namespace

std::unique_ptr<RowSource> openHdf5Source(const OpenRequest& request, std::string_view format) {
    const Hdf5Lock lock;
    const LoadOptions& options = request.options;
    const bool latin1 = readsLatin1(options.encoding);
    const auto file = std::make_shared<const Hdf5File>(request.file, request.context.memoryLimitBytes);
    const std::vector<Hdf5Member> members = membersOf(*file);
    const Hdf5Member matrix = chooseMember(*file, members, options);
    SourceShape shape;
    shape.format = format;
    shape.compression = file->bytes().compression();
    auto values = matrixOf(file, matrix);
    if (matrix.shape.size() > 2)
        shape.notes.push_back("each row is flattened to " + std::to_string(matrix.columns) + " features");
    if (options.matrix.empty() && members.size() > 1)
        shape.notes.push_back("the matrix is " + inQuotes(matrix.path));
    shape.names = columnNamesOf(*file, matrix, latin1);
    MatrixLabels labels;
    if (!options.labels.empty())
        labels = chosenLabels(*file, request, latin1);
    else
        labels = labelsBeside(*file, members, matrix, request, shape.notes);
    return sourceOf(request, std::move(values), std::move(shape), std::move(labels));
}

} // namespace zipml
