#include "core/reproduce/deep_experiment.h"

#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/base/on_threads.h"
#include "core/deep/deep_run.h"
#include "core/deep/engine.h"
#include "core/reproduce/data_sets.h"
#include "core/reproduce/words.h"

#include <algorithm>
#include <mutex>

namespace zipml {
namespace {

using deep::DeepSpec;
using deep::WeightMethod;
using nlohmann::json;

constexpr const char* kData = "cifar10";

struct Configuration {
    const char* name; ///< of its files
    WeightMethod weights;
    int levels; ///< full precision takes no notice
};
constexpr Configuration kConfigurations[] = {
    {"full", WeightMethod::Full, 5},         {"xnor-2", WeightMethod::Xnor, 2},
    {"xnor-5", WeightMethod::Xnor, 5},       {"heuristic-5", WeightMethod::Heuristic, 5},
    {"optimal-5", WeightMethod::Optimal, 5}, {"lsq-5", WeightMethod::Lsq, 5},
};
constexpr std::size_t kCount = std::size(kConfigurations);

DeepSpec specForConfiguration(const Configuration& configuration, const std::string& data,
                              const ReproduceOptions& options) {
    DeepSpec spec;
    spec.weights = configuration.weights;
    spec.levels = configuration.levels;
    spec.seed = options.seed;
    spec.threads = 1; // networks are trained side by side; more threads would change the last digits
    spec.data = data;
    if (options.quick) {
        spec.network = deep::NetworkKind::SmallCnn;
        spec.trainImages = 1000;
        spec.testImages = 300;
        spec.batch = 32;
        spec.iterations = 120;
        spec.evaluateEvery = 30;
    }
    return spec;
}

/// Of what is read of a record below. @throws InputError
void checkRecord(const JsonPart& record) {
    for (const JsonPart& epoch : record.at("epochs").list())
        static_cast<void>(deep::deepEpochFromJson(epoch.value()));
    static_cast<void>(record.at("setup").get<std::uint64_t>("stored_bytes"));
    if (const JsonPart final = record.at("final"); !final.value().is_null())
        for (const char* key : {"train_loss", "test_loss", "test_accuracy"})
            static_cast<void>(final.get<double>(key));
}

/// What an earlier call has recorded of this run; null where that is nothing, not all, or damaged.
/// @param fingerprint of the images now; empty: not known, since nothing will be trained
/// @throws InputError where it is a record of other images
json keptRecord(const std::filesystem::path& file, const DeepSpec& spec, const std::string& fingerprint) {
    if (!std::filesystem::exists(file))
        return nullptr;
    json record = json::parse(readFile(file), nullptr, false);
    const JsonPart part(record);
    try {
        if (part.at("spec").value() != deep::toJson(spec) ||
            part.get<std::string>("status") == nameOf(RunStatus::Stopped))
            return nullptr;
        checkRecord(part);
    } catch (const InputError&) {
        return nullptr;
    }
    const json before = record["setup"].value("fingerprint", json("none"));
    if (!fingerprint.empty() && before != fingerprint)
        throw InputError(file.string() + ": is of other images, or of another version of the program (" +
                         before.dump() + " then, \"" + fingerprint +
                         "\" now); name another folder, or remove it");
    return record;
}

/// A checkpoint of other settings or images, or one that is damaged, is none to go on from.
void dropForeign(const std::filesystem::path& file, const DeepSpec& spec, const deep::ImageData& data) {
    if (!std::filesystem::exists(file))
        return;
    try {
        const deep::Checkpoint checkpoint = deep::readCheckpoint(file);
        DeepSpec before = checkpoint.model.spec;
        before.name = spec.name;
        if (before == spec && checkpoint.training && checkpoint.training->fingerprint == data.fingerprint())
            return;
    } catch (const InputError&) {
        // Removed like the others.
    }
    std::filesystem::remove(file);
}

/// Trains what is not recorded yet, `jobs` networks at a time, each on one core.
class Trainings {
  public:
    Trainings(Workplace& place, std::filesystem::path folder, std::string data)
        : place_(place), folder_(std::move(folder)), source_(std::move(data)) {}

