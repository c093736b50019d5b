#include "core/reproduce/tomography_experiment.h"

#include "core/reproduce/words.h"
#include "core/tomography/tomography_run.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

using nlohmann::json;

struct Case {
    EstimatorKind estimator;
    int bits; ///< of a length; full precision takes no notice
};

constexpr EstimatorKind kRounded[] = {EstimatorKind::Nearest, EstimatorKind::Naive, EstimatorKind::Double,
                                      EstimatorKind::Corrected};
constexpr int kBits[] = {1, 2, 3, 4, 5, 6, 8, 12};
constexpr int kQuickBits[] = {3, 6, 12};

/// Forwards the share of one run among all.
class Reporter final : public TomographyObserver {
  public:
    Reporter(const Workplace& place, double begin, double end, std::string what)
        : place_(place), begin_(begin), end_(end), what_(std::move(what)) {}
    void onProgress(double share, std::string_view) override {
        place_.report(begin_ + (end_ - begin_) * share, what_);
    }

  private:
    const Workplace& place_;
    double begin_, end_;
    std::string what_;
};

json rowOf(const TomographyRecord& record) {
    const TomographyEpoch last = record.epochs.empty() ? TomographyEpoch{} : record.epochs.back();
    const bool failed = record.status == RunStatus::Diverged || record.epochs.empty();
    return {{"estimator", nameOf(record.spec.estimator)},
            {"bits", record.spec.estimator == EstimatorKind::Full ? 32 : record.spec.bits},
            {"bits_per_length", record.bitsPerLength},
            {"status", nameOf(record.status)},
            {"psnr_db", failed ? json(nullptr) : json(last.error.psnr)},
            {"relative_error", failed ? json(nullptr) : json(last.error.relative)},
            {"bytes_moved", last.bytesMoved},
            {"seconds", last.seconds},
            {"size", record.spec.size},
            {"epochs", record.spec.epochs}};
}

json measureAll(const TomographySpec& base, const std::vector<Case>& cases, Workplace& place) {
    json rows = json::array();
    for (std::size_t i = 0; i < cases.size(); ++i) {
        TomographySpec spec = base;
        spec.estimator = cases[i].estimator;
        spec.bits = cases[i].bits;
        const auto share = [&](std::size_t of) {
            return static_cast<double>(of) / static_cast<double>(cases.size());
        };
        Reporter reporter(place, share(i), share(i + 1), displayName(spec));
        const TomographyRecord record = runTomography(spec, reporter, place.control());
        if (record.status == RunStatus::Stopped)
            throw Cancelled();
        rows.push_back(rowOf(record));
    }
    return rows;
}

const json* find(const json& rows, std::string_view estimator, int bits) {
    const auto row = std::ranges::find_if(rows, [&](const json& candidate) {
        return candidate["estimator"] == estimator && candidate["bits"] == bits &&
               !candidate["psnr_db"].is_null();
    });
    return row == rows.end() ? nullptr : &*row;
}

