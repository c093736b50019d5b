#include "core/bench/cpu_report.h"

#include "core/base/number_text.h"
#include "core/bench/contestant.h"
#include "core/bench/read_bandwidth.h"
#include "core/data/memory_limit.h"
#include "core/data/synthetic.h"
#include "core/kernels/cpu.h"
#include "core/quant/build_grids.h"
#include "core/solve/float_sgd.h"
#include "core/solve/packed/packed_sgd.h"

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace zipml {
namespace {

constexpr int kBits[] = {32, 8, 4, 2, 1};
constexpr std::size_t kTimesTheCache = 10;
constexpr std::size_t kMostBytes = 320 << 20;
/// The reference loops compute for so long on a value that where it comes from hardly matters.
constexpr std::size_t kScalarBytes = 40 << 20;
constexpr std::size_t kBatch = 2048;
/// Keeps every model finite, also those that coarse levels make much longer rows for.
constexpr double kStepTimesFeatures = 1e-3;
/// Shares of the whole for the checks and the bandwidth; the kernels take the rest.
constexpr double kAfterChecks = 0.05, kAfterBandwidth = 0.2;

constexpr const char* kScalarId = "cpu-scalar";

Contender contenderOf(int bits) {
    return bits == 32 ? Contender{EstimatorKind::Full, 32, Arithmetic::Float}
                      : Contender{EstimatorKind::Naive, bits, Arithmetic::Integer};
}

std::string nameOfKernel(int bits) {
    return bits == 32 ? "float32" : std::to_string(bits) + (bits == 1 ? " bit" : " bits");
}

std::string megabytes(std::size_t bytes) {
    return shortest(static_cast<double>(bytes >> 10) / 1024) + " MB";
}

std::string memoryText() {
    const auto bytes = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                       static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return std::to_string((bytes + (std::uint64_t{1} << 29)) >> 30) + " GB";
}

DeviceReport describe(const std::string& id, Isa isa) {
    const CpuInfo info = cpuInfo();
    const CacheSizes caches = cacheSizes();
    DeviceReport report;
    report.id = id;
    report.name = info.model.empty() ? "Processor of this machine" : info.model;
    report.platform = "native, " + std::string(entryOf(isa).title);
    report.kind = "cpu";
    std::string sets;
    for (const auto& each : info.available)
        sets.append(sets.empty() ? "" : ", ").append(each);
    report.capabilities = {{"Instruction set", std::string(entryOf(isa).title)},
                           {"Available", sets.empty() ? "baseline only" : sets},
                           {"Cores", std::to_string(info.cores)},
                           {"Cache of a core", megabytes(caches.second)},
                           {"Last-level cache", megabytes(caches.last)},
                           {"Memory", memoryText()}};
    return report;
}

LinearParameters epochOf(int bits, Isa isa) {
    constexpr std::size_t kRows = 83, kFeatures = 37, kOddBatch = 48;
    ThreadTeam team(1);
    const Dataset data = generate({kFeatures, kRows, 1}).train;
    GradientMethod method(contenderOf(bits).estimator);
    std::optional<SampleStore> store;
    std::unique_ptr<MinibatchSgd> solver;
    if (bits == 32) {
        solver = std::make_unique<FloatSgd>(data, data.labels, kOddBatch, method, team, isa);
    } else {
        method.integer = true;
        method.model = {8, VectorScale::Largest};
        store.emplace(kRows, buildGrids(data, {}, bits, false, team),
                      StoreOptions{bits, 1, method.estimator->rounding, 1});
        store->build(data, 0, team);
        solver = makePackedSgd(readerOf(*store), data.labels, kOddBatch, method, team, isa);
    }
    EpochPlan plan;
    plan.batch = kOddBatch;
    plan.step = 0.3 / static_cast<double>(kFeatures);
    auto model = LinearParameters::zero(kFeatures);
    model.weights.setLinSpaced(-1, 1); // not zero, so that every term shows
    RunControl control;
    solver->runEpoch(
        plan, model, control, [](double) {}, nullptr);
    return model;
}

/// One kernel's throughput, and the bandwidth meanwhile.
class KernelMeasure {
  public:
    KernelMeasure(const CpuMeasure& how, std::size_t bytes, Isa isa, ThreadTeam& team,
                  ReadBandwidth& bandwidth)
        : how_(how), bytes_(bytes), isa_(isa), team_(team), bandwidth_(bandwidth) {}

    void run(KernelReport& kernel, int bits, const Job& job) {
        const std::string what = "measuring " + kernel.name;
        job.report(0, what);
        job.checkpoint();
        RunControl control;
        const std::stop_callback stop(job.stop, [&control] { control.stop(); });
        RepeatedData data(how_.features, bytes_, kBatch, team_);
        Contestant contestant(contenderOf(bits), data, kBatch, team_, isa_);
        std::vector<double> gvalues;
        const auto begin = std::chrono::steady_clock::now();
        for (int round = 0; round <= how_.repeats; ++round) {
            job.checkpoint();
            job.report((round + 1.0) / (how_.repeats + 2), what);
            EpochPlan plan;
            plan.batch = kBatch;
            plan.step = kStepTimesFeatures / static_cast<double>(how_.features);
            plan.epoch = static_cast<std::uint32_t>(round);
            const double each = contestant.run(plan, control);
            if (round > 0)
                gvalues.push_back(each);
            gbytes_.push_back(bandwidth_.measure());
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            if (!gvalues.empty() && took.count() > how_.secondsAKernel)
                break;
        }
        kernel.gvalues = spreadOf(gvalues).median;
    }

    [[nodiscard]] double bandwidth() const { return spreadOf(gbytes_).median; }

  private:
    const CpuMeasure& how_;
    std::size_t bytes_;
    Isa isa_;
    ThreadTeam& team_;
    ReadBandwidth& bandwidth_;
    std::vector<double> gbytes_;
};

void checkMemory(std::size_t bytes) {
    const std::uint64_t needed = 2 * bytes + bytes / 8; // the buffer, a store and its labels
    if (const std::uint64_t available = availableMemoryBytes(); needed > available)
        throw InputError("cpu: measuring takes " + std::to_string(needed >> 20) + " MB of memory and " +
                         std::to_string(available >> 20) +
                         " MB are available; close something and measure again");
}

} // namespace

std::string whatDiffersFromScalar(int bits, Isa isa) {
    const LinearParameters reference = epochOf(bits, Isa::Scalar);
    LinearParameters model = epochOf(bits, isa);
    model -= reference;
    const double error = model.norm() / reference.norm();
    constexpr double kFloatError = 1e-5;
    if (error <= (bits == 32 ? kFloatError : 0.0))
        return {};
    return "one epoch's model differs from the scalar reference by " + shortest(error) + " of its norm";
}

std::vector<DeviceReport> CpuSource::list() {
    return {describe("cpu", activeIsa()), describe(kScalarId, Isa::Scalar)};
}

DeviceReport CpuSource::measure(const std::string& id, const Job& job) {
    const bool scalar = id == kScalarId;
    if (!scalar && id != "cpu")
        throw InputError("device: '" + id + "' is not this machine's processor");
    const Isa isa = scalar ? Isa::Scalar : activeIsa();
    DeviceReport report = describe(id, isa);
    job.report(0, "checking kernels");
    for (const int bits : kBits) {
        job.checkpoint();
        KernelReport kernel;
        kernel.name = nameOfKernel(bits);
        kernel.bytesPerValue = bits / 8.0;
        kernel.note = isa == Isa::Scalar ? "the reference itself" : whatDiffersFromScalar(bits, isa);
        if (isa != Isa::Scalar)
            kernel.check = kernel.note.empty() ? KernelReport::Check::Passed : KernelReport::Check::Failed;
        report.kernels.push_back(std::move(kernel));
    }

    const std::size_t usual = std::min(kTimesTheCache * cacheSizes().last, kMostBytes);
    const std::size_t bytes = how_.workingSetBytes != 0 ? how_.workingSetBytes : usual;
    const std::size_t storeBytes = scalar ? std::min(bytes, kScalarBytes) : bytes;
    checkMemory(bytes);
    ThreadTeam team(1);
    ReadBandwidth bandwidth(bytes, team);
    constexpr int kTries = 3; // of each way to read
    bandwidth.chooseWay(kTries, partOf(job, kAfterChecks, kAfterBandwidth));
    KernelMeasure measure(how_, storeBytes, isa, team, bandwidth);
    const double part = (1 - kAfterBandwidth) / static_cast<double>(std::size(kBits));
    for (std::size_t i = 0; i < std::size(kBits); ++i) {
        const double begin = kAfterBandwidth + part * static_cast<double>(i);
        measure.run(report.kernels[i], kBits[i], partOf(job, begin, begin + part));
    }
    report.bandwidth = measure.bandwidth();
    report.capabilities.emplace_back("Measured with", "1 thread, " + std::to_string(how_.features) +
                                                          " features, stores of " + megabytes(storeBytes));
    report.capabilities.emplace_back("Bandwidth read with", bandwidth.way());
    job.report(1, "done");
    return report;
}

} // namespace zipml
