#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/key_flags.h"
#include "app/cli/progress.h"
#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/base/output_file.h"
#include "core/base/outputs.h"
#include "core/deep/deep_run.h"
#include "core/deep/export_network.h"
#include "core/deep/trained_network.h"

#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

using namespace zipml::deep;

struct TrainOptions {
    std::string spec, out, model, csv;
    CheckpointPlan checkpoint;
    bool asJson = false;
    std::unique_ptr<KeyFlags> flags;
};

/// Prints a line an evaluation and a progress bar; keeps the record on disk.
class Narrator final : public DeepObserver {
  public:
    explicit Narrator(const TrainOptions& options) : options_(options) {}

    void onProgress(double share, std::string_view phase) override { bar_.show(share, phase); }

    void onPrepared(const DeepSetup& setup, std::span<const DeepEpoch> resumed) override {
        if (options_.asJson)
            return;
        std::printf(
            "%s of %d x %d x %d; %zu parameters, %.1f kB stored (%.1f kB as floats); %d iterations of "
            "%d images, learning rate %g, %d threads\n",
            setup.data.c_str(), setup.input.channels, setup.input.height, setup.input.width, setup.parameters,
            static_cast<double>(setup.storedBytes) / 1e3, static_cast<double>(setup.floatBytes) / 1e3,
            setup.solver.iterations, setup.solver.batch, setup.solver.learningRate, setup.threads);
        if (setup.resumedAt > 0)
            std::printf("going on from iteration %d of the checkpoint\n", setup.resumedAt);
        std::printf("%9s %7s %9s %10s %9s %10s %9s %8s %9s %9s\n", "iteration", "epoch", "rate", "train loss",
                    "accuracy", "test loss", "accuracy", "q. error", "images/s", "seconds");
        for (const auto& epoch : resumed)
            print(epoch);
    }

    void onEpoch(const DeepEpoch& epoch, const Evaluation&) override {
        if (!options_.asJson)
            print(epoch);
    }

    /// What cannot be written now is written with the next evaluation, or at the end.
    void onRecord(const DeepRecord& record) override {
        Outputs now;
        if (!outputTarget(options_.out).stream)
            saveRecord(record, now);
        if (!outputTarget(options_.csv).stream)
            saveTable(record, now);
    }

    void saveRecord(const DeepRecord& record, Outputs& outputs) const {
        outputs.write(options_.out,
                      [&] { writeFileAtomically(options_.out, jsonText(toJson(record), 2) + "\n"); });
    }
    void saveTable(const DeepRecord& record, Outputs& outputs) const {
        outputs.write(options_.csv, [&] { writeFileAtomically(options_.csv, toCsv(record)); });
    }

    void onNote(std::string_view note) override { std::cerr << "zipml: " << note << '\n'; }

  private:
    static void print(const DeepEpoch& epoch) {
        std::printf("%9d %7.2f %9.2g %10.5f %8.2f%% %10.5f %8.2f%% %8.4f %9.1f %9.1f\n", epoch.iteration,
                    epoch.epoch, epoch.learningRate, epoch.trainLoss, 100 * epoch.trainAccuracy,
                    epoch.testLoss, 100 * epoch.testAccuracy, epoch.quantizationError, epoch.imagesPerSecond,
                    epoch.seconds);
        std::fflush(stdout);
    }

    const TrainOptions& options_;
    ProgressBar bar_;
};

DeepSpec specFromOptions(const TrainOptions& options) {
    DeepSpec base;
    if (!options.spec.empty()) {
        const auto object = readJson(options.spec, "a spec or a record of zipml deep train was expected");
        const bool record = object.is_object() && object.contains("spec"); // which repeats its run
        base = readIn(options.spec, [&] { return deepSpecFromJson(record ? object["spec"] : object); });
    }
    return deepSpecFromJson(options.flags->given(), base);
}

int train(const TrainOptions& options) {
    const DeepSpec spec = specFromOptions(options);
    Outputs outputs;
    outputs.reads(options.spec);
    outputs.reads(imageFiles(spec.data));
    outputs.add("--out", options.out);
    outputs.add("--model", options.model);
    outputs.add("--csv", options.csv);
    outputs.addRegular("--checkpoint", options.checkpoint.file);
    outputs.check();
    RunControl control;
    const StopsOnInterrupt stops(control);
    DeepResult result;
    {
        Narrator narrator(options);
        result = runDeep(spec, narrator, control, options.checkpoint);
        StopsOnInterrupt::workEnded();
        narrator.saveRecord(result.record, outputs);
        narrator.saveTable(result.record, outputs);
    }
    outputs.write(options.model, [&] { writeCheckpoint({result.model, {}}, options.model); });
    const DeepRecord& record = result.record;
    if (options.asJson) {
        printJson(toJson(record));
    } else {
        std::printf("%s: %s\n", std::string(entryOf(record.status).title).c_str(), displayName(spec).c_str());
        if (record.final)
            std::printf(
                "all training images: loss %.5f, accuracy %.2f%%; all test images: loss %.5f, accuracy "
                "%.2f%% (%s)\n",
                record.final->train.loss, 100 * record.final->train.accuracy, record.final->test.loss,
                100 * record.final->test.accuracy, record.setup.data.c_str());
    }
    if (!record.message.empty())
        outputs.failed(record.message);
    outputs.requireSuccess();
    return 0;
}