class Tomography final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "tomography"; }
    [[nodiscard]] std::string title() const override { return "Tomography"; }
    [[nodiscard]] std::string published() const override {
        return "A 128^3 volume from 128 projections with 12-bit fixed point: no visible loss, 2.7 times "
               "faster than 32-bit float (recalled, moderate confidence).";
    }
    [[nodiscard]] std::string method() const override {
        return "The lab's own set-up, nothing more of the paper's being known: Shepp-Logan phantom in two "
               "dimensions, as many angles as "
               "pixels a side, parallel beams, exact intersection lengths rounded once, Kaczmarz steps, no "
               "noise.";
    }
    [[nodiscard]] double expectedSeconds(bool quick) const override { return quick ? 8 : 120; }

    Outcome run(Workplace& place) const override {
        const bool quick = place.options().quick;
        TomographySpec base;
        base.size = base.angles = quick ? 64 : 128;
        base.epochs = quick ? 10 : 20;
        base.seed = place.options().seed;
        const auto bits = quick ? std::span<const int>(kQuickBits) : std::span<const int>(kBits);
        std::vector<Case> cases{{EstimatorKind::Full, base.bits}};
        json inputs = {{"spec", toJson(base)}, {"bits", std::vector<int>(bits.begin(), bits.end())}};
        for (const auto estimator : kRounded)
            for (const int width : bits)
                cases.push_back({estimator, width});
        const json rows =
            place.measured(name(), "runs", inputs, [&] { return measureAll(base, cases, place); });
        Outcome outcome;
        outcome.notes.push_back(std::to_string(base.size) + " x " + std::to_string(base.size) + " pixels, " +
                                std::to_string(base.epochs) + " epochs" +
                                (quick ? " (full: 128 x 128, 20 epochs, 1 to 12 bits)." : "."));
        show(rows, outcome);
        return outcome;
    }

  private:
    static void show(const json& rows, Outcome& outcome) {
        Chart chart{"Tomography: image quality by bits",
                    "PSNR of the image at the end; higher is better. Diverged runs are left out.",
                    "bits of an intersection length",
                    "PSNR (dB)",
                    false,
                    {}};
        const json* full = find(rows, "full", 32);
        for (const auto estimator : kRounded) {
            Chart::Line line{std::string(entryOf(estimator).title), {}, {}};
            for (const json& row : rows)
                if (row["estimator"] == nameOf(estimator) && !row["psnr_db"].is_null()) {
                    line.x.push_back(row["bits"].get<double>());
                    line.y.push_back(row["psnr_db"].get<double>());
                }
            if (!line.x.empty())
                chart.lines.push_back(std::move(line));
        }
        if (full != nullptr)
            chart.lines.push_back(
                {"Full precision", {1, 12}, std::vector<double>(2, (*full)["psnr_db"].get<double>())});
        outcome.charts.push_back(std::move(chart));
        Table table{
            "Reconstructions",
            {"Estimator", "Bits", "Stored bits", "PSNR (dB)", "Relative error", "MB moved", "Seconds"},
            {}};
        for (const json& row : rows) {
            const bool good = !row["psnr_db"].is_null();
            table.rows.push_back({row["estimator"].get<std::string>(), row["bits"].dump(),
                                  row["bits_per_length"].dump(),
                                  good ? numberText(row["psnr_db"].get<double>()) : "diverged",
                                  good ? numberText(row["relative_error"].get<double>(), "%.3g") : "-",
                                  numberText(row["bytes_moved"].get<double>() / 1e6),
                                  numberText(row["seconds"].get<double>(), "%.3g")});
        }
        outcome.tables.push_back(std::move(table));
        const json* rounded = find(rows, "nearest", 12);
        if (full == nullptr || rounded == nullptr)
            return;
        const double exact = (*full)["psnr_db"].get<double>(), fixed = (*rounded)["psnr_db"].get<double>();
        outcome.claims.push_back(
            {"tomography-12-bits",
             "12-bit fixed point: negligible loss of quality (recalled, moderate confidence)",
             "nearest, 12 bits: " + numberText(fixed, "%.2f") + " dB, full precision " +
                 numberText(exact, "%.2f") + " dB",
             exact - fixed <= 0.1, "negligible: at most 0.1 dB"});
        const double bytes = (*full)["bytes_moved"].get<double>() / (*rounded)["bytes_moved"].get<double>();
        const double seconds = (*full)["seconds"].get<double>() / (*rounded)["seconds"].get<double>();
        outcome.claims.push_back(
            {"tomography-2.7x", "2.7 times faster than 32-bit float (recalled, moderate confidence)",
             "12 bits move " + numberText(bytes, "%.2f") + " times fewer bytes and take " +
                 numberText(seconds, "%.2f") + " times less time here",
             seconds >= 2.7,
             "32 / 12 = 2.67 bounds what memory allows. The published time is a machine's that is not "
             "known; the lab's loop over sparse rays is not bound by memory."});
    }
};

} // namespace

std::unique_ptr<Experiment> tomographyExperiment() {
    return std::make_unique<Tomography>();
}

} // namespace zipml
