#include "app/cli/command.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/json_file.h"
#include "core/lab/prepare.h"
#include "core/loss/class_probabilities.h"
#include "core/model/export/rounded_model.h"
#include "core/model/import/read_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct PredictFlags {
    std::string model, file;
    bool asJson = false, rounded = false;
    std::unique_ptr<SpecFlags> flags;
};

std::string lossName(LossKind loss) {
    if (isQuadratic(loss))
        return "mean_squared_error";
    std::string name = std::string(nameOf(loss)) + "_loss";
    std::ranges::replace(name, '-', '_');
    return name;
}

/// As the file has it: a number, or that of a class with a name.
double labelOf(const Dataset& data, std::size_t row) {
    return (data.exactLabels.empty() ? double{data.labels[row]} : data.exactLabels[row]) + data.labelOffset();
}

/// The mean loss as trained (labels -1, +1; mean over the models too where there is one a class) and the
/// share of right classes.
json classMetrics(const LinearModel& model, const Loss& loss, const std::vector<double>& values,
                  const std::vector<double>& predicted, const Dataset& data) {
    const std::size_t models = std::max<std::size_t>(1, model.perClass.size());
    double sum = 0;
    std::size_t correct = 0;
    for (std::size_t r = 0; r < data.rows; ++r) {
        const double label = labelOf(data, r);
        if (std::ranges::find(model.classLabels, label) == model.classLabels.end())
            throw InputError(data.name + ": the label " + json(label).dump() +
                             " is none of the model's classes");
        for (std::size_t m = 0; m < models; ++m) {
            const bool positive = label == model.classLabels[models > 1 ? m : 1];
            sum += loss.value(values[r * models + m], positive ? 1.0 : -1.0);
        }
        correct += predicted[r] == label ? 1U : 0U;
    }
    const auto rows = static_cast<double>(data.rows);
    return {{lossName(loss.kind), sum / (rows * static_cast<double>(models))},
            {"accuracy", static_cast<double>(correct) / rows}};
}

/// Mean squared error, its root in the label's unit, and the share of the labels' variance that is explained;
/// the last is left out where all labels are equal.
json regressionMetrics(const std::vector<double>& values, const Dataset& data) {
    const auto rows = static_cast<double>(data.rows);
    double mean = 0;
    for (std::size_t r = 0; r < data.rows; ++r)
        mean += labelOf(data, r) / rows;
    double squares = 0;
    double spread = 0;
    for (std::size_t r = 0; r < data.rows; ++r) {
        const double label = labelOf(data, r);
        squares += (values[r] - label) * (values[r] - label);
        spread += (label - mean) * (label - mean);
    }
    json metrics = {{"mean_squared_error", squares / rows},
                    {"root_mean_squared_error", std::sqrt(squares / rows)}};
    if (spread > 0)
        metrics["r2"] = 1 - squares / spread;
    return metrics;
}

/// A list for each row.
json byRow(const std::vector<double>& values, std::ptrdiff_t each) {
    json rows = json::array();
    for (auto row = values.begin(); row != values.end(); row += each)
        rows.push_back(std::vector<double>(row, row + each));
    return rows;
}

/// Classes by their names, where they have any.
std::vector<json> shown(const LinearModel& model, const std::vector<double>& predicted) {
    std::vector<json> labels;
    labels.reserve(predicted.size());
    for (const double label : predicted)
        labels.push_back(model.classNames.empty()
                             ? json(label)
                             : model.labelJson(static_cast<std::size_t>(
                                   std::ranges::find(model.classLabels, label) - model.classLabels.begin())));
    return labels;
}

json metricsOf(const LinearModel& model, const RunSpec& spec, const std::vector<double>& values,
               const LoadedData& loaded) {
    if (!loaded.hasLabels || loaded.data.rows == 0)
        return json::object();
    return model.task == Task::Classification
               ? classMetrics(model, lossOf(spec), values, labelsOf(model, values), loaded.data)
               : regressionMetrics(values, loaded.data);
}

