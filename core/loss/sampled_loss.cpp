#include "core/loss/sampled_loss.h"

#include "core/kernels/double_row_kernels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml {
namespace {

constexpr std::size_t kSampledRowsAChunk = 64;

struct RowLosses {
    std::vector<double> losses;
    double right = 0; ///< share of the rows whose score has the label's sign
};

RowLosses rowLosses(const Dataset& data, const Loss& loss, const LinearParameters& model, ThreadTeam& team,
                    const Job& job) {
    const DoubleRowKernels& kernels = doubleRowKernels(activeIsa());
    RowLosses rows{std::vector<double>(data.rows), 0};
    std::vector<unsigned char> right(data.rows);
    team.forEachChunk((data.rows + kSampledRowsAChunk - 1) / kSampledRowsAChunk, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(data.rows, (chunk + 1) * kSampledRowsAChunk);
        for (std::size_t row = chunk * kSampledRowsAChunk; row < end; ++row) {
            const double score =
                model.intercept + kernels.dot(data.row(row).data(), model.weights.data(), data.features);
            const double label = data.labels[row];
            rows.losses[row] = loss.value(score, label);
            right[row] = (score >= 0) == (label >= 0) ? 1 : 0;
        }
    });
    rows.right = static_cast<double>(std::accumulate(right.begin(), right.end(), std::size_t{0})) /
                 static_cast<double>(data.rows);
    return rows;
}

double meanOf(std::span<const double> numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// Sum of the products of two rows' distances from their means.
double productOf(std::span<const double> a, double meanA, std::span<const double> b, double meanB) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - meanA) * (b[i] - meanB);
    return sum;
}

} // namespace

LossEstimate estimateLoss(const Dataset& exact, const Dataset& rounded, const Evaluation& all,
                          std::size_t population, const Loss& loss, const LinearParameters& model,
                          ThreadTeam& team, const Job& job) {
    const RowLosses own = rowLosses(exact, loss, model, team, job);
    const std::size_t rows = exact.rows;
    const double mean = meanOf(own.losses);
    if (rows == population)
        return {mean, 0, own.right};
    const RowLosses read = rowLosses(rounded, loss, model, team, job);
    const auto count = static_cast<double>(rows);
    const double left = 1 - count / static_cast<double>(population);
    const double spread = productOf(own.losses, mean, own.losses, mean);
    const double meanRead = meanOf(read.losses);
    const double spreadRead = productOf(read.losses, meanRead, read.losses, meanRead);
    const double together = productOf(own.losses, mean, read.losses, meanRead);
    const double accuracy = std::clamp(own.right + all.accuracy - read.right, 0.0, 1.0);
    if (const double slope = together / spreadRead; rows > 2 && std::isfinite(slope)) {
        const double estimate = mean + slope * (all.loss - meanRead);
        const double rest = std::max(0.0, spread - slope * together);
        const bool negative =
            estimate < 0 && std::ranges::all_of(own.losses, [](double l) { return l >= 0; });
        if (std::isfinite(estimate) && !negative)
            return {estimate, std::sqrt(left * rest / (count - 2) / count), accuracy};
    }
    return {mean, std::sqrt(left * spread / (count - 1) / count), accuracy};
}

} // namespace zipml
