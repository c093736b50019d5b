// MATLAB's files of versions 4 and 5 through libmatio. In the part that matrix_part.h tells of.

#include "core/base/error.h"
#include "core/data/formats/mat_source.h"
#include "core/data/formats/mat_variables.h"
#include "core/data/formats/member_labels.h"
#include "core/data/number.h"

#include <algorithm>

namespace zipml {
namespace {

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

} // namespace

std::unique_ptr<RowSource> openMatSource(const OpenRequest& request) {
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

} // namespace zipml
