#include "core/loss/evaluate.h"

#include "core/kernels/double_row_kernels.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 1024;

/// visit(row, score, sum of its chunk) for each row; the sums of the chunks, added up in their order.
template <class Sum, class Visit>
Sum overScores(const RowsView& data, const LinearParameters& model, ThreadTeam& team, const Job& job,
               Visit&& visit) {
    const DoubleRowKernels& kernels = doubleRowKernels(activeIsa());
    std::vector<Sum> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        Sum part;
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const double score = kernels.dot(data.row(row).data(), model.weights.data(), data.features);
            visit(row, model.intercept + score, part);
        }
        parts[chunk] = part;
    });
    Sum total;
    for (const Sum& part : parts)
        total += part;
    return total;
}

struct Sums {
    double loss = 0;
    std::size_t correct = 0;
    Sums& operator+=(const Sums& other) {
        loss += other.loss;
        correct += other.correct;
        return *this;
    }
};

struct Count {
    std::size_t rows = 0;
    Count& operator+=(const Count& other) {
        rows += other.rows;
        return *this;
    }
};

} // namespace

Evaluation evaluate(const RowsView& data, const Loss& loss, const LinearParameters& model, ThreadTeam& team,
                    const Job& job) {
    const auto add = [&](auto&& value) {
        return overScores<Sums>(data, model, team, job, [&](std::size_t row, double score, Sums& sums) {
            const double label = data.labels[row];
            sums.loss += value(score, label);
            sums.correct += (score >= 0) == (label >= 0) ? 1U : 0U;
        });
    };
    // The commonest loss without a call a row.
    const Sums total = loss.isQuadratic()
                           ? add([](double score, double label) { return (score - label) * (score - label); })
                           : add([&](double score, double label) { return loss.value(score, label); });
    const auto rows = static_cast<double>(data.rows);
    return {total.loss / rows, static_cast<double>(total.correct) / rows};
}

double shareBeyond(const Dataset& data, const LinearParameters& model, double most, ThreadTeam& team,
                   const Job& job) {
    const auto beyond =
        overScores<Count>(data, model, team, job, [&](std::size_t /*row*/, double score, Count& count) {
            count.rows += std::abs(score) > most ? 1U : 0U;
        });
    return static_cast<double>(beyond.rows) / static_cast<double>(data.rows);
}

LinearParameters meanGradient(const Dataset& data, const Loss& loss, const LinearParameters& model,
                              ThreadTeam& team, const Job& job, std::span<const float> labels) {
    if (labels.empty())
        labels = data.labels;
    const auto features = static_cast<Eigen::Index>(data.features);
    const DoubleRowKernels& kernels = doubleRowKernels(activeIsa());
    std::vector<LinearParameters> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk,
                                        LinearParameters::zero(features));
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const float* a = data.row(row).data();
            const double score = model.intercept + kernels.dot(a, model.weights.data(), data.features);
            const double slope = loss.slope(score, labels[row]);
            parts[chunk].intercept += slope;
            kernels.addScaled(a, slope, data.features, parts[chunk].weights.data());
        }
    });
    LinearParameters gradient = LinearParameters::zero(features);
    for (const LinearParameters& part : parts)
        gradient += part;
    return gradient *= 1.0 / static_cast<double>(data.rows);
}

} // namespace zipml
