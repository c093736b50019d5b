#include "accel/fpga/pipeline_experiment.h"

#include "accel/fpga/pipeline_model.h"
#include "core/reproduce/words.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

using nlohmann::json;

struct PublishedSet {
    const char* name;
    std::size_t rows, features;       ///< with the bias feature
    std::array<std::size_t, 5> lines; ///< a row: float, 8, 4, 2, 1 bits (docs/method.md#s8-4)
};
constexpr PublishedSet kSets[] = {
    {"cadata", 20'640, 9, {1, 1, 1, 1, 1}},
    {"YearPrediction", 463'715, 91, {6, 3, 2, 1, 1}},
    {"Synthetic 100", 10'000, 101, {7, 4, 2, 1, 1}},
    {"mnist", 60'000, 781, {49, 25, 13, 7, 4}},
    {"Synthetic 1000", 10'000, 1'001, {63, 32, 16, 8, 4}},
    {"epsilon", 400'000, 2'001, {126, 63, 32, 16, 8}},
    {"gisette", 6'000, 5'001, {313, 157, 79, 40, 20}},
};
constexpr const char* kBoard = "harp-v1";
constexpr double kPublished = 6.5;

json predictAll() {
    json rows = json::array();
    for (const auto& set : kSets) {
        const auto predictions = predictFpga(fpgaBoard(kBoard), set.rows, set.features);
        for (std::size_t i = 0; i < predictions.size(); ++i)
            rows.push_back({{"data", set.name},
                            {"features", set.features - 1},
                            {"bits", predictions[i].design.bits},
                            {"lines_per_row", predictions[i].linesPerRow},
                            {"published_lines", set.lines.at(i)},
                            {"seconds_per_epoch", predictions[i].secondsPerEpoch},
                            {"times_float", predictions[i].timesFloat},
                            {"memory_bound", predictions[i].memoryBound}});
    }
    return rows;
}

class FpgaPipeline final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "fpga"; }
    [[nodiscard]] std::string title() const override { return "FPGA: predicted performance"; }
    [[nodiscard]] std::string published() const override {
        return "Up to 6.5 times faster than the full 32-bit implementation (read in the source); lines a row "
               "by the published packing (read in the source).";
    }
    [[nodiscard]] std::string method() const override {
        return "A prediction, no measurement: an epoch takes lines x max(64 B / bandwidth, cycles a line / "
               "clock) on the published board "
               "(Stratix V at 200 MHz, 6.5 GB/s).";
    }
    [[nodiscard]] double expectedSeconds(bool) const override { return 0; }

    Outcome run(Workplace& place) const override {
        const json rows = place.measured(name(), "predictions", kBoard, predictAll);
        Outcome outcome;
        Chart chart{"FPGA: predicted speed against float",
                    "Predicted for the published board; the published maximum is 6.5.",
                    "bits of a sample's code",
                    "times float",
                    false,
                    {}};
        Table table{
            title(), {"Data", "Features", "Bits", "Lines a row", "Published", "Times float", "Bound by"}, {}};
        bool equal = true;
        double lowest = HUGE_VAL, highest = 0;
        for (const auto& set : kSets) {
            Chart::Line line{set.name, {}, {}};
            for (const json& row : rows) {
                if (row["data"] != set.name)
                    continue;
                const double times = row["times_float"].get<double>();
                equal = equal && row["lines_per_row"] == row["published_lines"];
                table.rows.push_back({set.name, row["features"].dump(), row["bits"].dump(),
                                      row["lines_per_row"].dump(), row["published_lines"].dump(),
                                      numberText(times, "%.2f"),
                                      row["memory_bound"] == true ? "memory" : "clock"});
                if (row["bits"] == 32)
                    continue;
                line.x.insert(line.x.begin(), row["bits"].get<double>());
                line.y.insert(line.y.begin(), times);
                if (row["bits"] == 2 && set.features > 16) {
                    lowest = std::min(lowest, times);
                    highest = std::max(highest, times);
                }
            }
            chart.lines.push_back(std::move(line));
        }
        outcome.charts.push_back(std::move(chart));
        outcome.tables.push_back(std::move(table));
        outcome.claims.push_back(
            {"fpga-lines",
             "Lines a row of every set, by the published packing code (read in the source)",
             equal ? "equal for every set and width" : "differ, see the table",
             equal,
             {}});
        outcome.claims.push_back({"fpga-6.5x", "Up to 6.5 times faster than float32 (read in the source)",
                                  "predicted at 2 bits: " + numberText(lowest, "%.1f") + " to " +
                                      numberText(highest, "%.1f") + " times, by set",
                                  lowest <= kPublished && kPublished <= highest,
                                  "A prediction: no FPGA was at hand. The paper does not say for which set "
                                  "and width 6.5 was measured."});
        return outcome;
    }
};

} // namespace

std::unique_ptr<Experiment> fpgaExperiment() {
    return std::make_unique<FpgaPipeline>();
}

} // namespace zipml
