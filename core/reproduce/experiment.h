#pragma once
/// An experiment of `zipml reproduce`: what was published, how it is repeated, what came out. Most are
/// presets (sweep_experiment.h); those that are no runs of a RunSpec implement the interface themselves.

#include "core/base/run_control.h"
#include "core/reproduce/outcome.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

namespace zipml {

struct ReproduceOptions {
    std::filesystem::path data; ///< folder of the data sets
    std::filesystem::path out;  ///< existing folder for records and reports
    bool quick = false;
    std::uint64_t seed = 1; ///< the first one where an experiment takes several
    int jobs = 2;           ///< runs at a time
};

/// Below ReproduceOptions::out; a folder for each experiment.
inline constexpr const char* kRecordsFolder = "records";

/// What an experiment works with. Records go below `out`/records, where a later call finds them.
class Workplace {
  public:
    using Progress = std::function<void(double share, std::string_view what)>;
    Workplace(const ReproduceOptions& options, RunControl& control, Progress onProgress)
        : options_(options), control_(control), onProgress_(std::move(onProgress)) {}

    [[nodiscard]] const ReproduceOptions& options() const { return options_; }
    [[nodiscard]] RunControl& control() { return control_; }
    /// Of the experiment that runs, 0 to 1.
    void report(double share, std::string_view what) const {
        if (onProgress_)
            onProgress_(share, what);
    }
    /// Folder of an experiment's records, made where it is missing.
    [[nodiscard]] std::filesystem::path recordFolder(const std::string& experiment) const;
    /// The rows that `measure` returns (a JSON array of objects with equal keys), kept as
    /// EXPERIMENT/NAME.json and NAME.csv: the same inputs and version are not measured again; where they were
    /// others a note says so.
    /// @throws Cancelled when stopped before
    [[nodiscard]] nlohmann::json measured(const std::string& experiment, const std::string& name,
                                          const nlohmann::json& inputs,
                                          const std::function<nlohmann::json()>& measure);
    /// What `measured` had to say, a sentence each.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  private:
    const ReproduceOptions& options_;
    RunControl& control_;
    Progress onProgress_;
    std::vector<std::string> notes_;
};

class Experiment {
  public:
    virtual ~Experiment() = default;
    [[nodiscard]] virtual std::string name() const = 0; ///< as on the command line
    [[nodiscard]] virtual std::string title() const = 0;
    [[nodiscard]] virtual std::string published() const = 0; ///< with how far to trust it
    [[nodiscard]] virtual std::string method() const = 0;    ///< how it is repeated here
    /// Of the data sets that it runs on (data_sets.h).
    [[nodiscard]] virtual std::vector<std::string> dataNames(bool /*quick*/) const { return {}; }
    /// Seconds it is expected to take on two cores.
    [[nodiscard]] virtual double expectedSeconds(bool quick) const = 0;
    /// Stopped: what is complete, with Outcome::complete false. @throws InputError, RunError
    virtual Outcome run(Workplace& place) const = 0;
};

} // namespace zipml
