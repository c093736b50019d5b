#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/outputs.h"
#include "core/document/welcome.h"
#include "core/lab/run.h"
#include "core/plot/plots.h"

#include <cstdio>
#include <filesystem>

namespace zipml::cli {
namespace {

class Watcher final : public RunObserver {
  public:
    explicit Watcher(std::string name) : name_(std::move(name)) {}
    void onProgress(double share, std::string_view /*phase*/) override { bar_.show(share, name_); }

  private:
    std::string name_;
    ProgressBar bar_;
};

constexpr const char* kPlots[] = {"comparison.svg", "comparison.png"};

std::filesystem::path recordOf(const RunSpec& spec, const std::filesystem::path& folder) {
    return folder / (std::string(nameOf(spec.estimator)) + ".json");
}

int run(const std::filesystem::path& folder) {
    checkPlots();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        throw InputError("--out: " + folder.string() + ": cannot be made: " + failed.message());
    Outputs outputs;
    for (const RunSpec& spec : welcomeComparison())
        outputs.add("--out", recordOf(spec, folder));
    for (const char* file : kPlots)
        outputs.add("--out", folder / file);
    outputs.check();
    RunControl control;
    const StopsOnInterrupt stops(control);
    PreparedDataCache cache;
    std::vector<RunRecord> records;
    std::printf("%-28s %14s %14s %12s %12s\n", "run", "train loss", "test loss", "bias norm", "MB moved");
    for (const auto& spec : welcomeComparison()) {
        Watcher watcher(displayName(spec));
        const RunRecord record = runExperiment(spec, watcher, control, &cache);
        const EpochRecord& last = record.epochs.empty() ? record.initial : record.epochs.back();
        std::printf("%-28s %14.6g %14.6g %12.4g %12.2f\n", displayName(spec).c_str(), last.trainLoss,
                    last.testLoss.value_or(0), last.biasNorm.value_or(0),
                    static_cast<double>(last.bytesMoved) / 1e6);
        const auto file = recordOf(spec, folder);
        outputs.write(file, [&] { writeFileAtomically(file, jsonText(toJson(record), 2) + "\n"); });
        records.push_back(record);
    }
    StopsOnInterrupt::workEnded();
    for (const char* file : kPlots)
        outputs.write(folder / file, [&] { drawRuns(records, folder / file); });
    outputs.requireSuccess();
    std::printf("plots: %s\n", std::filesystem::absolute(folder / "comparison.png").c_str());
    std::printf("       %s\n", std::filesystem::absolute(folder / "comparison.svg").c_str());
    return 0;
}

} // namespace

void addWelcome(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "welcome",
        "The comparison that the lab opens with, without its window: full, naive, double sampling");
    auto folder = std::make_shared<std::string>("welcome");
    command->addOption("-o,--out", *folder, "Folder for the plots and records [welcome]")->typeName("DIR");
    command->callback([&chosen, folder] { chosen = [folder] { return run(*folder); }; });
}

} // namespace zipml::cli
