// Places levels for generated data, equally spaced and optimal, packs the samples, and measures what rounding costs.

#include "core/base/parallel.h"
#include "core/data/synthetic.h"
#include "core/quant/build_grids.h"
#include "core/quant/sample_store.h"

#include <cstdio>
#include <numeric>

int main() {
    constexpr int kBits = 3;
    const zipml::Dataset data = zipml::generate({.features = 8, .rows = 1000, .heavyTailed = true}).train;
    zipml::ThreadTeam team(1);
    double meanVariance[2] = {};
    for (const auto kind : {zipml::GridKind::Uniform, zipml::GridKind::Optimal}) {
        const auto grids = zipml::buildGrids(data, {.kind = kind}, kBits, false, team);
        const auto variances = zipml::meanRoundingVariance(data, grids, team);
        double& mean = meanVariance[kind == zipml::GridKind::Optimal];
        mean =
            std::accumulate(variances.begin(), variances.end(), 0.0) / static_cast<double>(variances.size());
        zipml::SampleStore store(data.rows, grids, {.bits = kBits, .copies = 2});
        store.build(data, 0, team);
        std::printf("%s levels: %d bits a value, %llu bytes, mean rounding variance %g\n",
                    kind == zipml::GridKind::Optimal ? "optimal" : "uniform", store.bitsPerCode(),
                    static_cast<unsigned long long>(store.bytes()), mean);
    }
    return meanVariance[1] <= meanVariance[0] ? 0 : 1;
}