void addDeepTrain(Command& deep, Action& chosen) {
    auto* command = deep.addSubcommand("train", "Train a network whose weights have few levels");
    auto options = std::make_shared<TrainOptions>();
    command->addOption("SPEC", options->spec, "Settings to start from: a spec or a record (*.json)");
    command->addOption("--out", options->out, "Write the record (JSON), anew after each evaluation")
        ->typeName("FILE");
    command->addOption("--csv", options->csv, "Write one line an evaluation (CSV)")->typeName("FILE");
    command->addOption("--model", options->model, "Write the network at the end")->typeName("FILE");
    command
        ->addOption("--checkpoint", options->checkpoint.file,
                    "Keep what training needs to go on in this file; where it exists, go on from it")
        ->typeName("FILE");
    command
        ->addOption("--checkpoint-every", options->checkpoint.every,
                    "Iterations between two checkpoints; 0: at each evaluation [0]")
        ->typeName("N")
        ->nonNegative();
    command->addFlag("--json", options->asJson, "Print the record as JSON and nothing else");
    options->flags = std::make_unique<KeyFlags>(*command, pointersTo(deepKeys()), toJson(DeepSpec{}),
                                                "Settings of a run (keys of a spec, with '_' for '-')");
    command->callback([&chosen, options] { chosen = [options] { return train(*options); }; });
}

struct EvaluateOptions {
    std::string model, data;
    std::uint32_t testImages = 0;
    int threads = 0;
    bool asJson = false;
};

int evaluate(const EvaluateOptions& options) {
    Model model = readCheckpoint(options.model).model;
    const std::string source = options.data.empty() ? model.spec.data : options.data;
    const ImageData data = loadImageData(source, model.spec.seed, 1, options.testImages);
    TrainedNetwork network(std::move(model), options.threads);
    const Evaluation result = network.evaluate(data.test);
    const auto& classes = network.model().classes;
    const auto confusion = confusionOf(data.test.labels, result.predicted, classes.size());
    if (options.asJson) {
        nlohmann::json rows = nlohmann::json::array();
        for (std::size_t label = 0; label < classes.size(); ++label)
            rows.push_back(
                std::vector(confusion.begin() + static_cast<std::ptrdiff_t>(label * classes.size()),
                            confusion.begin() + static_cast<std::ptrdiff_t>((label + 1) * classes.size())));
        printJson({{"images", data.test.size()},
                   {"data", source},
                   {"loss", result.loss},
                   {"accuracy", result.accuracy},
                   {"classes", classes},
                   {"confusion", rows},
                   {"predictions", result.predicted}});
        return 0;
    }
    std::printf("%zu test images of %s: loss %.5f, accuracy %.2f%%\n", data.test.size(), source.c_str(),
                result.loss, 100 * result.accuracy);
    for (std::size_t label = 0; label < classes.size(); ++label) {
        std::printf("%12s", classes[label].c_str());
        for (std::size_t found = 0; found < classes.size(); ++found)
            std::printf(" %6u", confusion[label * classes.size() + found]);
        std::printf("\n");
    }
    return 0;
}

void addDeepEvaluate(Command& deep, Action& chosen) {
    auto* command = deep.addSubcommand(
        "evaluate", "Loss, accuracy and confusion matrix of a trained network on test images");
    auto options = std::make_shared<EvaluateOptions>();
    command->addOption("MODEL", options->model, "What zipml deep train --model or --checkpoint wrote")
        ->required();
    command->addOption("--data", options->data, "Images [those that it was trained on]")
        ->typeName("DIR|shapes[:N]");
    command->addOption("--test-images", options->testImages, "The most images, the first ones; 0: all [0]")
        ->typeName("N");
    command->addOption("--threads", options->threads, "0: one a core [0]")->typeName("N")->range(0, 1024);
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return evaluate(*options); }; });
}

struct ExportOptions {
    std::string model, file, to = "onnx", weights = "integer";
    bool asJson = false;
};

int exportNetwork(const ExportOptions& options) {
    const auto format = parseName<WeightFormat>(options.weights, "--weights");
    const bool quant = options.to == "qonnx";
    if (!quant && options.to != "onnx")
        throw InputError("to: '" + options.to + "' is unknown; choose one of onnx, qonnx");
    if (quant && format != WeightFormat::Integer)
        throw InputError("weights: qonnx has one form of weights only; leave --weights out");
    Outputs outputs;
    outputs.reads(options.model);
    outputs.add("--out", options.file);
    outputs.check();
    const Model model = readCheckpoint(options.model).model;
    const std::string bytes = quant ? toQonnx(model) : toOnnx(model, format);
    writeFileAtomically(options.file, bytes);
    if (options.asJson)
        printJson({{"file", options.file}, {"bytes", bytes.size()}, {"format", options.to}});
    else
        std::printf("%s: %zu bytes, %s\n", options.file.c_str(), bytes.size(), quant ? "QONNX" : "ONNX");
    return 0;
}

void addDeepExport(Command& deep, Action& chosen) {
    auto* command = deep.addSubcommand("export", "Write a trained network as ONNX, from pixels to label");
    auto options = std::make_shared<ExportOptions>();
    command->addOption("MODEL", options->model, "What zipml deep train --model or --checkpoint wrote")
        ->required();
    command->addOption("-o,--out", options->file, "Write to this file")->typeName("FILE.onnx")->required();
    command
        ->addOption("--to", options->to,
                    "Format [onnx]\nonnx: " + std::string(onnxRunsIn()) +
                        "\nqonnx: " + std::string(qonnxRunsIn()))
        ->typeName("onnx|qonnx");
    command
        ->addOption("--weights", options->weights,
                    "Rounded weights as level numbers of a byte and levels, two numbers in a byte where a "
                    "layer has up to 16 levels, or as floats [integer]")
        ->typeName("integer|packed|float");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return exportNetwork(*options); }; });
}

} // namespace

void addDeep(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("deep", "Networks with low-precision weights: train, evaluate, export");
    command->requireSubcommand(1);
    addDeepTrain(*command, chosen);
    addDeepEvaluate(*command, chosen);
    addDeepExport(*command, chosen);
}

} // namespace zipml::cli
