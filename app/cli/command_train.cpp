#include "accel/accel.h"
#include "app/cli/command.h"
#include "app/cli/history.h"
#include "app/cli/interrupt.h"
#include "app/cli/plot_file.h"
#include "app/cli/progress.h"
#include "app/cli/spec_flags.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/outputs.h"
#include "core/lab/run.h"
#include "core/plot/plots.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace zipml::cli {
namespace {

struct TrainFlags {
    std::string file, out, model, csv, plot, images;
    bool asJson = false, cpuFallback = false, noHistory = false;
    std::unique_ptr<SpecFlags> flags;
};

/// Prints a line an epoch and a progress bar.
class TrainNarrator final : public RunObserver {
  public:
    TrainNarrator(LossKind loss, bool quiet) : loss_(loss), quiet_(quiet) {}

    void onProgress(double share, std::string_view phase) override { bar_.show(share, phase); }

    void onPrepared(const RunSetup& setup, const EpochRecord& initial) override {
        if (quiet_)
            return;
        std::printf(
            "%s: %zu training rows, %zu test rows, %zu features; %.3g bits a value stored, step %.4g\n",
            setup.dataName.c_str(), setup.trainRows, setup.testRows, setup.features, setup.bitsPerValue,
            setup.step);
        std::printf("kernels: %s\n", setup.kernels.c_str());
        std::printf("arithmetic: %s (%s)\n", setup.arithmetic.c_str(), setup.arithmeticWhy.c_str());
        std::printf("loss: %s\n", std::string(reportedForm(loss_)).c_str());
        if (!setup.lossNote.empty())
            std::printf("training loss: %s\n", setup.lossNote.c_str());
        if (!setup.stepNote.empty())
            std::printf("step: %s\n", setup.stepNote.c_str());
        printFound(setup);
        for (const std::string& note : setup.notes)
            std::printf("note: %s\n", note.c_str());
        for (const std::string& warning : setup.warnings)
            std::printf("warning: %s\n", warning.c_str());
        shownNotes_ = setup.notes.size();
        std::printf("%6s %14s", "epoch", "train loss");
        if (initial.trainLossStandardError)
            std::printf(" %12s", "std. error");
        std::printf(" %14s %14s %12s %12s %12s %10s", "objective", "test loss", "bias norm", "noise",
                    "MB moved", "seconds");
        if (initial.trainAccuracy)
            std::printf(" %12s", initial.testAccuracy ? "test accur." : "accuracy");
        if (initial.outsideShare)
            std::printf(" %12s", "outside");
        std::printf("\n");
        printEpoch(initial);
    }

    void onEpoch(const EpochRecord& epoch) override {
        if (!quiet_)
            printEpoch(epoch);
    }

    /// What the run's end has to say; the exact optimum, too, which is found at any time.
    void finish(const RunRecord& record) const {
        const RunSetup& setup = record.setup;
        if (!quiet_ && setup.optimumLoss)
            std::printf("exact optimum: training loss %.6g, objective %.6g, exact to %.0e of it\n",
                        *setup.optimumLoss, *setup.minimum(),
                        std::max(setup.optimumCertificate.value_or(0), 1e-16));
        else if (!quiet_ && !setup.optimumNote.empty())
            std::printf("exact optimum: not known: %s\n", setup.optimumNote.c_str());
        for (std::size_t i = shownNotes_; !quiet_ && i < record.setup.notes.size(); ++i)
            std::printf("note: %s\n", record.setup.notes[i].c_str());
    }

  private:
    /// What was found in the file in the place of "auto".
    static void printFound(const RunSetup& setup) {
        const LoadOptions& load = setup.load;
        if (load.format == "auto") // generated
            return;
        std::printf("read as %s", load.format.c_str());
        if (load.delimiter != "auto")
            std::printf(", delimiter %s, header %s", load.delimiter.c_str(), load.header.c_str());
        if (load.format == "libsvm")
            std::printf(", indices from %s", load.indexBase.c_str());
        if (load.labelColumn != "auto")
            std::printf(", label column %s (%s)", load.labelColumn.c_str(), setup.labelWhy.c_str());
        std::printf("\n");
        for (std::size_t c = 0; c < setup.classNames.size(); ++c)
            std::printf("%s%s%s", c == 0 ? "classes: " : ", ", setup.classNames[c].c_str(),
                        c + 1 == setup.classNames.size() ? "\n" : "");
    }

