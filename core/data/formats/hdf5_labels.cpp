// Labels and names of columns that stand in an HDF5 file beside its matrix.

#include "core/base/error.h"
#include "core/data/formats/hdf5_members.h"
#include "core/data/number.h"
#include "core/data/utf16.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace zipml {
namespace {

using Kind = Hdf5Member::Kind;

[[noreturn]] void failMissing(const Hdf5File& file, const std::string& path, std::size_t row) {
    file.fail(path, "has no label for row " + std::to_string(row + 1) +
                        "; leave out rows without one before the file is written");
}

/// @throws InputError where a code is no place in `words`.
std::vector<std::string> decoded(const Hdf5File& file, const std::string& path,
                                 const std::vector<double>& codes, const std::vector<std::string>& words) {
    std::vector<std::string> texts;
    texts.reserve(codes.size());
    for (std::size_t row = 0; row < codes.size(); ++row) {
        if (codes[row] == -1)
            failMissing(file, path, row);
        if (!(codes[row] >= 0 && codes[row] < static_cast<double>(words.size())))
            file.fail(path, "has a code that is none of its " + std::to_string(words.size()) + " categories");
        texts.push_back(words[static_cast<std::size_t>(codes[row])]);
    }
    return texts;
}

/// Categories may be numbers too: then the labels are these.
MatrixLabels decodedLabels(const Hdf5File& file, const std::string& path, const std::vector<double>& codes,
                           const Hdf5Dataset& categories, bool latin1) {
    MatrixLabels labels;
    if (categories.kind() == H5T_STRING) {
        labels.texts = decoded(file, path, codes, categories.texts(latin1));
        return labels;
    }
    const std::vector<double> values = categories.numbers();
    for (std::size_t row = 0; row < codes.size(); ++row) {
        if (codes[row] == -1)
            failMissing(file, path, row);
        if (!(codes[row] >= 0 && codes[row] < static_cast<double>(values.size())))
            file.fail(path,
                      "has a code that is none of its " + std::to_string(values.size()) + " categories");
        labels.numbers.push_back(values[static_cast<std::size_t>(codes[row])]);
    }
    return labels;
}

/// MATLAB's characters, rows x width, kept column by column, without the blanks that fill rows up.
std::vector<std::string> characterRows(const Hdf5Dataset& data) {
    const std::vector<double> codes = data.numbers();
    const std::size_t rows = data.shape().size() == 2 ? data.shape()[1] : 1;
    const std::size_t width = rows > 0 ? codes.size() / rows : 0;
    std::vector<std::string> texts;
    for (std::size_t r = 0; r < rows; ++r) {
        std::vector<std::uint32_t> units;
        for (std::size_t c = 0; c < width; ++c) {
            const double code = codes[c * rows + r];
            units.push_back(code >= 0 && code <= 0xFFFF ? static_cast<std::uint32_t>(code) : 0xFFFFFU);
        }
        std::string text = utf8FromUtf16(units);
        text.resize(text.find_last_not_of(" \0", std::string::npos, 2) + 1);
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<std::string> cellTexts(const Hdf5File& file, const Hdf5Dataset& cells) {
    std::vector<std::string> texts;
    for (Hdf5Handle& cell : cells.referenced()) {
        if (!cell || H5Iget_type(cell.id()) != H5I_DATASET ||
            textAttribute(file, cell.id(), "MATLAB_class") != "char")
            file.fail(cells.path(),
                      "has cells that are no texts; labels are numbers or a cell array of texts");
        if (H5Aexists(cell.id(), "MATLAB_empty") > 0)
            failMissing(file, cells.path(), texts.size());
        auto rows = characterRows(Hdf5Dataset(file, std::move(cell), cells.path()));
        if (rows.size() != 1)
            file.fail(cells.path(), "has cells of several texts; labels are one a cell");
        texts.push_back(std::move(rows.front()));
    }
    return texts;
}

std::vector<double> unmasked(const Hdf5File& file, const std::string& path) {
    const std::vector<double> mask = Hdf5Dataset(file, path + "/mask").numbers();
    const auto masked = std::ranges::find_if(mask, [](double m) { return m != 0; });
    if (masked != mask.end())
        failMissing(file, path, static_cast<std::size_t>(masked - mask.begin()));
    return Hdf5Dataset(file, path + "/values").numbers();
}

MatrixLabels oldCategories(const Hdf5File& file, const std::string& path, bool latin1) {
    const Hdf5Dataset codes(file, path);
    const Hdf5Handle object = file.object(path);
    const Hdf5Handle attribute(H5Aopen(object.id(), "categories", H5P_DEFAULT), H5Aclose);
    const Hdf5Handle type(attribute ? H5Aget_type(attribute.id()) : H5I_INVALID_HID, H5Tclose);
    const Hdf5Handle space(attribute ? H5Aget_space(attribute.id()) : H5I_INVALID_HID, H5Sclose);
    hobj_ref_t reference = 0;
    if (!type || !space || H5Tequal(type.id(), H5T_STD_REF_OBJ) <= 0 ||
        H5Sget_simple_extent_npoints(space.id()) != 1 ||
        H5Aread(attribute.id(), H5T_STD_REF_OBJ, &reference) < 0)
        file.fail(path, "has an attribute categories that refers to none");
    const Hdf5Dataset words(
        file, {H5Rdereference2(attribute.id(), H5P_DEFAULT, H5R_OBJECT, &reference), H5Oclose}, path);
    return decodedLabels(file, path, codes.numbers(), words, latin1);
}

} // namespace

MatrixLabels labelsOf(const Hdf5File& file, const Hdf5Member& member, bool latin1) {
    const Hdf5Lock lock;
    const std::string& path = member.path;
    MatrixLabels labels;
    switch (member.kind) {
    case Kind::Dense:
        if (member.columns != 1 && member.rows != 1)
            file.fail(path, "is " + std::to_string(member.rows) + " x " + std::to_string(member.columns) +
                                "; labels are one a row");
        labels.numbers = Hdf5Dataset(file, path).numbers();
        break;
    case Kind::Texts: {
        const Hdf5Dataset data(file, path);
        labels.texts = data.kind() == H5T_STRING ? data.texts(latin1) : characterRows(data);
        break;
    }
    case Kind::TextCells:
        labels.texts = cellTexts(file, Hdf5Dataset(file, path));
        break;
    case Kind::Categories:
        labels = decodedLabels(file, path, Hdf5Dataset(file, path + "/codes").numbers(),
                               Hdf5Dataset(file, path + "/categories"), latin1);
        break;
    case Kind::OldCategories:
        labels = oldCategories(file, path, latin1);
        break;
    case Kind::Masked:
        labels.numbers = unmasked(file, path);
        break;
    case Kind::Compressed:
    case Kind::Other:
        file.fail(path, "is " + (member.what.empty() ? "a sparse matrix" : member.what) +
                            "; labels are one number or text a row");
    }
    for (std::size_t row = 0; row < labels.numbers.size(); ++row)
        if (std::isnan(labels.numbers[row]))
            failMissing(file, path, row);
    labels.name = path.substr(path.rfind('/') + 1);
    return labels;
}

std::vector<std::string> columnNamesOf(const Hdf5File& file, const Hdf5Member& matrix, bool latin1) {
    const Hdf5Lock lock;
    const auto slash = matrix.path.rfind('/');
    const std::string parent = slash == std::string::npos ? "" : matrix.path.substr(0, slash);
    std::vector<std::string> candidates;
    if (matrix.path == "X" || parent == "layers" || matrix.path == "raw/X") {
        const std::string var = parent == "raw" ? "raw/var" : "var";
        if (const Hdf5Handle group = file.object(var))
            candidates.push_back(var + "/" + textAttribute(file, group.id(), "_index").value_or("_index"));
    } else if (matrix.kind == Kind::Compressed && file.object(matrix.path + "/barcodes")) {
        candidates = {matrix.path + "/features/id", matrix.path + "/genes"};
    }
    for (const std::string& path : candidates) {
        if (!file.object(path))
            continue;
        const Hdf5Member names = memberAt(file, path);
        if (names.kind != Kind::Texts || names.rows != matrix.columns)
            continue;
        auto texts = Hdf5Dataset(file, path).texts(latin1);
        if (std::set<std::string>(texts.begin(), texts.end()).size() == texts.size())
            return texts;
    }
    return {};
}

} // namespace zipml
