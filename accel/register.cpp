#include "accel/register.h"

#include "accel/accel.h"
#include "accel/device_sources.h"
#include "accel/fpga/pipeline_experiment.h"
#include "core/bench/cpu_report.h"
#include "core/reproduce/reproduce.h"

namespace zipml {
namespace {

constexpr std::unique_ptr<ComputeBackend> (*kBackends[])() = {openClBackend, fpgaBackend};
constexpr std::shared_ptr<DeviceSource> (*kSources[])() = {openClSource, fpgaSource, fpgaBoardSource};

} // namespace

void registerAccel() {
    for (const auto backend : kBackends)
        addComputeBackend(backend());
    addExperiment(fpgaExperiment);
}

DeviceSources deviceSources() {
    DeviceSources all{std::make_shared<CpuSource>()};
    for (const auto source : kSources)
        all.push_back(source());
    return all;
}

} // namespace zipml
