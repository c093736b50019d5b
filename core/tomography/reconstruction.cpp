#include "core/tomography/reconstruction.h"

#include "core/base/shuffle.h"
#include "core/kernels/random_words.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// Fixed, so that sums over chunks do not depend on the number of threads.
constexpr int kChunks = 16;

bool readsTwoCopies(Pairs pairs) {
    return pairs == Pairs::Symmetrized || pairs == Pairs::Plain;
}

RayRounding roundingOf(const ReconstructionOptions& options) {
    const Estimator& estimator = estimatorOf(options.estimator);
    return {estimator.copies, options.bits, options.scale, estimator.rounding};
}

} // namespace

/// Some strips of a view: its lengths as decoded, in units of the gap, kept from the ray sums to the update.
struct Reconstruction::Chunk {
    int firstStrip, endStrip;
    std::vector<Crossing> crossings;
    std::vector<std::size_t> begins;     ///< of a strip's crossings, and the end
    std::vector<float> first, second;    ///< first copy or mean; second copy, or 1 where the copies differ
    std::vector<float> sums, secondSums; ///< of each ray, over the chunk's strips
    std::vector<float> pixels;           ///< of the chunk's strips, before the step
    std::vector<std::uint16_t> codes;
    std::vector<std::uint32_t> coins;

    Chunk(int begin, int end, const ParallelBeam& beam, bool second_)
        : firstStrip(begin), endStrip(end), begins(static_cast<std::size_t>(end - begin) + 1),
          sums(beam.detectors()), secondSums(second_ ? beam.detectors() : 0),
          pixels(static_cast<std::size_t>(end - begin) * static_cast<std::size_t>(beam.size())),
          codes(beam.mostCrossings() + 8), coins(beam.mostCrossings() / 32 + 1) {
        std::size_t most = 0;
        for (std::size_t view = 0; view < beam.views(); ++view) {
            std::size_t here = 0;
            for (int strip = begin; strip < end; ++strip)
                here += beam.crossings(view, strip);
            most = std::max(most, here);
        }
        crossings.resize(most + 1);
        first.resize(most);
        second.resize(second_ ? most : 0);
    }
};

Reconstruction::Reconstruction(const ParallelBeam& beam, std::span<const float> sinogram,
                               const ReconstructionOptions& options, ThreadTeam& team, const Job& job)
    : beam_(beam), sinogram_(sinogram), options_(options),
      pairs_(estimatorOf(options.estimator).pairs.value()), team_(team),
      store_(std::make_unique<RayStore>(beam, roundingOf(options), options.seed, team, job)),
      weights_(store_->rowBounds(team)), image_{beam.size(), {}} {
    for (float& weight : weights_)
        weight = weight > 0 ? 1 / weight : 0;
    const Estimator& estimator = estimatorOf(options.estimator);
    if (estimator.corrected()) {
        meanVariance_ = meanVariance(beam, *store_, weights_, job);
        bytesMoved_ = meanVariance_.size() * sizeof(float);
    }
    for (std::size_t view = 0; view < beam.views(); ++view)
        gaps_.push_back(estimator.quantized() ? static_cast<float>(store_->gridOf(view).gap()) : 1);
    const auto border = [&](int chunk) { return beam.size() * chunk / kChunks; };
    for (int chunk = 0; chunk < kChunks; ++chunk)
        chunks_.push_back(
            std::make_unique<Chunk>(border(chunk), border(chunk + 1), beam, estimator.copies == 2));
    image_.pixels.assign(static_cast<std::size_t>(beam.size()) * static_cast<std::size_t>(beam.size()), 0);
    barrier_ = std::make_unique<SpinBarrier>(std::min(team.threads(), kChunks));
}

Reconstruction::~Reconstruction() = default;

bool Reconstruction::finite() const {
    return std::ranges::all_of(image_.pixels, [](float pixel) { return std::isfinite(pixel); });
}

