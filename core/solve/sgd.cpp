#include "core/solve/sgd.h"

#include "core/base/shuffle.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 64;

class BatchGradient {
  public:
    BatchGradient(const SampleSource& source, const GradientMethod& method, std::span<const float> labels,
                  const LinearParameters& model, std::size_t batch)
        : source_(source), method_(method), labels_(labels), model_(model) {
        const auto features = model.weights.size();
        const std::size_t chunks = (batch + kRowsPerChunk - 1) / kRowsPerChunk;
        parts_.assign(chunks, LinearParameters::zero(features));
        scratch_.assign(chunks, std::vector<double>(method.scratch(static_cast<std::size_t>(features))));
    }

    /// Sum of the estimates over `rows`, the same whatever the team's size.
    LinearParameters& sumOver(std::span<const std::uint32_t> rows, ThreadTeam& team) {
        const std::size_t chunks = (rows.size() + kRowsPerChunk - 1) / kRowsPerChunk;
        method_.follow(model_);
        if (chunks == 1) {
            addChunk(rows, 0);
        } else {
            team.forEachChunk(chunks, [&](std::size_t chunk) {
                const std::size_t begin = chunk * kRowsPerChunk;
                addChunk(rows.subspan(begin, std::min(kRowsPerChunk, rows.size() - begin)), chunk);
            });
            for (std::size_t chunk = 1; chunk < chunks; ++chunk)
                parts_[0] += parts_[chunk];
        }
        method_.correct(parts_[0], model_, rows.size());
        return parts_[0];
    }

  private:
    void addChunk(std::span<const std::uint32_t> rows, std::size_t chunk) {
        LinearParameters& sum = parts_[chunk];
        sum.intercept = 0;
        sum.weights.setZero();
        for (const std::uint32_t row : rows)
            method_.addGradient(source_.sample(row, scratch_[chunk]), labels_[row], model_, sum);
    }

    const SampleSource& source_;
    const GradientMethod& method_;
    std::span<const float> labels_;
    const LinearParameters& model_;
    std::vector<LinearParameters> parts_;
    std::vector<std::vector<double>> scratch_;
};

} // namespace

std::vector<std::uint32_t> batchOrder(const EpochPlan& plan, std::size_t batches) {
    std::vector<std::uint32_t> order(batches);
    if (plan.order != RowOrder::Shuffled) {
        std::iota(order.begin(), order.end(), 0U);
        return order;
    }
    auto shuffled = shuffledIndices(batches, plan.seed, Purpose::Shuffle, plan.epoch);
    const std::size_t size = plan.batchesAWindow;
    if (size == 0 || size >= batches)
        return shuffled;
    // Where each window's batches begin in the order; there they keep the order that all batches have.
    std::vector<std::size_t> next((batches + size - 1) / size);
    std::size_t begin = 0;
    for (const std::uint32_t window :
         shuffledIndices(next.size(), plan.seed, Purpose::WindowOrder, plan.epoch)) {
        next[window] = begin;
        begin += std::min(size, batches - window * size);
    }
    for (const std::uint32_t batch : shuffled)
        order[next[batch / size]++] = batch;
    return order;
}

void TailAverage::add(const LinearParameters& iterate) {
    if (skipped_ > 0) {
        --skipped_;
        return;
    }
    if (count_++ == 0) {
        mean_ = iterate;
        return;
    }
    const double share = 1.0 / static_cast<double>(count_);
    mean_.intercept += share * (iterate.intercept - mean_.intercept);
    mean_.weights += share * (iterate.weights - mean_.weights);
}

void TailAverage::advance(std::uint64_t steps, LinearParameters mean) {
    const std::uint64_t before = std::min(skipped_, steps);
    skipped_ -= before;
    count_ += steps - before;
    mean_ = std::move(mean);
}

void finishStep(const EpochPlan& plan, LinearParameters& model, std::uint32_t batch, TailAverage* average) {
    if (plan.anchor != nullptr && plan.regularizer.kind != RegularizerKind::None) {
        const Eigen::VectorXd& at = plan.anchor->at.weights;
        Eigen::VectorXd weights = at + model.weights;
        plan.regularizer.applyProximalStep(weights, plan.step);
        model.weights = weights - at;
    } else {
        plan.regularizer.applyProximalStep(model.weights, plan.step);
    }
    if (const double norm = model.weights.norm(); plan.mostNorm > 0 && norm > plan.mostNorm)
        model.weights *= plan.mostNorm / norm;
    constexpr std::uint16_t kKept = 2; // apart from the model's roundings as it is sent and measured
    plan.kept.round(model.weights, {plan.seed, Purpose::ModelRounding, plan.epoch, kKept}, batch);
    if (average != nullptr)
        average->add(model);
}

