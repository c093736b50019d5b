#include "core/data/formats/hdf5_members.h"

#include "core/base/error.h"
#include "core/data/formats/stored_array.h"
#include "core/data/number.h"

#include <algorithm>

namespace zipml {
namespace {

std::size_t lengthOf(const Hdf5File& file, const std::string& path) {
    const Hdf5Dataset data(file, path);
    return data.shape().size() == 1 ? data.shape()[0] : 0;
}

class Describer {
  public:
    Describer(const Hdf5File& file, const std::string& path, hid_t object) : file_(file), object_(object) {
        member_.path = path;
        matlabClass_ = textAttribute(file_, object_, "MATLAB_class").value_or("");
        member_.matlab = !matlabClass_.empty();
    }

    Hdf5Member describe() {
        const H5I_type_t type = H5Iget_type(object_);
        if (type == H5I_GROUP)
            describeGroup();
        else if (type == H5I_DATASET)
            describeDataset();
        else
            member_.what = "a named type";
        return std::move(member_);
    }

  private:
    [[nodiscard]] bool has(const char* name) const { return H5Lexists(object_, name, H5P_DEFAULT) > 0; }
    [[nodiscard]] std::string at(const char* name) const {
        return (member_.path == "/" ? "" : member_.path + "/") + name;
    }

    void describeGroup() {
        const std::string encoding =
            textAttribute(file_, object_, "encoding-type")
                .value_or(textAttribute(file_, object_, "h5sparse_format").value_or(""));
        if (H5Aexists(object_, "MATLAB_sparse") > 0)
            describeMatlabSparse();
        else if (encoding == "csr_matrix" || encoding == "csc_matrix" || encoding == "csr" ||
                 encoding == "csc")
            describeSparse(encoding.starts_with("csc"));
        else if (has("barcodes") && has("data") && has("indices") && has("indptr") && has("shape"))
            describeCells();
        else if (has("codes") && has("categories"))
            setLabels(Hdf5Member::Kind::Categories, "codes");
        else if (has("values") && has("mask"))
            setLabels(Hdf5Member::Kind::Masked, "values");
        else if (has("data") && has("indices") && has("indptr"))
            member_.what =
                "a sparse matrix that does not say how it is laid out; give the group the attributes "
                "encoding-type ('csr_matrix') and shape, as anndata does";
        else
            member_.what = matlabClass_.empty() ? "a group" : "of MATLAB's class " + inQuotes(matlabClass_);
    }

    void setShape(std::size_t rows, std::size_t columns) {
        member_.rows = rows;
        member_.columns = columns;
    }

    void setSparse(const char* indices, const char* pointers, bool byColumn) {
        member_.kind = Hdf5Member::Kind::Compressed;
        member_.group = {at("data"), at(indices), at(pointers), member_.rows, member_.columns, byColumn};
    }

    void describeSparse(bool byColumn) {
        auto shape = numbersAttribute(object_, "shape");
        if (shape.empty())
            shape = numbersAttribute(object_, "h5sparse_shape");
        if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0) {
            member_.what = "a sparse matrix without its attribute shape (two numbers)";
            return;
        }
        setShape(static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
        setSparse("indices", "indptr", byColumn);
    }

    /// 10x: features x barcodes, by column; barcodes, the columns, are the samples.
    void describeCells() {
        const std::vector<double> shape = Hdf5Dataset(file_, at("shape")).numbers();
        if (shape.size() != 2 || !(shape[0] >= 0 && shape[0] < 1e15) || !(shape[1] >= 0 && shape[1] < 1e15)) {
            member_.what = "a matrix of barcodes whose shape is not two numbers";
            return;
        }
        setShape(static_cast<std::size_t>(shape[1]), static_cast<std::size_t>(shape[0]));
        setSparse("indices", "indptr", false);
    }

    void describeMatlabSparse() {
        const auto rows = numbersAttribute(object_, "MATLAB_sparse");
        const std::size_t pointers = has("jc") ? lengthOf(file_, at("jc")) : 0;
        if (rows.size() != 1 || rows[0] < 0 || pointers == 0 || !has("data") || !has("ir")) {
            member_.what = "a sparse matrix without values";
            return;
        }
        setShape(static_cast<std::size_t>(rows[0]), pointers - 1);
        setSparse("ir", "jc", true);
    }

    void setLabels(Hdf5Member::Kind kind, const char* values) {
        member_.kind = kind;
        setShape(lengthOf(file_, at(values)), 1);
    }

    void describeDataset() {
        const Hdf5Handle space(H5Dget_space(object_), H5Sclose);
        const Hdf5Handle type(H5Dget_type(object_), H5Tclose);
        const int dimensions = space ? H5Sget_simple_extent_ndims(space.id()) : -1;
        if (!type || dimensions < 0)
            file_.failWithReason(member_.path, "cannot be opened");
        std::vector<hsize_t> shape(static_cast<std::size_t>(dimensions));
        if (dimensions > 0)
            H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr);
        member_.shape.assign(shape.begin(), shape.end());
        if (shape.empty() || H5Aexists(object_, "MATLAB_empty") > 0 || (member_.matlab && shape.size() > 2)) {
            member_.what = shape.empty()      ? "a single value"
                           : shape.size() > 2 ? "of " + std::to_string(shape.size()) +
                                                    " dimensions; save it as a matrix: reshape(x, rows, [])"
                                              : "empty";
            return;
        }
        double columns = 1; // may promise more than there is: bounded when the data set is opened
        for (std::size_t d = 1; d < shape.size(); ++d)
            columns *= static_cast<double>(shape[d]);
        if (columns > 1e15) {
            member_.what = "of the shape " + shapeText(member_.shape) + ", which no file has";
            return;
        }
        setShape(shape[0], static_cast<std::size_t>(columns));
        if (member_.matlab && shape.size() == 2)
            std::swap(member_.rows, member_.columns);
        chooseKind(H5Tget_class(type.id()));
    }

