#include "core/reproduce/device_experiment.h"

#include "core/bench/spread.h"
#include "core/lab/compute_device.h"
#include "core/lab/run.h"
#include "core/reproduce/words.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

constexpr int kWidths[] = {32, 8, 4, 2, 1};
constexpr std::string_view kPrefix = "opencl:";
constexpr double kPublishedTimes = 6.5;
constexpr double kStep = 1e-3; ///< small enough for 1 bit: it is about time, and a run that diverges has none

std::vector<ComputeDeviceInfo> openClDevices() {
    auto devices = computeDevices();
    std::erase_if(devices, [](const auto& device) { return !device.id.starts_with(kPrefix); });
    return devices;
}

json measure(const ComputeDeviceInfo& device, const std::string& source, int epochs, Workplace& place) {
    json rows = json::array();
    PreparedDataCache cache;
    double floatSeconds = 0;
    for (std::size_t i = 0; i < std::size(kWidths); ++i) {
        RunSpec spec;
        spec.data.source = source;
        spec.device = device.name;
        spec.estimator = kWidths[i] == 32 ? EstimatorKind::Full : EstimatorKind::Naive;
        spec.bits = kWidths[i] == 32 ? spec.bits : kWidths[i];
        spec.sgd.batch = 2048;
        spec.sgd.epochs = epochs + 1; // the first one warms up
        spec.sgd.step = kStep;
        spec.biasDraws = 0;
        spec.seed = place.options().seed;
        place.report(static_cast<double>(i) / static_cast<double>(std::size(kWidths)),
                     device.id + ", " + displayName(spec));
        RunObserver nobody;
        const RunRecord record = runExperiment(spec, nobody, place.control(), &cache);
        if (record.status == RunStatus::Stopped)
            throw Cancelled();
        if (record.status == RunStatus::DeviceLost || record.epochs.size() < 2)
            throw RunError(record.message);
        std::vector<double> seconds;
        for (std::size_t epoch = 1; epoch < record.epochs.size(); ++epoch)
            seconds.push_back(record.epochs[epoch].seconds);
        const double median = spreadOf(seconds).median;
        if (kWidths[i] == 32)
            floatSeconds = median;
        rows.push_back({{"device", device.id},
                        {"model", device.model},
                        {"bits", kWidths[i]},
                        {"stored_bits", record.setup.bitsPerValue},
                        {"seconds_per_epoch", median},
                        {"times_float32", floatSeconds / median},
                        {"train_loss", record.epochs.back().trainLoss},
                        {"kernel", record.setup.kernels}});
    }
    return rows;
}

class Devices final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "opencl"; }
    [[nodiscard]] std::string title() const override { return "OpenCL devices: every width against float32"; }
    [[nodiscard]] std::string published() const override {
        return "Up to 6.5 times faster than the full 32-bit implementation, on an FPGA (read in the source).";
    }
    [[nodiscard]] std::string method() const override {
        return "Seconds of training an epoch on generated rows of 1,024 features, batches of 2,048 rows, "
               "median of the epochs after the first; "
               "naive rounding, whose rows are all codes.";
    }
    [[nodiscard]] double expectedSeconds(bool quick) const override { return quick ? 15 : 90; }

    Outcome run(Workplace& place) const override {
        const bool quick = place.options().quick;
        const std::string source = quick ? "synthetic:1024x8192" : "synthetic:1024x65536";
        const int epochs = quick ? 3 : 9;
        Outcome outcome;
        json rows = json::array();
        for (const auto& device : openClDevices()) {
            const json inputs = {
                {"device", device.name}, {"model", device.model}, {"source", source}, {"epochs", epochs}};
            std::string file = device.id;
            std::ranges::replace(file, ':', '-');
            const json measured =
                place.measured(name(), file, inputs, [&] { return measure(device, source, epochs, place); });
            rows.insert(rows.end(), measured.begin(), measured.end());
        }
        if (rows.empty()) {
            outcome.skipped.emplace_back(
                "OpenCL: there is no OpenCL device on this machine; install its driver "
                "(zipml devices lists what is found)");
            return outcome;
        }
        if (quick)
            outcome.notes.emplace_back("Quick settings: 8,192 rows, 3 epochs (full: 65,536 rows, 9 epochs).");
        show(rows, outcome);
        return outcome;
    }

  private:
    static void show(const json& rows, Outcome& outcome) {
        Table table{"Widths on OpenCL devices",
                    {"Device", "Bits", "Stored bits", "Seconds an epoch", "Times float32"},
                    {}};
        const json* best = nullptr;
        for (const json& row : rows) {
            table.rows.push_back({row["model"].get<std::string>(), row["bits"].dump(),
                                  numberText(row["stored_bits"].get<double>()),
                                  numberText(row["seconds_per_epoch"].get<double>(), "%.3g"),
                                  numberText(row["times_float32"].get<double>(), "%.2f")});
            if (best == nullptr ||
                row["times_float32"].get<double>() > (*best)["times_float32"].get<double>())
                best = &row;
        }
        outcome.tables.push_back(std::move(table));
        const double times = (*best)["times_float32"].get<double>();
        outcome.claims.push_back(
            {"opencl-6.5x",
             "Up to 6.5 times faster than the full 32-bit implementation, on an FPGA (read in the source)",
             "fastest width: " + numberText(times, "%.2f") + " times float32 (" + (*best)["bits"].dump() +
                 " bits, " + (*best)["model"].get<std::string>() + ")",
             times >= kPublishedTimes, "The published number is an FPGA's."});
    }
};

} // namespace

std::unique_ptr<Experiment> deviceExperiment() {
    return std::make_unique<Devices>();
}

} // namespace zipml
