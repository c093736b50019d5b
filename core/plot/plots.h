#pragma once
/// Plots, pictures and reports as files, drawn by the window's own code without a display. Qt comes with the
/// part of the program that draws (core/base/part.h), so that the command line starts without it.

#include "core/advise/proof.h"
#include "core/lab/run_record.h"
#include "core/reproduce/reproduce.h"
#include "core/tomography/image.h"

#include <filesystem>
#include <string>
#include <vector>

namespace zipml {

/// A run beside others, by a name that tells it from them.
struct ComparedRun {
    std::string name;
    RunRecord record;
};

/// What the part offers. Each is called without a QApplication, which it makes for itself.
struct PlotPart {
    void (*drawRuns)(const std::vector<RunRecord>& records, const std::filesystem::path& file);
    std::string (*png)(const Image& image, ValueRange range);
    void (*writeReport)(const ReproduceResult& result);
    void (*writeAdvice)(const Advice& advice, double tolerance, const Proof* proof,
                        const std::filesystem::path& file);
    void (*writeComparison)(const std::vector<ComparedRun>& runs, const std::filesystem::path& file);
};
/// What the part's library exports, a PlotPart.
inline constexpr const char* kPlotPart = "zipmlPlotPart";

/// Call before long work whose plots would be lost without the part. @throws RunError that says what this
/// build or this machine is without, and the remedy
void checkPlots();

/// Loss above, bias below, by the name's ending as .svg, .png or .pdf.
/// @throws InputError for another ending; RunError where it cannot be written, or checkPlots would throw
void drawRuns(const std::vector<RunRecord>& records, const std::filesystem::path& file);
/// The same of runs with names of their own.
void drawRuns(const std::vector<ComparedRun>& runs, const std::filesystem::path& file);
/// The window's report of a comparison: plots, results, settings; by the name's ending as .html
/// (self-contained) or .pdf. @throws InputError for another ending; RunError as drawRuns
void writeComparison(const std::vector<ComparedRun>& runs, const std::filesystem::path& file);
/// The bytes of a PNG file: `range.low` is black, `range.high` white. @throws RunError where checkPlots would
std::string toPng(const Image& image, ValueRange range);
/// report.html, report.md with figures/*.svg beside it, and claims.json in the result's folder.
/// @throws RunError as drawRuns
void writeReproduceReport(const ReproduceResult& result);
/// The advice as a page to pass on, by the name's ending as .html (self-contained) or .pdf. @param proof null:
/// it was not proved @throws InputError for another ending; RunError as drawRuns
void writeAdviceReport(const Advice& advice, double tolerance, const Proof* proof,
                       const std::filesystem::path& file);
/// @throws InputError unless the name of a report ends in .html or .pdf
void checkReportFile(const std::filesystem::path& file);

} // namespace zipml