/// What rounding the trained weights costs: each placement of levels at each width.
json roundedJson(const LinearModel& model, const RunSpec& spec, const std::vector<double>& values,
                 const LoadedData& loaded) {
    constexpr int kMostBits = 8;
    const auto labels = labelsOf(model, values);
    json rows = json::array();
    for (const Named<GridKind>& grid : namesOf<GridKind>()) {
        if (grid.value == GridKind::Given || grid.value == GridKind::Candidates) // of data, not of weights
            continue;
        for (int bits = 1; bits <= kMostBits; ++bits) {
            const LinearModel rounded = roundedModel(model, bits, {grid.value});
            const auto scores = predict(rounded, loaded.data);
            const auto changed = labelsOf(rounded, scores);
            double squares = 0, moved = 0;
            std::size_t others = 0;
            for (std::size_t i = 0; i < scores.size(); ++i) {
                squares += values[i] * values[i];
                moved += (scores[i] - values[i]) * (scores[i] - values[i]);
            }
            for (std::size_t r = 0; r < labels.size(); ++r)
                others += labels[r] != changed[r] ? 1U : 0U;
            json row = {{"grid", grid.name},
                        {"bits", bits},
                        {"score_change", squares > 0 ? json(std::sqrt(moved / squares)) : json()},
                        {"metrics", metricsOf(rounded, spec, scores, loaded)}};
            if (model.task == Task::Classification && !labels.empty())
                row["labels_changed"] = static_cast<double>(others) / static_cast<double>(labels.size());
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

void printRounded(const json& metrics, const json& rows) {
    std::printf("%-12s %5s %14s %14s", "levels", "bits", "score change", "labels change");
    for (const auto& [name, value] : metrics.items())
        std::printf(" %24s", name.c_str());
    std::printf("\n");
    const auto line = [](const std::string& grid, const std::string& bits, const json& change,
                         const json& labels, const json& values) {
        const auto share = [](const json& number) {
            char text[32] = "-";
            if (number.is_number())
                std::snprintf(text, sizeof text, "%.4g%%", 100 * number.get<double>());
            return std::string(text);
        };
        std::printf("%-12s %5s %14s %14s", grid.c_str(), bits.c_str(), share(change).c_str(),
                    share(labels).c_str());
        for (const auto& [name, value] : values.items())
            std::printf(" %24.6g", value.get<double>());
        std::printf("\n");
    };
    line("as trained", "-", {}, {}, metrics);
    for (const json& row : rows)
        line(row["grid"].get<std::string>(), row["bits"].dump(), row["score_change"],
             row.value("labels_changed", json()), row["metrics"]);
}

int run(const PredictFlags& options) {
    const LinearModel model = readAnyModel(options.model);
    RunSpec base;
    if (model.spec.is_object()) // the columns are laid out as in training, unless a flag says otherwise
        base = readIn(options.model + ": spec", [&] { return specFromJson(model.spec); });
    base.data.source = options.file;
    const RunSpec spec = options.flags->over(base);
    ProgressBar bar;
    Schema byPlace; // of a model of generated data, or of version 0.1: no more is known than a width
    byPlace.sparse = true;
    byPlace.width = static_cast<std::size_t>(model.parameters.weights.size());
    LoadContext context;
    context.training = model.schema == nullptr ? &byPlace : model.schema.get();
    const Job job{{}, [&bar](double share, std::string_view what) { bar.show(share, what); }};
    const LoadedData loaded = loadData(options.file, spec.data.load, context, job);
    const auto values = predict(model, loaded.data);
    const auto predicted = labelsOf(model, values);
    const auto classCount = static_cast<std::ptrdiff_t>(model.perClass.size());
    const bool classes = model.task == Task::Classification;
    const json metrics = metricsOf(model, spec, values, loaded);
    const json rounded = options.rounded ? roundedJson(model, spec, values, loaded) : json();
    if (options.asJson) {
        json result = {{"predictions", shown(model, predicted)},
                       {"metrics", metrics},
                       {"rows", loaded.data.rows},
                       {"notes", loaded.notes}};
        if (classes) {
            for (std::size_t c = 0; c < model.classLabels.size(); ++c)
                result["classes"].push_back(model.labelJson(c));
            result["scores"] = model.perClass.empty() ? json(values) : byRow(values, classCount);
            if (const auto probabilities = probabilitiesOf(model, values); !probabilities.empty())
                result["probabilities"] =
                    byRow(probabilities, static_cast<std::ptrdiff_t>(model.classLabels.size()));
        }
        if (options.rounded)
            result["rounded"] = rounded;
        printJson(result);
        return 0;
    }
    for (const std::string& note : loaded.notes)
        std::fprintf(stderr, "note: %s\n", note.c_str());
    if (options.rounded) {
        printRounded(metrics, rounded);
        return 0;
    }
    for (const json& label : shown(model, predicted))
        label.is_string() ? std::printf("%s\n", label.get<std::string>().c_str())
                          : std::printf("%.9g\n", label.get<double>());
    for (const auto& [name, value] : metrics.items())
        std::fprintf(stderr, "%s: %.6g\n", name.c_str(), value.get<double>());
    return 0;
}

} // namespace

void addPredict(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("predict", "Predict with a model of this lab or of LIBLINEAR");
    auto options = std::make_shared<PredictFlags>();
    command->addOption("MODEL", options->model, "Model that zipml train --model or liblinear-train wrote")
        ->required();
    command
        ->addOption("FILE", options->file,
                    "Data file with the training file's columns; the label may be absent")
        ->required();
    command->addFlag("--rounded", options->rounded,
                     "Instead of predictions: what rounding the weights to 1 to 8 bits costs, for each "
                     "placement of levels");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    options->flags = std::make_unique<SpecFlags>(*command, loadKeys());
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
