#pragma once
/// What an HDF5 file holds that can be a matrix or labels: plain data sets, sparse matrices as anndata,
/// h5sparse and 10x write them, MATLAB's variables (version 7.3), and anndata's categories.

#include "core/data/formats/array_choice.h"
#include "core/data/formats/hdf5_matrix.h"

namespace zipml {

struct Hdf5Member {
    enum class Kind {
        Dense,         ///< numbers, one or two dimensions
        Compressed,    ///< a sparse matrix
        Texts,         ///< strings, or MATLAB's characters, a row each
        TextCells,     ///< MATLAB's cell array
        Categories,    ///< a group of codes and categories
        OldCategories, ///< codes, with an attribute that refers to the categories
        Masked,        ///< a group of values and a mask
        Other,
    };
    Kind kind = Kind::Other;
    std::string path;
    std::size_t rows = 0, columns = 0; ///< 0 where it is none of these
    std::vector<std::size_t> shape;    ///< as the file has it
    bool matlab = false;               ///< its dimensions are reversed
    std::string what;                  ///< Other: what it is instead
    CompressedGroup group;

    [[nodiscard]] bool isMatrix() const { return kind == Kind::Dense || kind == Kind::Compressed; }
    /// As the choice of matrix and labels sees it. In MATLAB all is a matrix: n x 1 and 1 x n are columns.
    [[nodiscard]] Member named() const;
};

/// All members, in the order of their names; at most some thousand.
std::vector<Hdf5Member> membersOf(const Hdf5File& file);
/// @throws InputError where there is nothing of that name, or it cannot be opened.
Hdf5Member memberAt(const Hdf5File& file, const std::string& path);

/// @throws InputError where it is no matrix.
std::unique_ptr<Matrix> matrixOf(std::shared_ptr<const Hdf5File> file, const Hdf5Member& member);
/// One label a row. @throws InputError where these are no labels, or one is missing.
MatrixLabels labelsOf(const Hdf5File& file, const Hdf5Member& member, bool latin1);
/// The names that the file gives the matrix's columns, or none: anndata's var, 10x's features.
std::vector<std::string> columnNamesOf(const Hdf5File& file, const Hdf5Member& matrix, bool latin1);

} // namespace zipml
