#include "app/cli/compared_runs.h"

#include "core/compare/run_names.h"

namespace zipml::cli {
namespace {

RunRecord recordOf(const SessionRun& run) {
    RunRecord record;
    record.spec = run.spec;
    record.setup = run.setup.value_or(RunSetup{});
    record.initial = run.initial.value_or(EpochRecord{});
    record.epochs = run.epochs;
    record.status = run.status.value_or(RunStatus::Stopped);
    record.message = run.message;
    record.confusion = run.confusion;
    record.model.classNames = record.setup.classNames; // what a confusion matrix is labelled with
    return record;
}

} // namespace

std::vector<ComparedRun> comparedRuns(const std::vector<SessionRun>& runs) {
    struct Known {
        std::vector<SettingValue> settings;
        std::string alone, name;
    };
    std::vector<Known> known;
    known.reserve(runs.size());
    std::vector<NamedRun> others;
    others.reserve(runs.size());
    std::vector<ComparedRun> compared;
    for (const SessionRun& run : runs) {
        const std::string name = nameAmong(run.spec, others);
        const Known& own = known.emplace_back(Known{settingsOf(run.spec), displayName(run.spec), name});
        others.push_back({&own.settings, own.alone, own.name});
        compared.push_back({name, recordOf(run)});
    }
    return compared;
}

} // namespace zipml::cli
