#pragma once
/// A sweep: one run for each combination of some settings' values.

#include "core/lab/run.h"
#include "core/study/run_fingerprint.h"

#include <filesystem>
#include <functional>

namespace zipml {

/// Values that one setting takes, as texts.
struct Variation {
    std::string key;
    std::vector<std::string> values;
};

/// "bits=1,2,4"; values with commas of their own are separated by ';': "regularizer=none;elastic:0.1,0.2".
/// @throws InputError.
Variation parseVariation(const std::string& text);

/// All combinations over `base`, the last variation changing fastest. Runs that would compute the same, such
/// as full precision at several bits, occur once. @throws InputError when a combination is no valid spec.
std::vector<RunSpec> expandSweep(const RunSpec& base, const std::vector<Variation>& variations);

/// What zipml sweep wrote. @throws InputError where it is something else, or cannot be read
nlohmann::json readSweep(const std::filesystem::path& file);

/// Runs of a sweep, in order, and what is known of each.
class Sweep {
  public:
    explicit Sweep(std::vector<RunSpec> specs);

    /// Takes over the runs that an earlier sweep has written to `file`, where their settings are among these
    /// and they were not stopped. A run that is damaged is left out, to be run again.
    /// @return how many. @throws InputError when the file is no sweep, or such a run has another fingerprint
    /// (run_fingerprint.h): its data has changed, or the program. @throws Cancelled
    std::size_t resumeFrom(const std::filesystem::path& file, const Job& job = {});
    /// What resumeFrom has left out, and why: a line a run.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    /// Runs what is left, `jobs` at a time, or fewer where memory or the system do not suffice for so many. Runs
    /// that fail on bad input end the sweep with their error, as does a data file that changes meanwhile; those
    /// that diverge are results like others.
    /// @param onDone after each run, from one thread at a time; `done` counts all complete runs
    void run(int jobs, RunControl& control, const std::function<void(std::size_t done)>& onDone);

    [[nodiscard]] std::size_t size() const { return specs_.size(); }
    /// The complete runs, in the sweep's order: the records as JSON with `fingerprint`, `vary` (the settings that
    /// differ from run to run) and `reach`: for the tolerances 0.01 and 0.001 the epoch and the bytes moved from
    /// which on the objective stays within (1 + tolerance) times `reference_objective`; that is the final
    /// one of the sweep's full-precision run with otherwise equal settings, or else the exact optimum's, and
    /// `reference_loss` is that state's training loss.
    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] bool complete() const;
    /// The same as one line a run, data without folders.
    [[nodiscard]] std::string toCsv() const;

    /// What toJson made, to pass on: its data without folders. Sweep::resumeFrom needs them.
    [[nodiscard]] static nlohmann::json toPassOn(nlohmann::json sweep);

  private:
    std::vector<RunSpec> specs_;
    std::vector<nlohmann::json> results_; ///< null: not run yet
    RunFingerprints fingerprints_;
    std::vector<std::string> notes_;
};

} // namespace zipml
