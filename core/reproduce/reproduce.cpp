#include "core/reproduce/reproduce.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/kernels/cpu.h"
#include "core/reproduce/built_in_texts.h"
#include "core/reproduce/deep_experiment.h"
#include "core/reproduce/device_experiment.h"
#include "core/reproduce/level_placement.h"
#include "core/reproduce/speed_experiment.h"
#include "core/reproduce/sweep_experiment.h"
#include "core/reproduce/tomography_experiment.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <sys/utsname.h>
#include <unistd.h>

namespace zipml {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kSettingsFile = "settings.json";

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

MachineInfo thisMachine() {
    const CpuInfo cpu = cpuInfo();
    MachineInfo machine;
    machine.program = std::string("ZipML Lab ") + ZIPML_VERSION;
    machine.processor = cpu.model.empty() ? "unknown processor" : cpu.model;
    machine.kernels = cpu.isa;
    machine.cores = cpu.cores;
#if defined(__clang__)
    machine.compiler = "clang " __clang_version__;
#else
    machine.compiler = "gcc " __VERSION__;
#endif
    if (utsname system{}; uname(&system) == 0)
        machine.system = std::string(system.sysname) + " " + system.release;
    machine.memoryGigabytes =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e9;
    if (double load = 0; getloadavg(&load, 1) == 1)
        machine.load = load;
    const std::time_t now = std::time(nullptr);
    std::array<char, 32> text{};
    std::tm local{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", localtime_r(&now, &local));
    machine.date = text.data();
    return machine;
}

/// A message for the report, which leaves the machine: files by name.
std::string withoutFolders(std::string text, const ReproduceOptions& options) {
    for (const auto& folder : {options.data, options.out})
        if (const std::string path = folder.string() + "/"; path.size() > 1)
            for (std::size_t at = 0; (at = text.find(path, at)) != std::string::npos;)
                text.erase(at, path.size());
    return text;
}

ExperimentReport runOne(const Experiment& experiment, Workplace& place) {
    ExperimentReport report{
        experiment.name(), experiment.title(), experiment.published(), experiment.method(), {}, {}, 0};
    const auto begin = Clock::now();
    try {
        report.outcome = experiment.run(place);
        std::ranges::copy(place.notes(), std::back_inserter(report.outcome.notes));
    } catch (const Cancelled&) {
        report.outcome.complete = false;
    } catch (const std::exception& error) {
        report.failure = withoutFolders(error.what(), place.options());
        report.outcome.complete = false;
    }
    report.seconds = secondsSince(begin);
    return report;
}

json orNull(const std::optional<bool>& value) {
    return value ? json(*value) : json(nullptr);
}

/// A folder's records are of one kind: a quick call would replace an hour's with a second's, and another
/// version's results are not to be mixed.
void keepToSettings(const ReproduceOptions& options) {
    const auto folder = options.out / kRecordsFolder;
    const auto file = folder / kSettingsFile;
    const json settings = {{"quick", options.quick}, {"seed", options.seed}, {"version", ZIPML_VERSION}};
    if (std::filesystem::exists(file)) {
        const json kept = json::parse(readFile(file), nullptr, false);
        if (kept == settings)
            return;
        if (kept.is_object() && kept.contains("quick") && kept.contains("seed"))
            throw InputError(options.out.string() + ": has records of " +
                             (kept["quick"] == true ? "--quick" : "full") + " settings and seed " +
                             kept["seed"].dump() + ", by version " +
                             kept.value("version", json("none")).dump() +
                             "; name another folder for these settings and version " ZIPML_VERSION);
    }
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        throw RunError(folder.string() + ": cannot be made: " + failed.message());
    writeFileAtomically(file, settings.dump() + "\n");
}

using ExperimentMaker = std::unique_ptr<Experiment> (*)();

std::vector<ExperimentMaker>& addedExperiments() {
    static std::vector<ExperimentMaker> makers;
    return makers;
}

} // namespace

void addExperiment(ExperimentMaker make) {
    addedExperiments().push_back(make);
}

Experiments allExperiments() {
    Experiments all;
    for (const auto& [name, text] : builtInTexts()) {
        if (name == "data_sets")
            continue;
        const auto dash = name.find('-');
        all.push_back(
            std::make_unique<SweepExperiment>(std::string(text), std::string(name.substr(dash + 1))));
    }
    all.push_back(levelPlacementExperiment());
    all.push_back(tomographyExperiment());
    all.push_back(convergenceExperiment());
    all.push_back(throughputExperiment());
    all.push_back(deviceExperiment());
    all.push_back(deepExperiment());
    for (const auto make : addedExperiments())
        all.push_back(make());
    return all;
}

std::vector<const Experiment*> chosenExperiments(const Experiments& all, const std::string& name) {
    std::vector<const Experiment*> chosen;
    std::string names;
    for (const auto& experiment : all) {
        names += ", " + experiment->name();
        if (name == "all" || name == experiment->name())
            chosen.push_back(experiment.get());
    }
    if (chosen.empty())
        throw InputError("'" + name + "' is no experiment; choose one of all" + names);
    return chosen;
}

void addRecorded(ReproduceResult& result, const Experiments& all) {
    RunControl stopped; // what is not recorded is not run
    stopped.stop();
    std::vector<ExperimentReport> reports;
    for (const auto& experiment : all) {
        const auto ran = std::ranges::find(result.experiments, experiment->name(), &ExperimentReport::name);
        if (ran != result.experiments.end()) {
            reports.push_back(std::move(*ran));
        } else if (std::filesystem::exists(result.options.out / kRecordsFolder / experiment->name())) {
            Workplace place(result.options, stopped, {});
            reports.push_back(runOne(*experiment, place));
        }
    }
    result.experiments = std::move(reports);
}

ReproduceResult reproduce(std::span<const Experiment* const> experiments, const ReproduceOptions& options,
                          RunControl& control, const ReproduceObserver& observer) {
    keepToSettings(options);
    ReproduceResult result{options, thisMachine(), {}, false, 0};
    const auto begin = Clock::now();
    double all = 0, done = 0;
    for (const auto* experiment : experiments)
        all += std::max(1.0, experiment->expectedSeconds(options.quick));
    for (const auto* experiment : experiments) {
        const double own = std::max(1.0, experiment->expectedSeconds(options.quick));
        Workplace place(options, control, [&](double part, std::string_view what) {
            if (!observer.onProgress)
                return;
            const double share = (done + part * own) / all, elapsed = secondsSince(begin);
            // What is expected counts at first, and more and more the speed that this machine shows.
            const double pace = (elapsed + 0.1 * all) / (share * all + 0.1 * all);
            observer.onProgress(share, experiment->name() + ": " + std::string(what),
                                (1 - share) * all * pace);
        });
        result.experiments.push_back(runOne(*experiment, place));
        done += own;
        if (observer.onExperiment)
            observer.onExperiment(result.experiments.back());
    }
    result.stopped = control.stopRequested();
    result.seconds = secondsSince(begin);
    return result;
}

std::vector<std::filesystem::path> reportFiles(const std::filesystem::path& folder) {
    return {folder / "report.html", folder / "report.md", folder / "claims.json",
            folder / kRecordsFolder / kSettingsFile};
}

json toJson(const ReproduceResult& result) {
    json claims = json::array(), experiments = json::array();
    bool complete = !result.stopped;
    for (const auto& report : result.experiments) {
        for (const auto& claim : report.outcome.claims)
            claims.push_back({{"experiment", report.name},
                              {"name", claim.name},
                              {"paper", claim.paper},
                              {"measured", claim.measured},
                              {"holds", orNull(claim.holds)},
                              {"note", claim.note}});
        experiments.push_back({{"name", report.name},
                               {"title", report.title},
                               {"complete", report.outcome.complete},
                               {"skipped", report.outcome.skipped},
                               {"failure", report.failure},
                               {"seconds", report.seconds}});
        complete = complete && report.outcome.complete;
    }
    const auto& machine = result.machine;
    return {{"claims", claims},
            {"experiments", experiments},
            {"quick", result.options.quick},
            {"seed", result.options.seed},
            {"complete", complete},
            {"machine",
             {{"program", machine.program},
              {"processor", machine.processor},
              {"cores", machine.cores},
              {"kernels", machine.kernels},
              {"compiler", machine.compiler},
              {"system", machine.system},
              {"memory_gb", machine.memoryGigabytes},
              {"load", machine.load},
              {"date", machine.date}}}};
}

} // namespace zipml
