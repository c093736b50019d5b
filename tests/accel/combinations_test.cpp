// Every combination of choices is refused with a reason and a repair that then works, or learns what the
// row-by-row reference learns. ZIPML_COMBINATIONS says how many are tried (default 800); they are spread over
// all of them so that each pair of choices occurs. 20,000 take some minutes: QtTest ends a test after five
// unless QTEST_FUNCTION_TIMEOUT (milliseconds) says more.

#include "accel/device_list.h"
#include "accel/fpga/trainer.h"
#include "accel/trainer.h"
#include "core/lab/build_store.h"
#include "core/lab/compute_device.h"
#include "core/lab/rules.h"
#include "core/lab/run.h"
#include "core/lab/store_run.h"
#include "tests/support/random_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using namespace zipml;

namespace {

constexpr const char* kRegularizers[] = {"none",     "l1:0.02", "l2:0.05", "elastic:0.01,0.05",
                                         "ball:1.5", "box:-1,1"};
constexpr const char* kDevices[] = {"cpu", kScalarDevice.data(), "opencl:0", "fpga:0"};
constexpr int kBits[] = {1, 4, 8, 16, 32};
enum Kept { Packed, AnyPrecision, File, kKinds };

/// A number's digits in mixed bases are a combination's choices.
class Digits {
  public:
    explicit Digits(std::uint64_t number) : rest_(number) {}
    std::size_t next(std::size_t base) {
        sizes_.push_back(base);
        digits_.push_back(static_cast<std::size_t>(rest_ % base));
        rest_ /= base;
        return digits_.back();
    }
    [[nodiscard]] const std::vector<std::size_t>& digits() const { return digits_; }
    [[nodiscard]] const std::vector<std::size_t>& sizes() const { return sizes_; }

  private:
    std::uint64_t rest_;
    std::vector<std::size_t> digits_, sizes_;
};

struct Combination {
    RunSpec spec;
    bool fromFile = false; ///< packed into a file first
    Digits digits{0};
};

template <class Enum>
Enum pick(Digits& digits) {
    const auto all = namesOf<Enum>();
    return all[digits.next(all.size())].value;
}

/// @param data what is learned
Combination combinationOf(std::uint64_t number, const std::string& data) {
    Digits digits(number);
    Combination made;
    RunSpec& spec = made.spec;
    spec.data.source = data;
    spec.data.task = Task::Classification;
    spec.estimator = pick<EstimatorKind>(digits);
    spec.loss = pick<LossKind>(digits);
    spec.regularizer = parseRegularizer(kRegularizers[digits.next(std::size(kRegularizers))]);
    const auto kept = static_cast<Kept>(digits.next(kKinds));
    spec.store = kept == AnyPrecision ? StoreKind::AnyPrecision : StoreKind::Packed;
    made.fromFile = kept == File;
    spec.grid.kind = pick<GridKind>(digits);
    spec.arithmetic = pick<Arithmetic>(digits);
    spec.sgd.rounding = pick<RoundingTime>(digits);
    spec.device = kDevices[digits.next(std::size(kDevices))];
    spec.bits = kBits[digits.next(std::size(kBits))];
    spec.polynomial = {3, 6, 0.1};
    spec.grid.candidates = 64;
    if (spec.grid.kind == GridKind::Given)
        spec.grid.levels = {-1, -0.25, 0.125, 1};
    spec.sgd.epochs = 3;
    spec.sgd.step = 0.0625;
    spec.biasDraws = 0;
    spec.threads = 1;
    made.digits = digits;
    return made;
}

std::uint64_t combinations() {
    Digits digits = combinationOf(0, "x").digits;
    std::uint64_t all = 1;
    for (const std::size_t size : digits.sizes())
        all *= size;
    return all;
}

bool tellsWhatToDo(const std::string& message) {
    return message.find("; ") != std::string::npos &&
           (message.find("use ") != std::string::npos || message.find("choose ") != std::string::npos ||
            message.find("set ") != std::string::npos || message.find("drop ") != std::string::npos ||
            message.find("give ") != std::string::npos);
}

struct Spread {
    double mean = 0, deviation = 0;
};
Spread spreadOf(const std::vector<double>& values) {
    Spread spread;
    for (const double value : values)
        spread.mean += value / static_cast<double>(values.size());
    for (const double value : values)
        spread.deviation += (value - spread.mean) * (value - spread.mean);
    spread.deviation = std::sqrt(spread.deviation / static_cast<double>(values.size() - 1));
    return spread;
}

} // namespace

class CombinationsTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string data_;
    PreparedDataCache cache_;
    bool hasOpenCl_ = false;
    std::map<std::string, RunRecord> references_;
    std::map<std::string, Spread> spreads_;

    RunRecord run(const RunSpec& spec) {
        RunObserver observer;
        RunControl control;
        return runExperiment(spec, observer, control, &cache_);
    }
    RunRecord runFromFile(const RunSpec& spec) {
        const std::string file = folder_.filePath("packed.zq").toStdString();
        buildStoreFile(spec, file, {});
        RunSpec onStore = spec;
        onStore.data.source = file;
        return run(onStore);
    }
    RunRecord runAs(const Combination& made) {
        return made.fromFile ? runFromFile(made.spec) : run(made.spec);
    }

    /// On the unquantized rows, which a run on a store does not see.
    double lossOfModel(const RunRecord& record) {
        RunSpec spec = referenceOf(record.spec);
        spec.data.source = data_;
        ThreadTeam team(1);
        return evaluate(cache_.get(spec, {})->train, zipml::lossOf(spec), record.model.parameters, team).loss;
    }

    static RunSpec referenceOf(RunSpec spec) {
        spec.store = StoreKind::Packed;
        spec.arithmetic = Arithmetic::Float;
        spec.device = kReferenceDevice;
        return spec;
    }
    const RunRecord& reference(const RunSpec& spec) {
        const RunSpec wanted = referenceOf(spec);
        const std::string key = toJson(wanted).dump();
        const auto found = references_.find(key);
        return found != references_.end() ? found->second
                                          : references_.emplace(key, run(wanted)).first->second;
    }
    /// Of the last losses of several seeds.
    const Spread& referenceSpread(RunSpec spec) {
        const std::string key = toJson(referenceOf(spec)).dump();
        const auto found = spreads_.find(key);
        if (found != spreads_.end())
            return found->second;
        std::vector<double> losses;
        for (spec.seed = 1; spec.seed <= 8; ++spec.seed)
            losses.push_back(lossOfModel(reference(spec)));
        return spreads_.emplace(key, spreadOf(losses)).first->second;
    }

    /// What is wrong with a run; empty where nothing is.
    std::string difference(const Combination& made) {
        const RunSpec& spec = made.spec;
        const RunRecord record = runAs(made);
        const RunRecord& wanted = reference(spec);
        if (record.epochs.size() != wanted.epochs.size())
            return "has " + std::to_string(record.epochs.size()) + " epochs, " + record.message;
        const double scale = wanted.initial.trainLoss;
        // The same roundings and coins, in float32: kernels' sums alone differ.
        if (!made.fromFile && spec.store == StoreKind::Packed &&
            record.setup.arithmetic == nameOf(Arithmetic::Float)) {
            constexpr double kBound = 1e-4;
            for (std::size_t e = 0; e < wanted.epochs.size(); ++e)
                if (!(std::abs(record.epochs[e].trainLoss - wanted.epochs[e].trainLoss) <= kBound * scale))
                    return "epoch " + std::to_string(e + 1) + ": " +
                           std::to_string(record.epochs[e].trainLoss) + " for " +
                           std::to_string(wanted.epochs[e].trainLoss);
            return {};
        }
        // Other roundings, and those of model and residuals: the same in the mean.
        constexpr double kFloor = 0.03;
        constexpr int kSeeds = 4;
        std::vector<double> losses;
        Combination other = made;
        for (other.spec.seed = 1; other.spec.seed <= kSeeds; ++other.spec.seed)
            losses.push_back(lossOfModel(runAs(other)));
        const Spread found = spreadOf(losses);
        const Spread& expected = referenceSpread(spec);
        const double error = std::sqrt(found.deviation * found.deviation / kSeeds +
                                       expected.deviation * expected.deviation / 8);
        if (std::abs(found.mean - expected.mean) <= 5 * error + kFloor * scale)
            return {};
        return "mean " + std::to_string(found.mean) + " for " + std::to_string(expected.mean) + " (start " +
               std::to_string(scale) + ", error " + std::to_string(error) + ")";
    }

  private slots:
    void initTestCase() {
        addComputeBackend(openClBackend());
        addComputeBackend(fpgaBackend());
        hasOpenCl_ = !listOpenClDevices().empty();
        const auto data = test::randomData(96, 5, 7);
        data_ = folder_.filePath("data").toStdString();
        std::ofstream out(data_);
        for (std::size_t row = 0; row < data.rows; ++row) {
            double score = data.labels[row];
            for (std::size_t f = 0; f < 5; ++f)
                score += data.row(row)[f] * (f % 2 == 0 ? 2.0 : -1.0);
            out << (score > 0.4 ? 1 : -1);
            for (std::size_t f = 0; f < 5; ++f)
                out << ' ' << f + 1 << ':' << data.row(row)[f];
            out << '\n';
        }
    }

    void refusedWithARepairThatWorksOrEqualToTheReference() {
        const std::uint64_t all = combinations();
        const std::uint64_t wanted = qEnvironmentVariableIsSet("ZIPML_COMBINATIONS")
                                         ? qEnvironmentVariable("ZIPML_COMBINATIONS").toULongLong()
                                         : 800;
        constexpr std::uint64_t kStride = 238'099'067; // a prime: visits all, far apart
        std::set<std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>> pairs;
        std::size_t refused = 0, compared = 0, withoutDevice = 0;
        QStringList wrong;
        for (std::uint64_t i = 0; i < std::min(wanted, all); ++i) {
            Combination made = combinationOf(i * kStride % all, data_);
            const auto& digits = made.digits.digits();
            for (std::size_t a = 0; a < digits.size(); ++a)
                for (std::size_t b = 0; b < a; ++b)
                    pairs.insert({a, digits[a], b, digits[b]});
            const std::string asked = toCommandLine(made.spec) + (made.fromFile ? " (from a file)" : "");
            const auto fail = [&](const std::string& what) {
                wrong << QString::fromStdString(asked + "\n    now " + toCommandLine(made.spec) + "\n    " +
                                                what);
            };
            for (int repairs = 0;; ++repairs) {
                if (made.spec.device.starts_with("fpga") ||
                    (made.spec.device.starts_with("opencl") && !hasOpenCl_)) {
                    // No such device here: the rules are asked and their repairs done, nothing is trained.
                    const auto conflicts = conflictsOf({.spec = made.spec, .packs = made.fromFile});
                    if (conflicts.empty()) {
                        ++withoutDevice;
                        break;
                    }
                    refused += repairs == 0 ? 1 : 0;
                    const Conflict& first = conflicts.front();
                    const RunSpec before = made.spec;
                    if (first.repair)
                        first.repair(made.spec);
                    if (!tellsWhatToDo(first.message()) || made.spec == before || repairs > 12) {
                        fail("no repair of: " + first.message());
                        break;
                    }
                    continue;
                }
                try {
                    if (const std::string what = difference(made); !what.empty())
                        fail(what);
                    ++compared;
                    break;
                } catch (const ConflictError& error) {
                    refused += repairs == 0 ? 1 : 0;
                    RunSpec repaired = error.repaired();
                    if (made.fromFile)
                        repaired.data.source = data_;
                    if (!tellsWhatToDo(error.what()) || repaired == made.spec || repairs > 12) {
                        fail(std::string("no repair of: ") + error.what());
                        break;
                    }
                    made.spec = std::move(repaired);
                } catch (const std::exception& error) {
                    fail(std::string("failed: ") + error.what());
                    break;
                }
            }
        }
        const std::vector<std::size_t> sizes = combinationOf(0, data_).digits.sizes();
        std::size_t possible = 0;
        for (std::size_t a = 0; a < sizes.size(); ++a)
            for (std::size_t b = 0; b < a; ++b)
                possible += sizes[a] * sizes[b];
        qInfo(
            "%llu of %llu combinations: %zu refused and repaired, %zu trained and compared, %zu for devices "
            "that are not here; %zu of %zu pairs of choices",
            static_cast<unsigned long long>(std::min(wanted, all)), static_cast<unsigned long long>(all),
            refused, compared, withoutDevice, pairs.size(), possible);
        for (const QString& each : wrong.mid(0, 40))
            qWarning("%s", qPrintable(each));
        QVERIFY2(wrong.isEmpty(), qPrintable(QString("%1 are wrong").arg(wrong.size())));
        QCOMPARE(pairs.size(), possible);
    }
};

QTEST_GUILESS_MAIN(CombinationsTest)
#include "combinations_test.moc"
