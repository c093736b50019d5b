#pragma once
/// The variables of a MATLAB file of version 5 or 4, through libmatio.

#include "core/data/formats/array_choice.h"
#include "core/data/formats/mat_elements.h"
#include "core/data/formats/matrix_source.h"

#include <matio.h>
#include <memory>

namespace zipml {

class MatVariables {
  public:
    /// Lists them; no values are read.
    /// @throws InputError where the file is damaged.
    explicit MatVariables(const OpenRequest& request);

    [[nodiscard]] const SeekableFile& file() const { return file_; }
    /// n x 1 and 1 x n are columns: in MATLAB all is a matrix.
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    [[nodiscard]] std::size_t columns(std::size_t variable) const;
    /// @throws InputError where it is no matrix of numbers, or does not fit into memory.
    std::unique_ptr<Matrix> matrix(std::size_t variable);
    /// Numbers, the rows of a character array, or the texts in cells.
    /// @throws InputError where these are no labels.
    MatrixLabels labels(std::size_t variable);

  private:
    struct Close {
        void operator()(mat_t* file) const { Mat_Close(file); }
    };
    struct Free {
        void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
    };
    using Variable = std::unique_ptr<matvar_t, Free>;

    void describe(const matvar_t& variable);
    /// Reads the values, after the bytes were checked.
    matvar_t& load(std::size_t variable);
    [[noreturn]] void fail(std::size_t variable, const std::string& text) const;
    [[nodiscard]] std::vector<std::string> cellTexts(std::size_t variable, const matvar_t& cells) const;
    [[nodiscard]] std::vector<std::string> rowTexts(std::size_t variable, const matvar_t& texts) const;

    SeekableFile file_;
    std::uint64_t memoryLimit_;
    std::vector<MatElement> elements_; ///< version 5
    std::unique_ptr<mat_t, Close> mat_;
    std::vector<Variable> variables_;
    std::vector<Member> members_;
    std::vector<std::string> kinds_; ///< of those that are no numbers and no texts
};

} // namespace zipml