    /// In the order of kConfigurations; null: stopped before its end.
    std::vector<json> run() {
        for (std::size_t i = 0; i < kCount; ++i)
            specs_[i] = specForConfiguration(kConfigurations[i], source_, place_.options());
        try {
            const deep::ImageData data = load();
            takeKept(data.fingerprint());
            if (std::ranges::any_of(records_, &json::is_null))
                trainRest(data);
        } catch (const Cancelled&) { // before the first minibatch: what earlier calls have recorded is told
            takeKept({});
        }
        return {std::begin(records_), std::end(records_)};
    }

  private:
    class Observer final : public deep::DeepObserver {
      public:
        Observer(Trainings& all, std::size_t index) : all_(all), index_(index) {}
        void onProgress(double share, std::string_view phase) override { all_.report(index_, share, phase); }

      private:
        Trainings& all_;
        std::size_t index_;
    };

    [[nodiscard]] std::filesystem::path file(std::size_t index, const char* ending) const {
        return folder_ / (std::string(kConfigurations[index].name) + ending);
    }

    deep::ImageData load() {
        place_.report(0, "reading images");
        const Job job{place_.control().stopToken(), {}};
        job.checkpoint();
        const DeepSpec& any = specs_[0];
        return deep::loadImageData(any.data, any.seed, any.trainImages, any.testImages, job);
    }

    void takeKept(const std::string& fingerprint) {
        for (std::size_t i = 0; i < kCount; ++i) {
            records_[i] = keptRecord(file(i, ".json"), specs_[i], fingerprint);
            shares_[i] = records_[i].is_null() ? 0 : 1;
        }
    }

    void trainRest(const deep::ImageData& data) {
        const auto left = static_cast<std::size_t>(std::ranges::count_if(records_, &json::is_null));
        onThreads(std::min(static_cast<std::size_t>(place_.options().jobs), left), [&] { work(data); });
        if (failure_ && !place_.control().stopRequested())
            std::rethrow_exception(failure_);
    }

    void work(const deep::ImageData& data) {
        while (true) {
            std::size_t index = 0;
            {
                const std::lock_guard lock(mutex_);
                while (next_ < kCount && !records_[next_].is_null())
                    ++next_;
                if (next_ == kCount || failure_ || place_.control().stopRequested())
                    return;
                index = next_++;
            }
            try {
                train(index, data);
            } catch (...) {
                const std::lock_guard lock(mutex_);
                if (!failure_)
                    failure_ = std::current_exception();
                return;
            }
        }
    }

    void train(std::size_t index, const deep::ImageData& data) {
        constexpr int kIterationsToLose = 100;
        const auto checkpoint = file(index, ".ck");
        dropForeign(checkpoint, specs_[index], data);
        Observer observer(*this, index);
        const deep::DeepRecord record =
            runDeep(specs_[index], data, observer, place_.control(), {checkpoint, kIterationsToLose}).record;
        const json object = toJson(record);
        writeFileAtomically(file(index, ".json"), jsonText(object, 1) + "\n");
        writeFileAtomically(file(index, ".csv"), toCsv(record));
        const std::lock_guard lock(mutex_);
        if (record.status != RunStatus::Stopped)
            records_[index] = object;
    }

    void report(std::size_t index, double share, std::string_view phase) {
        const std::lock_guard lock(mutex_);
        shares_[index] = share;
        double all = 0;
        for (const double each : shares_)
            all += each;
        place_.report(all / kCount, displayName(specs_[index]) + ", " + std::string(phase));
    }

