#pragma once
/// What goes with what: every rule that a combination of settings can break, with the reason in words and a
/// repair. Command line, window, runs, stores, sweeps and devices all ask here.

#include "core/lab/run_spec.h"
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

class Grid;
struct Dataset;
struct StoreHeader;

/// A run as far as it is known. A rule about what is not known yet is not broken.
struct Situation {
    const RunSpec& spec;
    bool packs = false;                 ///< a store is made, no model trained
    const StoreHeader* store = nullptr; ///< of the .zq file that is trained on
    const RunSpec* storeSpec = nullptr; ///< what the store was made with
    const Dataset* train = nullptr;     ///< as scaled
    std::optional<Task> task{};         ///< as found
    std::string dataName{};             ///< for the message about its task or classes
    std::size_t classes = 0;            ///< 0: not known
    std::span<const Grid> grids{};      ///< of the samples; empty: not placed yet
};

/// A broken rule.
struct Conflict {
    std::string_view key; ///< the setting that does not go, as in JSON
    std::string reason;
    std::string remedy; ///< what would be right: "use store packed"
    /// Does what the remedy says first; empty where that is not in the settings' power.
    std::function<void(RunSpec&)> repair;
    /// It follows from the choice of the estimator alone (withEstimator repairs it).
    bool ofEstimator = false;

    [[nodiscard]] std::string message() const;
};

/// One row of a table of rules.
struct Rule {
    std::string_view key;
    /// The reason; empty where the rule holds or does not apply.
    std::string (*broken)(const Situation& at);
    std::string_view remedy{};                              ///< Conflict::remedy
    std::string (*remedyAt)(const Situation& at) = nullptr; ///< instead, where it depends on the situation
    void (*repair)(RunSpec& spec, const Situation& at) = nullptr;
    bool ofEstimator = false;
};

/// What a table's rules say; the repairs refer to the situation.
void addConflicts(std::span<const Rule> rules, const Situation& at, std::vector<Conflict>& conflicts);

/// The rules that are broken whatever the device.
std::vector<Conflict> settingsConflicts(const Situation& at);
/// The same, and those of the device.
std::vector<Conflict> conflictsOf(const Situation& at);
/// A rule that a run breaks, with the spec as its repair would have it; equal to the run's where there is
/// none.
class ConflictError : public InputError {
  public:
    ConflictError(const std::string& message, RunSpec repaired)
        : InputError(message), repaired_(std::move(repaired)) {}
    [[nodiscard]] const RunSpec& repaired() const { return repaired_; }

  private:
    RunSpec repaired_;
};
/// @throws ConflictError with the first one's message, the device's rules aside.
void requireSettings(const Situation& at);
/// The same with the device's rules. @throws also InputError or RunError where the device is not there
void requireNoConflict(const Situation& at);
/// Repairs one broken rule after the other until none is left, or none that a setting can repair.
RunSpec repaired(RunSpec spec);
/// The same where some settings are wanted as they are: what they do not go with becomes the usual.
RunSpec makingRoom(RunSpec spec, std::span<const std::string_view> wanted);

/// Why a run does not read a setting, for people; empty where it does. Runs that differ in such settings
/// alone are the same.
std::string whyUnused(const RunSpec& spec, std::string_view key);
/// All settings but those that change no result: equal identities, equal results.
nlohmann::json identityOf(const RunSpec& spec);
/// What a setting's value would break beside the others as they are; empty where it goes.
std::optional<Conflict> whyNotChoose(const RunSpec& spec, std::string_view key, const nlohmann::json& value);

} // namespace zipml
