#include "core/solve/second_moment.h"

#include "core/solve/sgd.h"

#include <algorithm>
#include <limits>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 1024;

/// A rounded value's mean and variance.
struct Rounded {
    double value, variance;
};

Rounded rounded(double value, const Grid* grid, Rounding rounding) {
    if (grid == nullptr)
        return {value, 0};
    if (rounding != Rounding::Nearest)
        return {value, grid->roundingVariance(value)};
    const auto [index, fraction] = grid->locate(value);
    return {grid->level(index + (fraction >= 0.5 ? 1U : 0U)), 0};
}

/// Rounds each row once, so that it is read as it is estimated.
class RowReader {
  public:
    RowReader(const Dataset& data, std::span<const Grid> grids, Rounding rounding)
        : data_(data), grids_(grids), rounding_(rounding), values_(data.features) {}

    std::span<const float> row(std::size_t index) {
        if (grids_.empty() || rounding_ != Rounding::Nearest)
            return data_.row(index);
        for (std::size_t f = 0; f < values_.size(); ++f)
            values_[f] = static_cast<float>(rounded(data_.row(index)[f], &grids_[f], rounding_).value);
        return values_;
    }

  private:
    const Dataset& data_;
    std::span<const Grid> grids_;
    Rounding rounding_;
    std::vector<float> values_;
};

struct Sums {
    Eigen::VectorXd square, variance;
    double squared = 0, fourth = 0, longest = 0;
};

} // namespace

MomentSums::MomentSums(std::size_t features, bool intercept) : intercept_(intercept) {
    sums_.square = sums_.variance = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(features) + 1);
}

void MomentSums::add(const Dataset& data, std::span<const Grid> grids, Rounding rounding, ThreadTeam& team,
                     const Job& job) {
    const Eigen::Index size = sums_.square.size();
    std::vector<Sums> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        Sums part{Eigen::VectorXd::Zero(size), Eigen::VectorXd::Zero(size)};
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            double length = intercept_ ? 1 : 0;
            for (std::size_t f = 0; f < data.features; ++f) {
                const auto [value, variance] =
                    rounded(data.row(row)[f], grids.empty() ? nullptr : &grids[f], rounding);
                const auto i = static_cast<Eigen::Index>(f) + 1;
                part.square[i] += value * value;
                part.variance[i] += variance;
                length += value * value + variance;
            }
            part.squared += length;
            part.fourth += length * length;
            part.longest = std::max(part.longest, length);
        }
        parts[chunk] = std::move(part);
    });
    for (const Sums& part : parts) {
        sums_.square += part.square;
        sums_.variance += part.variance;
        sums_.squared += part.squared;
        sums_.fourth += part.fourth;
        sums_.longest = std::max(sums_.longest, part.longest);
    }
    rows_ += data.rows;
}

SampleMoments MomentSums::means() const {
    SampleMoments moments = sums_;
    const double share = 1.0 / static_cast<double>(rows_);
    moments.square *= share;
    moments.square[0] = intercept_ ? 1 : 0;
    moments.variance *= share;
    moments.squared *= share;
    moments.fourth *= share;
    return moments;
}

void addCurvature(SampleMoments& moments, const Dataset& data, std::span<const std::uint32_t> rows,
                  std::span<const Grid> grids, Rounding rounding, bool intercept) {
    RowReader reader(data, grids, rounding);
    const auto row = [&](std::size_t i) { return reader.row(rows[i]); };
    moments.curvature = largestEigenvalue(rows.size(), data.features, intercept, row);
    std::vector<double> added(data.features);
    for (std::size_t f = 0; f < data.features; ++f)
        added[f] = -moments.variance[static_cast<Eigen::Index>(f) + 1];
    moments.roundedCurvature = largestEigenvalue(rows.size(), data.features, intercept, row, added);
}

SampleMoments sampleMoments(const Dataset& data, std::span<const Grid> grids, Rounding rounding,
                            bool intercept, std::uint64_t seed, ThreadTeam& team, const Job& job) {
    MomentSums sums(data.features, intercept);
    sums.add(data, grids, rounding, team, job);
    SampleMoments moments = sums.means();
    addCurvature(moments, data, stepRows(data.rows, seed), grids, rounding, intercept);
    return moments;
}

double mostStep(const SampleMoments& moments, const GradientMethod& method, std::size_t rowsAStep,
                bool overshoots) {
    constexpr double kUnlimited = std::numeric_limits<double>::infinity();
    const bool rounds = method.copies > 0 || method.model.on() || method.gradient.on();
    if (!rounds || !(moments.squared > 0))
        return kUnlimited;
    const auto rows = static_cast<double>(rowsAStep);
    const Eigen::Index features = moments.square.size() - 1;
    const double modelNoise = method.model.on() ? method.model.varianceBound(features) : 0;
    const double gradientNoise = method.gradient.on() ? method.gradient.varianceBound(features) : 0;
    if (method.copies == 1 && !method.estimator->corrected()) {
        const double spread = (1 + modelNoise) * moments.fourth / moments.squared;
        const double step = 1 / ((1 + gradientNoise) * (moments.roundedCurvature + spread / rows));
        return overshoots ? step : std::min(step, 2 * rows / moments.longest);
    }
    const double unlike = moments.fourth / (moments.squared * moments.squared);
    const double added =
        modelNoise * moments.squared / static_cast<double>(std::max<Eigen::Index>(1, features));
    double exact = 0;
    double all = 0;
    for (Eigen::Index i = 0; i <= features; ++i) {
        const double h = moments.square[i];
        if (!(h > 0))
            continue;
        const double both = h + moments.variance[i];
        exact += h;
        all += both * (both + added) / h;
    }
    if (method.estimator->twiceTheNoise)
        all += all - exact;
    return 1 / ((1 + gradientNoise) * (moments.curvature + unlike * all / rows));
}

} // namespace zipml