    Workplace& place_;
    std::filesystem::path folder_;
    std::string source_;
    DeepSpec specs_[kCount];
    json records_[kCount];
    std::mutex mutex_; ///< of what follows, and of records_ while networks train
    double shares_[kCount] = {};
    std::size_t next_ = 0;
    std::exception_ptr failure_;
};

/// A completed run, in numbers.
struct Result {
    std::string title;
    int levels;
    double trainLoss, testLoss, testAccuracy;
};

class Deep final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "deep"; }
    [[nodiscard]] std::string title() const override { return "Deep learning: Optimal5 against XNOR5"; }
    [[nodiscard]] std::string published() const override {
        return "Caffe's CIFAR-10 network: five optimal levels of weights reach a training loss clearly below "
               "that of five uniform ones (XNOR5) (recalled, high confidence) and more than 5 points of test "
               "accuracy above it (recalled, moderate confidence).";
    }
    [[nodiscard]] std::string method() const override {
        return "cifar10_quick with the published schedule (5,000 minibatches of 100, rate 0.001, a tenth "
               "from "
               "4,000 on); the weights of all layers rounded to the nearest level, gradients straight "
               "through "
               "to full-precision weights. 'Published optimal-5' is the rule of the authors' code, 'Optimal' "
               "the exact levels of least rounding variance, LSQ of later work. One seed, one core each.";
    }
    [[nodiscard]] double expectedSeconds(bool quick) const override { return quick ? 12 : 1100; }
    [[nodiscard]] std::vector<std::string> dataNames(bool quick) const override {
        return quick ? std::vector<std::string>() : std::vector<std::string>{kData};
    }

    Outcome run(Workplace& place) const override {
        Outcome outcome;
        const auto& options = place.options();
        const ExperimentData& set = experimentData(kData);
        std::optional<json> settings;
        if (!options.quick)
            settings = locate(set, options.data, options.out / "data");
        if (const auto problem = deep::engineProblem(); !problem.empty())
            outcome.skipped.push_back(title() + ": " + problem);
        if (!options.quick && !settings)
            outcome.skipped.push_back(missingText(set, options.data));
        if (!outcome.skipped.empty())
            return outcome;
        if (options.quick)
            outcome.notes.emplace_back(
                "Quick settings: a smaller network, 120 minibatches of 32 of 1,000 "
                "generated images of ten shapes (full: cifar10_quick on CIFAR-10, 5,000 "
                "minibatches of 100).");
        const auto data = options.quick ? "shapes" : settings->at("data").get<std::string>();
        const auto records = Trainings(place, place.recordFolder(name()), data).run();
        outcome.complete = std::ranges::none_of(records, &json::is_null);
        show(records, outcome);
        judge(records, options.quick, outcome);
        return outcome;
    }

  private:
    /// Empty where the run diverged or was stopped.
    static std::optional<Result> resultOf(const std::vector<json>& records, std::string_view name) {
        const auto* const at = std::ranges::find(kConfigurations, name, &Configuration::name);
        const json& record = records[static_cast<std::size_t>(at - std::begin(kConfigurations))];
        if (record.is_null() || record["final"].is_null())
            return {};
        const json& final = record["final"];
        return Result{displayName(deep::deepSpecFromJson(record["spec"])), at->levels,
                      final["train_loss"].get<double>(), final["test_loss"].get<double>(),
                      100 * final["test_accuracy"].get<double>()};
    }