    void chooseKind(H5T_class_t type) {
        using Kind = Hdf5Member::Kind;
        const bool number = type == H5T_INTEGER || type == H5T_FLOAT || type == H5T_ENUM;
        if (matlabClass_ == "char" && number) {
            member_.kind = Kind::Texts;
            member_.columns = 1;
        } else if (matlabClass_ == "cell" && type == H5T_REFERENCE) {
            member_.kind = Kind::TextCells;
            setShape(member_.rows * member_.columns, 1);
        } else if (number && H5Aexists(object_, "MATLAB_object_decode") > 0) {
            setShape(0, 0);
            member_.what =
                "an object of MATLAB's (string, categorical, table); save cellstr(...) or double(...) "
                "of it";
        } else if (number && H5Aexists(object_, "categories") > 0 && member_.columns == 1) {
            member_.kind = Kind::OldCategories;
        } else if (number) {
            member_.kind = Kind::Dense;
        } else if (type == H5T_STRING && member_.columns == 1) {
            member_.kind = Kind::Texts;
        } else {
            setShape(0, 0);
            member_.what = type == H5T_STRING ? "a table of texts"
                           : type == H5T_COMPOUND
                               ? "a table of records (complex numbers or named fields); save "
                                 "its columns as one matrix of numbers"
                               : "of a type that is no number";
        }
    }

    const Hdf5File& file_;
    hid_t object_;
    Hdf5Member member_;
    std::string matlabClass_;
};

/// Names of what H5Ovisit comes by.
struct Visited {
    static constexpr std::size_t kMost = 5000;
    std::vector<std::string> paths;
};

herr_t visit(hid_t /*root*/, const char* name, const H5O_info_t* info, void* found) {
    constexpr std::ptrdiff_t kDeepest = 32;
    auto& paths = static_cast<Visited*>(found)->paths;
    const std::string_view path = name;
    if (path == "." || path.starts_with('#') || info->type == H5O_TYPE_NAMED_DATATYPE) // MATLAB's own
        return 0;
    if (paths.size() == Visited::kMost || std::ranges::count(path, '/') > kDeepest)
        return 1;
    paths.emplace_back(path);
    return 0;
}

} // namespace

Member Hdf5Member::named() const {
    Member member{path, {rows, columns}, isMatrix(), kind != Kind::Other && !isMatrix()};
    if (kind == Kind::Other || (kind == Kind::Dense && !matlab))
        member.shape = shape;
    else if (columns == 1 || (matlab && rows == 1))
        member.shape = {rows * columns};
    if (matlab && rows == 1 && columns == 1)
        member.shape.clear();
    return member;
}

std::vector<Hdf5Member> membersOf(const Hdf5File& file) {
    const Hdf5Lock lock;
    Visited visited;
    if (H5Ovisit2(file.id(), H5_INDEX_NAME, H5_ITER_INC, visit, &visited, H5O_INFO_BASIC) < 0)
        file.failWithReason("/", "cannot be listed");
    std::vector<Hdf5Member> members;
    std::string within; // a member that is a group: its parts are none
    for (const std::string& path : visited.paths) {
        if (!within.empty() && path.starts_with(within))
            continue;
        const Hdf5Handle object = file.object(path);
        if (!object)
            file.failWithReason(path, "cannot be opened");
        Hdf5Member member = Describer(file, path, object.id()).describe();
        const bool group = H5Iget_type(object.id()) == H5I_GROUP;
        within = group && (member.kind != Hdf5Member::Kind::Other || member.matlab) ? path + "/" : "";
        members.push_back(std::move(member));
    }
    return members;
}

Hdf5Member memberAt(const Hdf5File& file, const std::string& path) {
    if (path.size() > 1 && path.starts_with('/'))
        return memberAt(file, path.substr(1));
    const Hdf5Lock lock;
    const Hdf5Handle object = file.object(path);
    if (object)
        return Describer(file, path, object.id()).describe();
    constexpr std::size_t kShown = 12;
    std::string choices;
    std::size_t shown = 0;
    for (const Hdf5Member& member : membersOf(file))
        if (member.what != "a group" && ++shown <= kShown)
            choices += (choices.empty() ? "" : ", ") + inQuotes(member.path);
    file.fail(path, "does not exist; the file holds " +
                        (choices.empty() ? "nothing" : choices + (shown > kShown ? ", ..." : "")));
}

std::unique_ptr<Matrix> matrixOf(std::shared_ptr<const Hdf5File> file, const Hdf5Member& member) {
    if (member.kind == Hdf5Member::Kind::Compressed)
        return compressedMatrix(std::move(file), member.group);
    if (member.kind != Hdf5Member::Kind::Dense)
        file->fail(member.path, "is " + (member.what.empty() ? "a column of texts" : member.what) +
                                    "; a matrix of numbers is needed");
    return denseMatrix(std::move(file), member.path, member.matlab);
}

} // namespace zipml
