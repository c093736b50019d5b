#pragma once
/// Load options say how a person wants a data file to be read; "auto" is decided from the content and
/// reported.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zipml {

/// Lists of columns are names or numbers from 1, separated by commas; a name with a comma stands in double
/// quotes.
struct LoadOptions {
    std::string format = "auto";      ///< "auto" or a name from formatNames()
    std::string delimiter = "auto";   ///< tables: "auto", "comma", "tab", "semicolon", "space", "pipe"
    std::string decimal = "auto";     ///< tables: "auto", "point", "comma"
    std::string header = "auto";      ///< tables: "auto", "yes", "no"
    std::string encoding = "auto";    ///< of names and texts: "auto" (UTF-8, else Latin-1), "utf-8", "latin1"
    std::size_t skipLines = 0;        ///< lines at the top that are not data
    std::string labelColumn = "auto"; ///< "auto", "first", "last", "none", a number from 1, or a header name
    std::string features;             ///< list: the only columns to learn from; empty: all
    std::string ignore;               ///< list: columns not to use
    std::string weight;               ///< the column of the rows' weights; empty: none
    std::string categorical;          ///< list: columns of numbers that are categories
    std::size_t categories = 32;      ///< most categories of a feature column
    std::string times = "ignore";     ///< columns of dates and times: "ignore", "seconds"
    std::string missing = "refuse";   ///< "refuse", "drop", "mean", "median", "constant:X"
    std::string missingMarks;         ///< list: texts that stand for a missing value beside the usual ones
    std::string indexBase = "auto";   ///< libsvm: "auto", "0", "1"
    std::size_t width = 0;            ///< libsvm: features; 0: as many as the largest index says
    std::string labels;               ///< a file of labels, or a member of this one; empty: a column
    std::string matrix;               ///< the member, variable or data set of values; empty: the only one
    bool upright = false;             ///< idx: images are turned as EMNIST's need
    bool operator==(const LoadOptions&) const = default;
};

/// The names LoadOptions::format takes beside "auto".
std::vector<std::string> formatNames();

/// What becomes of missing values.
struct MissingPolicy {
    enum class Kind { Refuse, Drop, Mean, Median, Constant };
    Kind kind = Kind::Refuse;
    double constant = 0;
};
/// @throws InputError with the choices.
MissingPolicy missingPolicy(const std::string& text);

} // namespace zipml