bool Reconstruction::runViews(std::size_t count, double relaxation, const Job& job) {
    if (nextView_ == 0) {
        if (epoch_ > 0 && options_.rounding == RoundingTime::Epoch && store_->rounding().copies > 0)
            store_->round(epoch_, team_, job);
        order_ = shuffledIndices(beam_.views(), options_.seed, Purpose::Shuffle, epoch_);
    }
    const std::size_t end = std::min(nextView_ + count, beam_.views());
    const auto threads = static_cast<std::size_t>(std::min(team_.threads(), kChunks));
    // Rays that are nearer to each other than a pixel share pixels and have to share the step.
    const auto step = static_cast<float>(relaxation * beam_.spacing());
    team_.forEachChunk(threads, [&](std::size_t thread) {
        barrier_->guard([&] {
            for (std::size_t place = nextView_; place < end; ++place)
                runView(thread, threads, order_[place], step);
        });
    });
    for (; nextView_ < end; ++nextView_) { // lengths, and two floats a ray: its sum and its bound
        const std::size_t view = order_[nextView_];
        bytesMoved_ += store_->bytes(view) + 2 * sizeof(float) * beam_.detectors();
    }
    if (nextView_ < beam_.views())
        return false;
    nextView_ = 0;
    ++epoch_;
    return true;
}

void Reconstruction::runView(std::size_t thread, std::size_t threads, std::size_t view, float step) {
    const std::size_t begin = kChunks * thread / threads, end = kChunks * (thread + 1) / threads;
    for (std::size_t chunk = begin; chunk < end; ++chunk)
        addUp(*chunks_[chunk], view);
    barrier_->wait(); // a ray's sum is over all chunks
    std::vector<float> first(beam_.detectors()), second(readsTwoCopies(pairs_) ? first.size() : 0);
    weighResiduals(view, step, first.data(), second.empty() ? nullptr : second.data());
    std::vector<float> gradient(static_cast<std::size_t>(beam_.size()));
    for (std::size_t chunk = begin; chunk < end; ++chunk)
        update(*chunks_[chunk], view, step, first.data(), second.data(), gradient.data());
    barrier_->wait(); // the next view's strips may run across these
}

/// The chunk's share of each ray's sum at the image.
void Reconstruction::addUp(Chunk& chunk, std::size_t view) {
    const auto size = static_cast<std::size_t>(beam_.size());
    const bool two = readsTwoCopies(pairs_);
    std::ranges::fill(chunk.sums, 0.0F);
    std::ranges::fill(chunk.secondSums, 0.0F);
    std::size_t begin = 0;
    for (int strip = chunk.firstStrip; strip < chunk.endStrip; ++strip) {
        const auto place = static_cast<std::size_t>(strip - chunk.firstStrip);
        float* pixels = chunk.pixels.data() + place * size;
        beam_.readStrip(beam_.view(view), strip, image_.pixels.data(), pixels);
        const std::size_t end = begin + beam_.listCrossings(view, strip, chunk.crossings.data() + begin);
        decode(chunk, view, strip, begin, end - begin);
        chunk.begins[place] = begin;
        chunk.begins[place + 1] = end;
        for (std::size_t k = begin; k < end; ++k) {
            const Crossing crossing = chunk.crossings[k];
            chunk.sums[crossing.ray] += chunk.first[k] * pixels[crossing.pixel];
            if (two)
                chunk.secondSums[crossing.ray] += chunk.second[k] * pixels[crossing.pixel];
        }
        begin = end;
    }
}

/// A strip's lengths in gaps, as the estimator reads them.
void Reconstruction::decode(Chunk& chunk, std::size_t view, int strip, std::size_t begin, std::size_t count) {
    float* first = chunk.first.data() + begin;
    if (store_->rounding().copies == 0) {
        std::copy_n(store_->lengths(view, strip), count, first);
        return;
    }
    store_->codes(view, strip, chunk.codes.data());
    if (store_->rounding().copies == 1) {
        std::copy_n(chunk.codes.data(), count, first);
        return;
    }
    float* second = chunk.second.data() + begin;
    if (pairs_ == Pairs::Mean) {
        for (std::size_t k = 0; k < count; ++k) {
            first[k] = 0.5F * static_cast<float>(chunk.codes[k]);
            second[k] = static_cast<float>(chunk.codes[k] & 1U);
        }
        return;
    }
    // Which copy is the upper one where they differ: a fair coin (docs/method.md#s3-5), drawn at each visit.
    const std::size_t words = (count + 31) / 32;
    fillRandomWords(RandomStream(options_.seed, Purpose::CopyOrder, epoch_),
                    static_cast<std::uint32_t>(view * static_cast<std::size_t>(beam_.size())) +
                        static_cast<std::uint32_t>(strip),
                    0, std::span(chunk.coins).first(words));
    for (std::size_t k = 0; k < count; ++k) {
        const std::uint32_t code = chunk.codes[k];
        const std::uint32_t upper = (code >> 1) + (code & chunk.coins[k / 32] >> (k % 32) & 1U);
        first[k] = static_cast<float>(upper);
        second[k] = static_cast<float>(code - upper);
    }
}

