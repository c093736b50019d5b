#pragma once
/// What an experiment shows: plain data for reports.

#include <optional>
#include <string>
#include <vector>

namespace zipml {

/// Lines over a common axis.
struct Chart {
    struct Line {
        std::string name;
        std::vector<double> x, y; ///< equal lengths, ascending x
    };
    std::string title;
    std::string caption; ///< one line that says how to read it
    std::string xLabel, yLabel;
    bool logarithmic = true; ///< the y axis
    std::vector<Line> lines;
};

struct Table {
    std::string title;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows; ///< as long as the header each
};

/// A published statement against what was measured here.
struct Verdict {
    std::string name;          ///< for programs: "samples-only-6-bits"
    std::string paper;         ///< what was published, with how far to trust it: "... (read in the source)"
    std::string measured;      ///< in words and numbers
    std::optional<bool> holds; ///< empty: what was measured does not decide it
    std::string note;          ///< what explains a miss, or limits a hit
};

struct Outcome {
    std::vector<Chart> charts;
    std::vector<Table> tables;
    std::vector<Verdict> claims;
    std::vector<std::string> notes;   ///< settings and limits
    std::vector<std::string> skipped; ///< data sets and devices that are not here, and where to get them
    bool complete = true;             ///< false: stopped before all was measured
};

} // namespace zipml