    static void show(const std::vector<json>& records, Outcome& outcome) {
        Chart loss{"Training loss, weights of few levels",
                   "Mean cross-entropy of the minibatches since the last point, each before its step; lower "
                   "is better.",
                   "epoch",
                   "training loss",
                   false,
                   {}};
        Chart accuracy{"Test accuracy, weights of few levels",
                       "Share of the test images that are named right, weights rounded; higher is better.",
                       "epoch",
                       "test accuracy (%)",
                       false,
                       {}};
        Table table{"Networks",
                    {"Weights", "Levels", "Training loss", "Test loss", "Test accuracy (%)",
                     "Below full (points)", "kB stored"},
                    {}};
        const auto full = resultOf(records, "full");
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i].is_null())
                continue;
            const json& record = records[i];
            const std::string title = displayName(deep::deepSpecFromJson(record["spec"]));
            Chart::Line losses{title, {}, {}}, accuracies{title, {}, {}};
            for (const json& epoch : record["epochs"]) {
                losses.x.push_back(epoch["epoch"].get<double>());
                losses.y.push_back(epoch["train_loss"].get<double>());
                accuracies.x.push_back(losses.x.back());
                accuracies.y.push_back(100 * epoch["test_accuracy"].get<double>());
            }
            if (!losses.x.empty()) {
                loss.lines.push_back(std::move(losses));
                accuracy.lines.push_back(std::move(accuracies));
            }
            const auto result = resultOf(records, kConfigurations[i].name);
            const bool exact = kConfigurations[i].weights == WeightMethod::Full;
            table.rows.push_back({title, exact ? "-" : std::to_string(kConfigurations[i].levels),
                                  result ? numberText(result->trainLoss, "%.3f") : "diverged",
                                  result ? numberText(result->testLoss, "%.3f") : "-",
                                  result ? numberText(result->testAccuracy, "%.2f") : "-",
                                  result && full && !exact
                                      ? numberText(full->testAccuracy - result->testAccuracy, "%.2f")
                                      : "-",
                                  numberText(record["setup"]["stored_bytes"].get<double>() / 1e3)});
        }
        if (loss.lines.empty())
            return;
        outcome.charts = {std::move(loss), std::move(accuracy)};
        outcome.tables.push_back(std::move(table));
    }

    static void judge(const std::vector<json>& records, bool quick, Outcome& outcome) {
        const auto full = resultOf(records, "full"), binary = resultOf(records, "xnor-2"),
                   uniform = resultOf(records, "xnor-5"), published = resultOf(records, "heuristic-5"),
                   exact = resultOf(records, "optimal-5");
        const auto say = [&](const char* name, const char* paper, auto&& measured, auto&& holds,
                             const std::string& note, auto... results) {
            Verdict verdict{name, paper, "not measured: a run is missing or has diverged", {}, note};
            if ((results && ...)) {
                verdict.measured = measured();
                if (!quick)
                    verdict.holds = holds();
            }
            if (quick)
                verdict.note = "Quick settings do not decide it.";
            outcome.claims.push_back(std::move(verdict));
        };
        const auto points = [](const Result& one) {
            return one.title + " " + numberText(one.testAccuracy, "%.2f") + "%";
        };
        const auto over = [&](const std::optional<Result>& one, const std::optional<Result>& other) {
            return one->testAccuracy - other->testAccuracy;
        };
        say(
            "deep-5-points",
            "Optimal5 more than 5 points of test accuracy above XNOR5 (recalled, moderate confidence)",
            [&] {
                return points(*published) + ", " + points(*uniform) + ": " +
                       numberText(over(published, uniform), "%+.2f") + " points";
            },
            [&] { return over(published, uniform) > 5; }, "Optimal5 as the authors' code places its levels.",
            published, uniform);
        say(
            "deep-exact-levels", "So do exactly optimal levels, by at least 2 points (inferred)",
            [&] { return points(*exact) + ": " + numberText(over(exact, uniform), "%+.2f") + " points"; },
            [&] { return over(exact, uniform) >= 2; },
            "Least variance of rounding at random, used with rounding to the nearest: the published rule's "
            "levels, which clip, fit that better.",
            exact, uniform);
        say(
            "deep-training-loss",
            "Optimal5's training loss clearly below XNOR5's (recalled, high confidence)",
            [&] {
                return "training loss: published " + numberText(published->trainLoss, "%.3f") + ", exact " +
                       numberText(exact->trainLoss, "%.3f") + ", XNOR5 " +
                       numberText(uniform->trainLoss, "%.3f");
            },
            [&] { return std::max(published->trainLoss, exact->trainLoss) <= 0.9 * uniform->trainLoss; },
            "Clearly: by at least a tenth.", published, exact, uniform);
        say(
            "deep-near-full", "Optimal5 about as accurate as full precision (recalled, low confidence)",
            [&] {
                return points(*full) + ", " + points(*published) + ": " +
                       numberText(over(full, published), "%.2f") + " points below";
            },
            [&] { return over(full, published) <= 1; }, "Held to 1 point.", full, published);
        say(
            "deep-order", "Accuracy: full > ZipML-5 > XNOR binary > uniform-5 (read in the code's README)",
            [&] {
                return points(*full) + ", " + points(*published) + ", " + points(*binary) + ", " +
                       points(*uniform);
            },
            [&] {
                return over(full, published) > 0 && over(published, binary) > 0 && over(binary, uniform) > 0;
            },
            "", full, published, binary, uniform);
    }
};

} // namespace

std::unique_ptr<Experiment> deepExperiment() {
    return std::make_unique<Deep>();
}

} // namespace zipml