/// Residual times weight of each ray, for lengths in gaps: what the first copies (`first`) and the second
/// ones are multiplied with.
void Reconstruction::weighResiduals(std::size_t view, float step, float* first, float* second) const {
    const float gap = gaps_[view];
    const std::size_t begin = view * beam_.detectors();
    for (std::size_t ray = 0; ray < beam_.detectors(); ++ray) {
        double sum = 0, secondSum = 0;
        for (const auto& chunk : chunks_) {
            sum += chunk->sums[ray];
            if (second != nullptr)
                secondSum += chunk->secondSums[ray];
        }
        const auto weigh = [&](double total) {
            return static_cast<float>((gap * total - sinogram_[begin + ray]) * gap * step *
                                      weights_[begin + ray]);
        };
        if (second == nullptr) {
            first[ray] = weigh(sum);
        } else if (pairs_ == Pairs::Plain) {
            first[ray] = weigh(secondSum); // docs/method.md#eq5
            second[ray] = 0;
        } else {
            first[ray] = weigh(secondSum) / 2; // docs/method.md#eq7
            second[ray] = weigh(sum) / 2;
        }
    }
}

void Reconstruction::update(const Chunk& chunk, std::size_t view, float step, const float* first,
                            const float* second, float* gradient) {
    const auto size = static_cast<std::size_t>(beam_.size());
    const View& geometry = beam_.view(view);
    std::vector<float> pixels(size);
    for (int strip = chunk.firstStrip; strip < chunk.endStrip; ++strip) {
        const auto place = static_cast<std::size_t>(strip - chunk.firstStrip);
        const float* before = chunk.pixels.data() + place * size;
        std::fill_n(gradient, size, 0.0F);
        const std::size_t end = chunk.begins[place + 1];
        if (pairs_ == Pairs::Symmetrized) {
            for (std::size_t k = chunk.begins[place]; k < end; ++k) {
                const Crossing crossing = chunk.crossings[k];
                gradient[crossing.pixel] +=
                    chunk.first[k] * first[crossing.ray] + chunk.second[k] * second[crossing.ray];
            }
        } else if (pairs_ == Pairs::Mean) {
            // docs/method.md#eq8: the variance of the mean of two is a quarter of a squared gap where they
            // differ.
            const float quarter = 0.25F * gaps_[view] * gaps_[view] * step;
            const float* weights = weights_.data() + view * beam_.detectors();
            for (std::size_t k = chunk.begins[place]; k < end; ++k) {
                const Crossing crossing = chunk.crossings[k];
                gradient[crossing.pixel] += chunk.first[k] * first[crossing.ray] - chunk.second[k] * quarter *
                                                                                       weights[crossing.ray] *
                                                                                       before[crossing.pixel];
            }
        } else {
            for (std::size_t k = chunk.begins[place]; k < end; ++k) {
                const Crossing crossing = chunk.crossings[k];
                gradient[crossing.pixel] += chunk.first[k] * first[crossing.ray];
            }
        }
        if (!meanVariance_.empty()) {
            beam_.readStrip(geometry, strip, meanVariance_.data(), pixels.data());
            for (std::size_t i = 0; i < size; ++i)
                gradient[i] -= step * pixels[i] * before[i];
        }
        for (std::size_t i = 0; i < size; ++i)
            pixels[i] = before[i] - gradient[i];
        if (options_.nonnegative)
            for (float& pixel : pixels)
                pixel = std::max(pixel, 0.0F);
        beam_.writeStrip(geometry, strip, pixels.data(), image_.pixels.data());
    }
}

} // namespace zipml
