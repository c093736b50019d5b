#include "ui/quantizer/value_choice.h"

#include "core/loss/evaluate.h"
#include "ui/widgets/panel_section.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr std::uint64_t kSeed = 1; // of generated values: the same pictures for everybody

QString tr(const char* text) {
    return QCoreApplication::translate("zipml::ui::ValueChoice", text);
}

QString counted(std::size_t count) {
    return QLocale(QLocale::English).toString(static_cast<qulonglong>(count));
}

std::vector<float> generated(const ValueChoice& choice, ChosenValues& result, ThreadTeam& team,
                             const Job& job) {
    result.title = tr("%1, %2 values").arg(toQt(entryOf(choice.distribution).title), counted(choice.count));
    result.unit = tr("Value");
    return drawValues(choice.distribution, choice.count, kSeed, team, job);
}

std::vector<float> ofTrainingData(const ValueChoice& choice, PreparedDataCache& cache, ChosenValues& result,
                                  ThreadTeam& team, const Job& job) {
    const auto prepared = cache.get(choice.spec, partOf(job, 0, 0.8));
    const Dataset& data = prepared->train;
    for (std::size_t f = 0; f < data.features; ++f)
        result.featureNames << QString::fromStdString(featureName(data, f));
    std::optional<std::size_t> feature = choice.feature;
    if (feature && *feature >= data.features)
        feature = 0; // chosen in data that had more
    job.report(0.8, "sorting");
    auto values = valuesOf(data, feature, kMostValues, team, job);
    const QString name = QString::fromStdString(data.name);
    result.title = feature ? tr("%1 of %2, %3 values")
                                 .arg(result.featureNames[static_cast<qsizetype>(*feature)], name,
                                      counted(values.size()))
                           : tr("All %1 features of %2, %3 values")
                                 .arg(counted(data.features), name, counted(values.size()));
    if (const std::size_t all = data.rows * (feature ? 1 : data.features); values.size() < all)
        result.title += tr(" (of %1: rows equally far apart)").arg(counted(all));
    const bool scaled = choice.spec.data.scaling != ScalingKind::None;
    result.unit = feature ? result.featureNames[static_cast<qsizetype>(*feature)] : tr("Value of a feature");
    if (scaled)
        result.unit += tr(" (scaled)");
    return values;
}

std::vector<float> ofModel(const ValueChoice& choice, PreparedDataCache& cache, ChosenValues& result,
                           ThreadTeam& team, const Job& job) {
    LinearParameters vector = choice.model;
    if (choice.kind == ValueKind::Gradient) {
        const auto prepared = cache.get(choice.spec, partOf(job, 0, 0.9));
        job.report(0.9, "gradient");
        vector = meanGradient(prepared->train, {choice.spec.loss, choice.spec.classWeights}, choice.model,
                              team, job);
    }
    const auto count = static_cast<std::size_t>(vector.weights.size());
    result.title = choice.kind == ValueKind::Model
                       ? tr("Model of %1, %2 weights").arg(choice.run, counted(count))
                       : tr("Gradient at the model of %1, %2 values").arg(choice.run, counted(count));
    result.unit =
        choice.kind == ValueKind::Model ? tr("Weight (scaled features)") : tr("Gradient (scaled features)");
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(vector.weights[static_cast<Eigen::Index>(i)]);
    return values;
}

} // namespace

ChosenValues fetchValues(const ValueChoice& choice, PreparedDataCache& cache, ThreadTeam& team,
                         const Job& job) {
    ChosenValues result;
    std::vector<float> values = choice.kind == ValueKind::Generated ? generated(choice, result, team, job)
                                : choice.kind == ValueKind::TrainingData
                                    ? ofTrainingData(choice, cache, result, team, job)
                                    : ofModel(choice, cache, result, team, job);
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
        throw InputError(result.title.toStdString() +
                         ": has values that are no finite numbers; choose a run that did not diverge");
    result.values = std::make_shared<const SortedValues>(std::move(values), team, job);
    result.yardstick = std::make_shared<const UniformYardstick>(*result.values);
    return result;
}

} // namespace zipml::ui