bool runEpoch(const EpochPlan& plan, const SampleSource& source, const GradientMethod& method,
              std::span<const float> labels, LinearParameters& model, ThreadTeam& team, RunControl& control,
              const std::function<void(double)>& onProgress, TailAverage* average) {
    std::vector<std::uint32_t> rows(labels.size());
    std::iota(rows.begin(), rows.end(), 0U);
    const std::size_t batch = std::min(plan.batch, rows.size());
    const std::size_t batches = (rows.size() + batch - 1) / batch;
    const auto order = batchOrder(plan, batches);
    const std::size_t reportEvery = std::max<std::size_t>(1, batches / 40);
    const RandomStream modelRounding(plan.seed, Purpose::ModelRounding, plan.epoch);
    const RandomStream gradientRounding(plan.seed, Purpose::GradientRounding, plan.epoch);
    LinearParameters sent = model; // as the gradient's device receives it
    BatchGradient gradient(source, method, labels, sent, batch);
    const Anchor* anchor = plan.anchor;
    std::optional<BatchGradient> gradientAtAnchor; // by the same roundings
    if (anchor != nullptr)
        gradientAtAnchor.emplace(source, method, labels, anchor->at, batch);
    for (std::size_t b = 0; b < batches; ++b) {
        if (control.admitBatches(1) == 0)
            return false;
        const std::size_t begin = order[b] * batch;
        const std::size_t count = std::min(batch, rows.size() - begin);
        sent = model;
        method.model.round(sent.weights, modelRounding, static_cast<std::uint32_t>(b));
        if (anchor != nullptr)
            sent += anchor->at;
        LinearParameters& sum = gradient.sumOver({rows.data() + begin, count}, team);
        if (anchor != nullptr)
            sum -= gradientAtAnchor->sumOver({rows.data() + begin, count}, team);
        method.gradient.round(sum.weights, gradientRounding, static_cast<std::uint32_t>(b));
        const double scale = plan.step / static_cast<double>(count);
        model.weights -= scale * sum.weights;
        if (plan.intercept)
            model.intercept -= scale * sum.intercept;
        if (anchor != nullptr) {
            model.weights -= plan.step * anchor->gradient.weights;
            model.intercept -= plan.step * anchor->gradient.intercept;
        }
        if (method.polynomial.interval > 0) // beyond it the intercept alone leaves the interval
            model.intercept =
                std::clamp(model.intercept, -method.polynomial.interval, method.polynomial.interval);
        finishStep(plan, model, static_cast<std::uint32_t>(b), average);
        if ((b + 1) % reportEvery == 0 || control.steppedBatch()) {
            if (!model.finite())
                return false;
            onProgress(static_cast<double>(b + 1) / static_cast<double>(batches));
        }
    }
    return model.finite();
}

std::vector<std::uint32_t> stepRows(std::size_t rows, std::uint64_t seed) {
    constexpr std::size_t kShuffled = std::size_t{1} << 24U; // of more, an order of all takes much memory
    if (rows > kShuffled) {
        const RandomStream draws(seed, Purpose::BiasRows);
        std::vector<std::uint32_t> chosen;
        std::set<std::uint32_t> seen;
        for (std::uint32_t block = 0; chosen.size() < kStepRows; ++block)
            for (const std::uint32_t word : draws.words(1, block))
                if (const auto row = static_cast<std::uint32_t>((std::uint64_t{word} * rows) >> 32U);
                    chosen.size() < kStepRows && seen.insert(row).second)
                    chosen.push_back(row);
        return chosen;
    }
    auto order = shuffledIndices(rows, seed, Purpose::BiasRows);
    order.resize(std::min(rows, kStepRows));
    return order;
}

void RowLengths::add(const Dataset& rows, bool intercept) {
    for (std::size_t row = 0; row < rows.rows; ++row) {
        const double square =
            Eigen::Map<const Eigen::VectorXf>(rows.row(row).data(), static_cast<Eigen::Index>(rows.features))
                .cast<double>()
                .squaredNorm() +
            (intercept ? 1.0 : 0.0);
        squares += square;
        fourths += square * square;
        longest = std::max(longest, square);
    }
}

double autoStep(const Dataset& data, bool intercept, std::size_t batch, std::uint64_t seed, const Loss& loss,
                bool overshoots) {
    const auto rows = stepRows(data.rows, seed);
    RowLengths lengths; // of all: few long rows decide what is stable
    lengths.add(data, intercept);
    const double largest = largestEigenvalue(rows.size(), data.features, intercept,
                                             [&](std::size_t i) { return data.row(rows[i]); });
    return stepFor(largest, lengths.fourths / lengths.squares, lengths.longest, std::min(batch, data.rows),
                   overshoots) /
           loss.largestCurvature();
}

double stepFor(double curvature, double spread, double longest, std::size_t rowsAStep, bool overshoots) {
    if (!(longest > 0))
        return 1.0; // all samples are zero: any step is as good
    const auto rows = static_cast<double>(rowsAStep);
    const double step = 1.0 / (2.0 * (curvature + spread / rows));
    return overshoots ? step : std::min(step, rows / longest);
}

double largestEigenvalue(std::size_t rows, std::size_t features, bool intercept,
                         const std::function<std::span<const float>(std::size_t)>& row,
                         std::span<const double> noise) {
    constexpr int kIterations = 30;
    const double constant = intercept ? 1.0 : 0.0;
    const auto size = static_cast<Eigen::Index>(features);
    LinearParameters direction{constant, Eigen::VectorXd::Ones(size)};
    double largest = 0;
    for (int i = 0; i < kIterations; ++i) {
        const double norm = direction.norm();
        if (!(norm > 0))
            break;
        direction *= 1.0 / norm;
        auto image = LinearParameters::zero(size);
        for (std::size_t r = 0; r < rows; ++r) {
            const auto a = Eigen::Map<const Eigen::VectorXf>(row(r).data(), size).cast<double>();
            const double product = a.dot(direction.weights) + constant * direction.intercept;
            image.weights += product * a;
            image.intercept += constant * product;
        }
        image *= 1.0 / static_cast<double>(rows);
        if (!noise.empty())
            image.weights -=
                Eigen::Map<const Eigen::VectorXd>(noise.data(), size).cwiseProduct(direction.weights);
        largest = image.norm();
        direction = std::move(image);
    }
    return largest;
}

} // namespace zipml
