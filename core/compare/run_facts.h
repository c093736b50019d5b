#pragma once
/// The facts of a run are what it is found, sorted, grouped and told apart by: its settings and what it came
/// to.

#include "core/lab/run_record.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// One setting of a run, as a table shows it.
struct SettingValue {
    std::string text;             ///< "uniform", "0.001", "yes"
    std::optional<double> number; ///< where it is one
    bool used = true;             ///< the run reads it (whyUnused)
    bool operator==(const SettingValue&) const = default;
};

/// In the order of specKeys().
std::vector<SettingValue> settingsOf(const RunSpec& spec);
/// A run's settings, and what it would be called alone: computed when they are asked for, and again when they
/// have changed. Copies share what is known.
class KnownSettings {
  public:
    [[nodiscard]] const std::vector<SettingValue>& valuesOf(const RunSpec& spec) const {
        return known(spec).values;
    }
    [[nodiscard]] const std::string& nameOf(const RunSpec& spec) const { return known(spec).name; }

  private:
    struct Known {
        RunSpec spec;
        std::vector<SettingValue> values;
        std::string name; ///< displayName
    };
    const Known& known(const RunSpec& spec) const;

    mutable std::shared_ptr<const Known> known_;
};

/// The place of a key among specKeys(); there must be one.
std::size_t settingIndex(std::string_view key);
/// For people: "Model bits" of "model_bits".
std::string titleOfSetting(std::string_view key);

/// The numbers that a run came to.
enum class Result {
    Epoch,
    TrainLoss,
    Objective,
    TestLoss,
    Accuracy,
    Bias,
    Distance,
    Moved,
    Seconds,
    Measuring,
    Faster, ///< these two beside a run in full precision, where there is one
    Lighter
};
constexpr std::size_t kResults = 12;
template <>
std::span<const Named<Result>> namesOf<Result>();
using Results = std::array<std::optional<double>, kResults>;

/// At the state `last`. @param seconds of its last epoch @param measuring seconds since the start
Results resultsOf(const EpochRecord& last, std::optional<double> seconds, double measuring);

/// Since the start, apart from training. @param before the first epoch, if anything was measured then
double measuringSecondsOf(const std::optional<EpochRecord>& before, std::span<const EpochRecord> epochs);

/// What a run takes for an epoch: the median of the seconds, which other work on the machine moves least, and
/// the mean of the bytes.
struct EpochCost {
    double seconds, bytes;
};
/// Nothing before the first epoch.
std::optional<EpochCost> epochCostOf(std::span<const EpochRecord> epochs);
/// Whether `full` is full precision on a run's own data, loss, batch and processor, so that what the two take
/// for an epoch tells what the bits save.
bool isFullPrecisionOf(const RunSpec& full, const RunSpec& run);

struct RunFacts {
    std::string name;
    std::string state; ///< "done", "diverged"
    std::vector<SettingValue> settings;
    Results results;
    std::string tags;  ///< words with spaces between
    std::string notes; ///< a person's
    std::string date;  ///< "2026-11-30 14:05"; empty: of now
    std::string origin;

    [[nodiscard]] const std::optional<double>& operator[](Result result) const {
        return results[static_cast<std::size_t>(result)];
    }
};

/// Places among specKeys() of the settings in which these runs differ, as far as each of them reads them; the
/// name is none.
std::vector<std::size_t> differingSettings(std::span<const std::vector<SettingValue>* const> runs);

} // namespace zipml
