#pragma once
/// `zipml reproduce`: the experiments one after the other, and what came of them.

#include "core/reproduce/experiment.h"

#include <span>

namespace zipml {

using Experiments = std::vector<std::unique_ptr<Experiment>>;
/// One more for allExperiments: of a part of the program that core does not know. Call at a program's start.
void addExperiment(std::unique_ptr<Experiment> (*make)());
/// Core's and those added, in the order of the report. Presets are named by their files, without the number
/// in front.
Experiments allExperiments();
/// @param name of one of them, or "all". @throws InputError naming those that there are
std::vector<const Experiment*> chosenExperiments(const Experiments& all, const std::string& name);

struct ExperimentReport {
    std::string name, title, published, method;
    Outcome outcome;
    std::string failure; ///< why it could not be run to its end, or empty
    double seconds = 0;  ///< that this call took
};

/// Where the measurements come from.
struct MachineInfo {
    std::string program, processor, kernels, compiler, system, date;
    int cores = 1;
    double memoryGigabytes = 0;
    double load = 0; ///< load average of the last minute, at the start
};

struct ReproduceResult {
    ReproduceOptions options;
    MachineInfo machine;
    std::vector<ExperimentReport> experiments;
    bool stopped = false; ///< before all ran; a later call with the same folder goes on
    double seconds = 0;
};

struct ReproduceObserver {
    /// @param secondsLeft as estimated
    std::function<void(double share, std::string_view what, double secondsLeft)> onProgress;
    std::function<void(const ExperimentReport& report)> onExperiment;
};

/// An experiment that fails says so in its report and does not end the others. After a stop the rest tell
/// what earlier calls have recorded, and run nothing.
/// @throws InputError where the folder holds records of other settings (quick, seed): they would be lost
ReproduceResult reproduce(std::span<const Experiment* const> experiments, const ReproduceOptions& options,
                          RunControl& control, const ReproduceObserver& observer);

/// Puts in, in order, those of `all` that earlier calls have records of in the folder: a report is about all
/// of it. Runs nothing.
void addRecorded(ReproduceResult& result, const Experiments& all);

/// What a report consists of in its folder, beside its figures; and what says of which settings its records
/// are.
std::vector<std::filesystem::path> reportFiles(const std::filesystem::path& folder);

/// `claims[]` (experiment, name, paper, measured, holds, note), `experiments[]`, `machine`, `complete`.
nlohmann::json toJson(const ReproduceResult& result);

} // namespace zipml
