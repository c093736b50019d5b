#include "accel/self_test.h"

#include "accel/trainer.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace zipml {
namespace {

constexpr double kLossBound = 1e-5; ///< relative

struct Shape {
    std::size_t rows, features;
    [[nodiscard]] std::string text() const { return std::to_string(rows) + " x " + std::to_string(features); }
};
constexpr Shape kShapes[] = {{1, 1}, {33, 1}, {50, 7}, {100, 90}, {18, 1000}};
constexpr Shape kQuickShapes[] = {{1, 1}, {18, 7}, {20, 45}};
constexpr Shape kLimits[] = {{70'000, 2}, {17, 70'000}};

constexpr EstimatorKind kEstimators[] = {EstimatorKind::Naive, EstimatorKind::Corrected,
                                         EstimatorKind::Double, EstimatorKind::DoublePlain,
                                         EstimatorKind::DoubleMean};

Dataset normals(Shape shape) {
    const RandomStream stream(7, Purpose::Synthetic, 1);
    Dataset data;
    data.name = "self-test";
    data.rows = shape.rows;
    data.features = shape.features;
    for (std::uint32_t row = 0; row < shape.rows; ++row) {
        for (std::uint32_t f = 0; f < shape.features; ++f)
            data.values.push_back(static_cast<float>(stream.normals(row, f / 4)[f % 4]));
        data.labels.push_back(static_cast<float>(stream.normals(row, 1'000'000)[0]));
    }
    return data;
}

/// An epoch that is held against the reference.
struct EpochCase {
    EstimatorKind kind;
    int bits; ///< of the samples; 32: exact
    LossKind loss = LossKind::LeastSquares;
    int vectorBits = VectorQuantizer::kOff; ///< of model and gradient

    [[nodiscard]] std::string text() const {
        std::string text = "epoch, ";
        if (loss != LossKind::LeastSquares)
            text.append(nameOf(loss)).append(", ");
        text.append(nameOf(kind)).append(bits == 32 ? ", float32" : ", " + std::to_string(bits) + " bits");
        if (vectorBits != VectorQuantizer::kOff)
            text += ", model and gradient " + std::to_string(vectorBits) + " bits";
        return text;
    }
};

class SelfTest {
  public:
    explicit SelfTest(const ComputeContext& context) : context_(context) {}

    [[nodiscard]] SelfTestResult quantize(int bits, int copies, std::span<const Shape> shapes) {
        SelfTestResult result{
            "quantize, " + std::to_string(bits) + " bits, " + std::to_string(copies) + " copies", 0, {}, 0};
        for (const Shape shape : shapes) {
            const Dataset data = normals(shape);
            const StoreOptions options{bits, copies, Rounding::Stochastic, 0x123456789ULL};
            const auto grids = gridsOf(data, bits);
            SampleStore store(data.rows, grids, options);
            store.build(data, 2, team_);
            ++result.cases;
            if (!std::ranges::equal(quantizeOnDevice(context_, data, grids, options, 2), store.packed()))
                result.failure = shape.text() + ": the bytes differ";
        }
        return result;
    }

    [[nodiscard]] SelfTestResult evaluation(std::span<const Shape> shapes) {
        SelfTestResult result{"evaluate, float32, double sums", 0, {}, 0};
        for (const Shape shape : shapes) {
            const Dataset data = normals(shape), none;
            const GradientMethod method(EstimatorKind::Full);
            const auto trainer = makeOpenClTrainer(context_, {data, none, {}, method, {}, 16});
            auto model = LinearParameters::zero(static_cast<Eigen::Index>(shape.features));
            model.weights.setLinSpaced(-1, 1);
            const Evaluation wanted = evaluate(data, Loss{}, model, team_);
            const Evaluation found = trainer->evaluate(DeviceTrainer::Rows::Train, model);
            const double difference = std::abs(found.loss - wanted.loss) / wanted.loss;
            result.worst = std::max(result.worst, difference);
            if (!(difference <= kLossBound) || found.accuracy != wanted.accuracy)
                result.failure = shape.text() + ": the loss is " + std::to_string(found.loss) +
                                 " instead of " + std::to_string(wanted.loss);
            ++result.cases;
        }
        return result;
    }

