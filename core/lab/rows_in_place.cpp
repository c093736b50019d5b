#include "core/lab/rows_in_place.h"

#include "core/data/row_chunks.h"
#include "core/lab/compute_device.h"
#include "core/quant/build_grids.h"

#include <algorithm>
#include <numeric>

namespace zipml {
namespace {

/// Rows of a block: whole chunks of everything that adds up over rows, so that sums do not depend on blocks
/// (rowsPerSum, and the 1024 of second_moment.cpp); at most 34 MB of values.
std::size_t rowsPerBlock(std::size_t features) {
    return std::lcm<std::size_t, std::size_t>(rowsPerSum(features), 1024);
}

} // namespace

std::string whyNotInPlace(const RunSpec& spec) {
    const Estimator& estimator = estimatorOf(spec.estimator);
    if (copiesOf(spec) == 0)
        return "estimator " + std::string(estimator.name) + " reads rows that are not rounded";
    if (estimator.needs == Needs::ExactRows)
        return "estimator " + std::string(estimator.name) + " fetches rows that are not rounded";
    if (estimator.needs == Needs::Polynomial)
        return "estimator " + std::string(estimator.name) + " looks at the scores of all scaled rows";
    if (spec.sgd.solver != SolverKind::Sgd)
        return "solver " + std::string(nameOf(spec.sgd.solver)) + " takes gradients of scaled rows";
    if (!spec.at.empty())
        return "at: " + toString(spec.at) + " rounds scaled rows again";
    if (spec.store != StoreKind::Packed)
        return "store " + std::string(nameOf(spec.store)) + " is built from a copy";
    if (isComputeDevice(spec.device))
        return "device " + spec.device + " has memory of its own";
    if (spec.biasDraws > 0)
        return "bias_draws measures on scaled rows";
    if (spec.data.scaling == ScalingKind::RowUnit)
        return "scaling row-unit is not folded into a model";
    if (spec.data.split < 1)
        return "split takes rows out";
    if (spec.sharedGrid && spec.grid.kind != GridKind::Uniform)
        return "shared_grid sorts all values together";
    return {};
}

RowsInPlace::RowsInPlace(std::span<const float> values, std::size_t features, std::vector<float> labels,
                         Scaling scaling, const ScalingFit& seen, std::vector<std::uint32_t> order)
    : values_(values), features_(features), labels_(std::move(labels)), scaling_(std::move(scaling)),
      low_(seen.low().begin(), seen.low().end()), high_(seen.high().begin(), seen.high().end()),
      order_(std::move(order)) {
    if (scaling_.kind != ScalingKind::None)
        for (auto* ends : {&low_, &high_}) // scaling keeps the order of values
            scaling_.apply(*ends);
}

std::vector<float> RowsInPlace::labels() const {
    std::vector<float> dealt(rows());
    for (std::size_t row = 0; row < rows(); ++row)
        dealt[row] = labels_[placeOf(row)];
    return dealt;
}

LinearParameters RowsInPlace::onUnscaled(const LinearParameters& model) const {
    const auto size = static_cast<Eigen::Index>(features_);
    LinearParameters folded = model;
    folded.weights.array() *= Eigen::Map<const Eigen::ArrayXd>(scaling_.factor.data(), size);
    folded.intercept -= folded.weights.dot(Eigen::Map<const Eigen::VectorXd>(scaling_.offset.data(), size));
    return folded;
}

Dataset RowsInPlace::some(std::span<const std::uint32_t> rows) const {
    Dataset copy;
    copy.rows = rows.size();
    copy.features = features_;
    copy.values.resize(copy.rows * features_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::ranges::copy(values_.subspan(placeOf(rows[i]) * features_, features_), copy.row(i).begin());
        scaling_.apply(copy.row(i));
    }
    return copy;
}

void RowsInPlace::forEachBlock(
    ThreadTeam& team, const Job& job,
    const std::function<void(const Dataset& block, std::size_t first)>& visit) const {
    const std::size_t most = std::min(rows(), rowsPerBlock(features_));
    const std::size_t chunkRows = rowsPerChunk(features_);
    Dataset block;
    block.features = features_;
    block.values.resize(most * features_);
    for (std::size_t first = 0; first < rows(); first += most) {
        block.rows = std::min(most, rows() - first);
        block.values.resize(block.rows * features_); // the last one is shorter
        team.forEachChunk((block.rows + chunkRows - 1) / chunkRows, [&](std::size_t chunk) {
            job.checkpoint();
            constexpr std::size_t kAhead = 8; // rows; dealt ones lie anywhere
            const std::size_t end = std::min(block.rows, (chunk + 1) * chunkRows);
            for (std::size_t row = chunk * chunkRows; row < end; ++row) {
                if (row + kAhead < end)
                    for (std::size_t f = 0; f < features_; f += 64 / sizeof(float))
                        fetchAhead(values_.data() + placeOf(first + row + kAhead) * features_ + f, 0);
                std::ranges::copy(values_.subspan(placeOf(first + row) * features_, features_),
                                  block.row(row).begin());
                if (scaling_.kind != ScalingKind::None)
                    scaling_.apply(block.row(row));
            }
        });
        visit(block, first);
    }
}

std::vector<Grid> RowsInPlace::grids(const GridSpec& spec, int bits, bool shared, LevelPlaces places,
                                     ThreadTeam& team, const Job& job) const {
    const std::size_t levels = std::size_t{1} << static_cast<unsigned>(bits);
    if (spec.kind == GridKind::Uniform)
        return uniformGrids(low_, high_, static_cast<std::uint32_t>(levels), shared);
    std::vector<Grid> grids(features_);
    team.forEachChunk(features_, [&](std::size_t f) {
        job.checkpoint();
        std::vector<float> column(rows());
        for (std::size_t row = 0; row < rows(); ++row)
            column[row] = scaling_.kind == ScalingKind::None
                              ? values_[row * features_ + f]
                              : static_cast<float>((values_[row * features_ + f] - scaling_.offset[f]) *
                                                   scaling_.factor[f]);
        std::ranges::sort(column);
        grids[f] = placeLevels(column, spec, levels, places);
        job.report(static_cast<double>(f) / static_cast<double>(features_), "placing levels");
    });
    return grids;
}

RowsInPlace::Found RowsInPlace::build(SampleStore& store, const Pass& pass, ThreadTeam& team,
                                      const Job& job) const {
    const Rounding rounding = store.options().rounding;
    Found found;
    RoundingVariance variance(store.grids()), uniform(pass.uniform), exact(pass.exact);
    MomentSums moments(features_, pass.intercept);
    forEachBlock(team, job, [&](const Dataset& block, std::size_t first) {
        job.report(static_cast<double>(first) / static_cast<double>(rows()), "rounding samples");
        store.buildPart(block, first, 0, team, job);
        for (RoundingVariance* each : {&variance, &uniform, &exact})
            if (!each->empty())
                each->add(block, team, job);
        found.stretch.add(block.values, block.rows, features_);
        if (pass.automaticStep) {
            found.lengths.add(block, pass.intercept);
            moments.add(block, store.grids(), rounding, team, job);
        }
    });
    found.variance = variance.mean();
    found.uniformVariance = uniform.mean();
    found.exactVariance = exact.mean();
    if (!pass.automaticStep)
        return found;
    const Dataset few = some(stepRows(rows(), pass.seed));
    std::vector<std::uint32_t> all(few.rows);
    std::iota(all.begin(), all.end(), 0U);
    found.curvature =
        largestEigenvalue(few.rows, features_, pass.intercept, [&](std::size_t row) { return few.row(row); });
    found.moments = moments.means();
    addCurvature(found.moments, few, all, store.grids(), rounding, pass.intercept);
    return found;
}

void RowsInPlace::buildAgain(SampleStore& store, std::uint32_t epoch, ThreadTeam& team,
                             const Job& job) const {
    forEachBlock(team, job, [&](const Dataset& block, std::size_t first) {
        store.buildPart(block, first, epoch, team, job);
    });
}

} // namespace zipml
