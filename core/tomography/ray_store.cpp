#include "core/tomography/ray_store.h"

#include "core/kernels/isa.h"
#include "core/kernels/random_words.h"
#include "core/kernels/round_kernels.h"
#include "core/tomography/code_stream.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace zipml {

template <>
std::span<const Named<LengthScale>> namesOf<LengthScale>() {
    static constexpr Named<LengthScale> table[] = {
        {LengthScale::View, "view", "Each angle",
         "Levels from 0 to the length of a ray in a whole strip at that angle, which is then exact."},
        {LengthScale::Shared, "shared", "Shared",
         "Levels from 0 to the square root of 2, a pixel's diagonal, at every angle."},
    };
    return table;
}

namespace {

int widthOf(const RayRounding& rounding) {
    return rounding.copies == 0 ? 32 : rounding.bits + rounding.copies - 1;
}

} // namespace

/// Of one thread.
struct RayStore::Buffers {
    std::vector<float> lengths;
    std::vector<double> low, intervalsPerUnit, intervals;
    std::vector<std::uint32_t> words, codes;

    Buffers(std::size_t most, std::size_t copies)
        : lengths(most), low(most, 0.0), intervalsPerUnit(most), intervals(most), words(copies * most),
          codes(most) {}
};

RayStore::RayStore(const ParallelBeam& beam, const RayRounding& rounding, std::uint64_t seed,
                   ThreadTeam& team, const Job& job)
    : beam_(beam), rounding_(rounding), seed_(seed), width_(widthOf(rounding)) {
    begins_.reserve(beam.views() * static_cast<std::size_t>(beam.size()) + 1);
    begins_.push_back(0);
    for (std::size_t view = 0; view < beam.views(); ++view)
        for (int strip = 0; strip < beam.size(); ++strip)
            begins_.push_back(begins_.back() + streamBytes(beam.crossings(view, strip), width_));
    store_ = PageBuffer(begins_.back() + kStreamSlack);
    round(0, team, job);
}

Grid RayStore::gridOf(std::size_t view) const {
    const double high = rounding_.scale == LengthScale::View ? beam_.view(view).length : std::numbers::sqrt2;
    return Grid::uniform(0, high, 1U << rounding_.bits);
}

void RayStore::round(std::uint32_t epoch, ThreadTeam& team, const Job& job) {
    team.forEachChunk(beam_.views(), [&](std::size_t view) {
        job.checkpoint();
        Buffers buffers(beam_.mostCrossings(), static_cast<std::size_t>(std::max(rounding_.copies, 1)));
        if (rounding_.copies > 0) {
            const Grid grid = gridOf(view);
            std::ranges::fill(buffers.intervalsPerUnit, grid.intervalsPerUnit());
            std::ranges::fill(buffers.intervals, static_cast<double>(grid.levels() - 1));
        }
        for (int strip = 0; strip < beam_.size(); ++strip)
            roundStrip(view, strip, epoch, buffers);
    });
}

void RayStore::roundStrip(std::size_t view, int strip, std::uint32_t epoch, Buffers& buffers) {
    const std::size_t count = beam_.crossings(view, strip), place = index(view, strip);
    unsigned char* to = store_.data() + begins_[place];
    beam_.lengths(view, strip, buffers.lengths.data());
    if (rounding_.copies == 0) {
        std::memcpy(to, buffers.lengths.data(), count * sizeof(float));
        return;
    }
    const auto copies = static_cast<std::size_t>(rounding_.copies);
    const bool random = rounding_.rounding == Rounding::Stochastic;
    for (std::size_t copy = 0; random && copy < copies; ++copy)
        fillRandomWords(RandomStream(seed_, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy)),
                        static_cast<std::uint32_t>(place), 0,
                        std::span(buffers.words).subspan(copy * beam_.mostCrossings(), count));
    roundKernels(activeIsa())
        .roundUniform(buffers.lengths.data(),
                      {buffers.low.data(), buffers.intervalsPerUnit.data(), buffers.intervals.data()},
                      {random ? buffers.words.data() : nullptr, beam_.mostCrossings(), copies}, count,
                      buffers.codes.data());
    packCodes(buffers.codes.data(), count, width_, to);
}

void RayStore::codes(std::size_t view, int strip, std::uint16_t* to) const {
    unpackCodes(store_.data() + begins_[index(view, strip)], beam_.crossings(view, strip), width_, to);
}

const float* RayStore::lengths(std::size_t view, int strip) const {
    // Strips of float32 begin at multiples of 4 bytes in a page.
    return reinterpret_cast<const float*>(store_.data() + begins_[index(view, strip)]);
}

std::vector<float> RayStore::rowBounds(ThreadTeam& team) const {
    std::vector<float> bounds(beam_.rays());
    team.forEachChunk(beam_.views(), [&](std::size_t view) {
        std::vector<Crossing> crossings(beam_.mostCrossings() + 1);
        std::vector<float> values(beam_.mostCrossings());
        std::vector<double> sums(beam_.detectors(), 0.0);
        const Grid grid = gridOf(view);
        for (int strip = 0; strip < beam_.size(); ++strip) {
            const std::size_t count = beam_.listCrossings(view, strip, crossings.data());
            beam_.lengths(view, strip, values.data());
            for (std::size_t k = 0; k < count; ++k) {
                double most = values[k];
                if (rounding_.copies > 0)
                    most = grid.gap() * std::min(std::ceil(most * grid.intervalsPerUnit()),
                                                 static_cast<double>(grid.levels() - 1));
                sums[crossings[k].ray] += most * most;
            }
        }
        std::ranges::transform(sums, bounds.begin() + static_cast<std::ptrdiff_t>(view * beam_.detectors()),
                               [](double sum) { return static_cast<float>(sum); });
    });
    return bounds;
}

std::vector<float> meanVariance(const ParallelBeam& beam, const RayStore& store,
                                std::span<const float> weights, const Job& job) {
    const auto size = static_cast<std::size_t>(beam.size());
    std::vector<double> sums(size * size, 0.0);
    std::vector<Crossing> crossings(beam.mostCrossings() + 1);
    std::vector<float> values(beam.mostCrossings());
    for (std::size_t view = 0; view < beam.views(); ++view) {
        job.checkpoint();
        const bool columns = beam.view(view).stripsAreColumns;
        const Grid grid = store.gridOf(view);
        const double perUnit = grid.intervalsPerUnit(), squaredGap = grid.gap() * grid.gap();
        for (int strip = 0; strip < beam.size(); ++strip) {
            const std::size_t count = beam.listCrossings(view, strip, crossings.data());
            beam.lengths(view, strip, values.data());
            for (std::size_t k = 0; k < count; ++k) {
                const double place = values[k] * perUnit, fraction = place - std::floor(place);
                const std::size_t pixel = crossings[k].pixel, at = static_cast<std::size_t>(strip);
                sums[columns ? pixel * size + at : at * size + pixel] +=
                    weights[view * beam.detectors() + crossings[k].ray] * squaredGap * fraction *
                    (1 - fraction);
            }
        }
    }
    std::vector<float> mean(sums.size());
    std::ranges::transform(sums, mean.begin(), [&](double sum) {
        return static_cast<float>(sum / static_cast<double>(beam.views()));
    });
    return mean;
}

} // namespace zipml