    [[nodiscard]] SelfTestResult epoch(const EpochCase& which, std::span<const Shape> shapes) {
        SelfTestResult result{which.text(), 0, {}, 0};
        for (const Shape shape : shapes)
            compare(which, shape, result);
        return result;
    }

  private:
    std::vector<Grid> gridsOf(const Dataset& data, int bits) {
        return buildGrids(data, {}, bits, false, team_);
    }

    void compare(const EpochCase& which, Shape shape, SelfTestResult& result) {
        const auto [kind, bits, loss, vectorBits] = which;
        Dataset data = normals(shape);
        const Dataset none;
        GradientMethod method(kind, Loss{loss, {}});
        method.model.bits = method.gradient.bits = vectorBits;
        if (!method.loss.isQuadratic())
            for (float& label : data.labels)
                label = label > 0 ? 1.0F : -1.0F;
        std::vector<Grid> grids;
        std::optional<SampleStore> store;
        if (method.copies > 0) {
            grids = gridsOf(data, bits);
            store.emplace(data.rows, grids, StoreOptions{bits, method.copies, method.estimator->rounding, 5});
            store->build(data, 0, team_);
        }
        if (method.estimator->corrected()) {
            const auto variance = meanRoundingVariance(data, grids, team_);
            method.correction = Eigen::Map<const Eigen::VectorXd>(variance.data(),
                                                                  static_cast<Eigen::Index>(variance.size()));
        }
        EpochPlan plan;
        plan.batch = 16;
        plan.step = 0.1 / static_cast<double>(shape.features);
        RunControl control;
        const auto ignore = [](double) {};
        auto wanted = LinearParameters::zero(static_cast<Eigen::Index>(shape.features));
        LinearParameters model = wanted;
        if (store)
            runEpoch(plan, StoreSource(*store, plan.epoch), method, data.labels, wanted, team_, control,
                     ignore);
        else
            runEpoch(plan, ExactSource(data), method, data.labels, wanted, team_, control, ignore);
        const auto trainer = makeOpenClTrainer(
            context_, {data, none, grids, method, store ? store->options() : StoreOptions{}, plan.batch});
        trainer->build(0);
        trainer->runEpoch(plan, model, control, ignore);
        const double wantedLoss = evaluate(data, method.loss, wanted, team_).loss;
        for (const double found : {evaluate(data, method.loss, model, team_).loss,
                                   trainer->evaluate(DeviceTrainer::Rows::Train, model).loss}) {
            const double difference = std::abs(found - wantedLoss) / wantedLoss;
            result.worst = std::max(result.worst, difference);
            if (!(difference <= kLossBound))
                result.failure = shape.text() + ": the loss is " + std::to_string(found) + " instead of " +
                                 std::to_string(wantedLoss);
        }
        ++result.cases;
    }

    const ComputeContext& context_;
    ThreadTeam team_{1};
};

} // namespace

std::vector<SelfTestResult> selfTest(const ComputeContext& context, const SelfTestOptions& options,
                                     const std::function<void(const SelfTestResult&)>& onResult) {
    SelfTest test(context);
    std::vector<SelfTestResult> results;
    const auto add = [&](SelfTestResult result) {
        if (onResult)
            onResult(result);
        results.push_back(std::move(result));
    };
    std::vector<Shape> shapes(options.quick ? std::vector(std::begin(kQuickShapes), std::end(kQuickShapes))
                                            : std::vector(std::begin(kShapes), std::end(kShapes)));
    if (options.limits)
        shapes.insert(shapes.end(), std::begin(kLimits), std::end(kLimits));
    for (const int copies : {1, 2})
        for (const int bits : {1, 2, 4, 8})
            add(test.quantize(bits, copies, shapes));
    add(test.evaluation(shapes));
    add(test.epoch({EstimatorKind::Full, 32}, shapes));
    add(test.epoch({EstimatorKind::Full, 32, LossKind::Logistic}, shapes));
    add(test.epoch({EstimatorKind::Naive, 4, LossKind::Logistic}, shapes));
    add(test.epoch({EstimatorKind::EndToEnd, 4, LossKind::LeastSquares, 8}, shapes));
    for (const EstimatorKind kind : kEstimators)
        for (const int bits : {1, 2, 3, 4, 8}) // of 3 bits, two roundings are one part
            if (!options.quick || bits == 4 || kind == EstimatorKind::Naive)
                add(test.epoch({kind, bits}, shapes));
    return results;
}

} // namespace zipml
