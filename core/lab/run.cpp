#include "core/lab/run.h"

#include "core/base/await_file.h"
#include "core/base/crash_report.h"
#include "core/data/memory_limit.h"
#include "core/lab/memory_run.h"
#include "core/lab/rules.h"
#include "core/lab/spec_files.h"
#include "core/lab/store_run.h"

namespace zipml {

RunRecord runExperiment(const RunSpec& wanted, RunObserver& observer, RunControl& control,
                        PreparedDataCache* cache, const RunRecord* earlier) {
    const AtWork told(toCommandLine(withNamesOnly(wanted)));
    validateRanges(wanted);
    requireNoConflict({.spec = wanted}); // before the data are read
    RunSpec spec = wanted;
    spec.device = fullDeviceName(wanted.device); // a place in a list means another device tomorrow
    const Job job{control.stopToken(), [&](double, std::string_view what) { observer.onProgress(0, what); }};
    awaitFile(spec.data.source, job);
    if (isStore(spec.data.source))
        return runFromStore(spec, observer, control);
    auto data = cache != nullptr ? cache->get(spec, job) : prepareData(spec, job);
    requireNoConflict(data->situation(spec));
    const auto subject = makeMemoryRun(spec, observer, control, std::move(data));
    RunRecord record = runLoop(*subject, observer, control, earlier);
    record.peakResidentBytes = peakResidentBytes();
    return record;
}

RunRecord runOnRows(const RunSpec& wanted, const GivenRows& given, RunObserver& observer, RunControl& control,
                    const RunRecord* earlier) {
    const AtWork told("training on rows of the caller's");
    validateRanges(wanted);
    requireNoConflict({.spec = wanted}); // before the rows are read
    RunSpec spec = wanted;
    spec.data.source = given.name;
    spec.device = fullDeviceName(wanted.device);
    const Job job{control.stopToken(), [&](double, std::string_view what) { observer.onProgress(0, what); }};
    auto data = prepareRows(spec, given, job);
    requireNoConflict(data->situation(spec));
    const auto subject = makeMemoryRun(spec, observer, control, std::move(data));
    RunRecord record = runLoop(*subject, observer, control, earlier);
    record.peakResidentBytes = peakResidentBytes();
    return record;
}

RunSpec onCpu(const RunRecord& lost) {
    RunSpec spec = lost.spec;
    spec.device = "cpu";
    if (spec.arithmetic == Arithmetic::Auto)
        spec.arithmetic = Arithmetic::Float; // as the device took
    spec.sgd.step = lost.setup.step;
    return spec;
}

} // namespace zipml
