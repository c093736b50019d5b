#include "core/compare/run_facts.h"

#include "core/base/number_text.h"
#include "core/lab/rules.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

/// Titles that are no more than the key in other words are made of it.
constexpr std::pair<std::string_view, std::string_view> kSettingTitles[] = {
    {"split", "Train share"},      {"test", "Test file"},           {"header", "Header line"},
    {"order", "Row order"},        {"vector_scale", "Their scale"}, {"inner_passes", "Passes an anchor"},
    {"upright", "Upright images"},
};

SettingValue valueOf(const nlohmann::json& value) {
    if (value.is_string())
        return {value.get<std::string>(), parseFinite(value.get_ref<const std::string&>())};
    if (value.is_boolean())
        return {value.get<bool>() ? "yes" : "no", {}};
    if (value.is_number_integer()) // a seed may have more digits than a double
        return {value.dump(), value.get<double>()};
    if (value.is_number())
        return {shortest(value.get<double>()), value.get<double>()};
    return {value.dump(), {}};
}

} // namespace

template <>
std::span<const Named<Result>> namesOf<Result>() {
    static constexpr Named<Result> table[] = {
        {Result::Epoch, "epoch", "Epoch", "Epochs since the start"},
        {Result::TrainLoss, "train_loss", "Train loss", "Mean loss of the training rows"},
        {Result::Objective, "objective", "Objective", "What is minimised: training loss and regularizer"},
        {Result::TestLoss, "test_loss", "Test loss", "Mean loss of the test rows"},
        {Result::Accuracy, "accuracy", "Accuracy", "Share of right classes in percent"},
        {Result::Bias, "bias", "Bias", "Measured norm of the gradient's bias"},
        {Result::Distance, "distance", "Distance", "Distance to the exact optimum, as a share of its norm"},
        {Result::Moved, "mb", "MB moved", "Bytes moved since the start, in 10^6"},
        {Result::Seconds, "seconds", "s / epoch", "Training time of the last epoch"},
        {Result::Measuring, "measuring", "Measuring s", "Seconds since the start that measuring took"},
        {Result::Faster, "faster", "× faster", "Seconds an epoch of full precision, over this run's"},
        {Result::Lighter, "lighter", "× less data", "Bytes an epoch of full precision, over this run's"},
    };
    static_assert(std::size(table) == kResults);
    return table;
}

std::vector<SettingValue> settingsOf(const RunSpec& spec) {
    const nlohmann::json all = toJson(spec);
    std::vector<SettingValue> values;
    values.reserve(specKeys().size());
    for (const SpecKey& key : specKeys()) {
        values.push_back(valueOf(*all.find(key.name)));
        values.back().used = whyUnused(spec, key.name).empty();
    }
    if (SettingValue& bits = values[settingIndex("bits")]; !bits.used) // not rounded, which 32 says
        bits = {std::to_string(VectorQuantizer::kOff), VectorQuantizer::kOff};
    return values;
}

const KnownSettings::Known& KnownSettings::known(const RunSpec& spec) const {
    if (!known_ || known_->spec != spec)
        known_ = std::make_shared<const Known>(Known{spec, settingsOf(spec), displayName(spec)});
    return *known_;
}

std::size_t settingIndex(std::string_view key) {
    const auto keys = specKeys();
    const auto found = std::ranges::find(keys, key, &SpecKey::name);
    return static_cast<std::size_t>(found - keys.begin());
}

std::string titleOfSetting(std::string_view key) {
    for (const auto& [name, title] : kSettingTitles)
        if (name == key)
            return std::string(title);
    std::string title(key);
    std::ranges::replace(title, '_', ' ');
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    return title;
}

Results resultsOf(const EpochRecord& last, std::optional<double> seconds, double measuring) {
    const auto accuracy = last.testAccuracy ? last.testAccuracy : last.trainAccuracy;
    return {last.position(),
            last.trainLoss,
            last.minimised(),
            last.testLoss,
            accuracy ? std::optional(100 * *accuracy) : std::nullopt,
            last.biasNorm,
            last.distanceToOptimum,
            static_cast<double>(last.bytesMoved) / 1e6,
            seconds,
            measuring,
            {},
            {}};
}

std::optional<EpochCost> epochCostOf(std::span<const EpochRecord> epochs) {
    if (epochs.empty())
        return {};
    std::vector<double> seconds;
    for (const EpochRecord& epoch : epochs)
        seconds.push_back(epoch.seconds);
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::ranges::nth_element(seconds, middle);
    return EpochCost{*middle,
                     static_cast<double>(epochs.back().bytesMoved) / static_cast<double>(epochs.size())};
}

bool isFullPrecisionOf(const RunSpec& full, const RunSpec& run) {
    return full.estimator == EstimatorKind::Full && full.loss == run.loss &&
           full.sgd.batch == run.sgd.batch && full.threads == run.threads && full.device == run.device &&
           full.data == run.data;
}

double measuringSecondsOf(const std::optional<EpochRecord>& before, std::span<const EpochRecord> epochs) {
    double seconds = before ? before->measuringSeconds : 0;
    for (const EpochRecord& epoch : epochs)
        seconds += epoch.measuringSeconds;
    return seconds;
}

std::vector<std::size_t> differingSettings(std::span<const std::vector<SettingValue>* const> runs) {
    std::vector<std::size_t> differing;
    const std::size_t name = settingIndex("name");
    for (std::size_t key = 0; key < specKeys().size(); ++key) {
        const SettingValue* first = nullptr;
        const bool differs = key != name && std::ranges::any_of(runs, [&](const auto* run) {
                                 const SettingValue& value = (*run)[key];
                                 if (!value.used)
                                     return false;
                                 first = first == nullptr ? &value : first;
                                 return value.text != first->text;
                             });
        if (differs)
            differing.push_back(key);
    }
    return differing;
}

} // namespace zipml