    static void printEpoch(const EpochRecord& epoch) {
        const auto shown = [](const std::optional<double>& value) {
            char text[32] = "-";
            if (value)
                std::snprintf(text, sizeof text, "%.6g", *value);
            return std::string(text);
        };
        std::printf("%6d %14.6g", epoch.epoch, epoch.trainLoss);
        if (epoch.trainLossStandardError)
            std::printf(" %12.3g", *epoch.trainLossStandardError);
        std::printf(" %14.6g %14s %12s %12s %12.3f %10.4f", epoch.minimised(), shown(epoch.testLoss).c_str(),
                    shown(epoch.biasNorm).c_str(), shown(epoch.biasStandardError).c_str(),
                    static_cast<double>(epoch.bytesMoved) / 1e6, epoch.seconds);
        if (epoch.trainAccuracy)
            std::printf(" %11.3f%%", 100 * epoch.testAccuracy.value_or(*epoch.trainAccuracy));
        if (epoch.outsideShare)
            std::printf(" %11.3f%%", 100 * *epoch.outsideShare);
        if (epoch.refetchRate)
            std::printf("  %.3f%% refetched", 100 * *epoch.refetchRate);
        std::printf("\n");
        std::fflush(stdout);
    }

    LossKind loss_;
    bool quiet_;
    std::size_t shownNotes_ = 0;
    ProgressBar bar_;
};

Outputs outputsOf(const TrainFlags& options, const RunSpec& spec) {
    Outputs outputs;
    outputs.reads(filesRead(options.file, spec));
    outputs.add("--out", options.out);
    outputs.add("--model", options.model);
    outputs.add("--csv", options.csv);
    outputs.add("--plot", options.plot);
    outputs.check();
    return outputs;
}

void saveAll(const TrainFlags& options, const RunRecord& record, Outputs& outputs) {
    outputs.write(options.out, [&] { writeFileAtomically(options.out, jsonText(toJson(record), 2) + "\n"); });
    outputs.write(options.model, [&] { writeModel(record.model, options.model); });
    outputs.write(options.csv, [&] { writeFileAtomically(options.csv, toCsv(record)); });
    outputs.write(options.plot, [&] { drawRuns({record}, options.plot); });
}

int run(const TrainFlags& options) {
    const RunSpec spec = options.flags->over(specFromFile(options.file));
    options.flags->noteUnread(spec);
    Outputs outputs = outputsOf(options, spec);
    if (!options.plot.empty())
        checkPlotFile(options.plot);
    if (!options.images.empty())
        setFpgaImageFolder(options.images);
    RunControl control;
    const StopsOnInterrupt stops(control);
    RunRecord record;
    {
        TrainNarrator narrator(spec.loss, options.asJson);
        record = runExperiment(spec, narrator, control);
        if (record.status == RunStatus::DeviceLost && options.cpuFallback) {
            std::cerr << "zipml: " << record.message << "\nzipml: going on on the cpu\n";
            record = runExperiment(onCpu(record), narrator, control, nullptr, &record);
        }
        narrator.finish(record);
    }
    StopsOnInterrupt::workEnded();
    saveAll(options, record, outputs);
    if (!options.noHistory)
        keepInHistory(record, "train");
    if (options.asJson)
        printJson(toJson(record));
    else
        std::printf("%s\n", std::string(entryOf(record.status).title).c_str());
    if (record.status == RunStatus::Diverged || record.status == RunStatus::DeviceLost ||
        record.status == RunStatus::BelowOptimum)
        outputs.failed(record.message);
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addTrain(Command& app, Action& chosen) {
    auto* command =
        app.addSubcommand("train", "One run: train a model and record loss, bias and bytes moved");
    auto options = std::make_shared<TrainFlags>();
    command
        ->addOption("FILE", options->file,
                    "Data file, store (*.zq), synthetic:N (N features), or a spec (*.json)")
        ->required();
    command->addOption("--out", options->out, "Write the record (JSON)")->typeName("FILE");
    command->addOption("--model", options->model, "Write the model (JSON)")->typeName("FILE");
    command->addOption("--csv", options->csv, "Write one line an epoch (CSV)")->typeName("FILE");
    command->addFlag("--cpu-fallback", options->cpuFallback,
                     "When the device is lost, go on on the cpu from the last complete epoch");
    command
        ->addOption("--images", options->images,
                    "With --device fpga:I: folder of FPGA images [of ZIPML_FPGA_IMAGES]")
        ->typeName("DIR");
    command->addOption("--plot", options->plot, "Draw loss and bias (.svg, .png or .pdf)")->typeName("FILE");
    command->addFlag("--json", options->asJson, "Print the record as JSON and nothing else");
    addHistoryFlag(*command, options->noHistory);
    options->flags = std::make_unique<SpecFlags>(*command);
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
