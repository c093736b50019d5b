#include "core/solve/float_sgd.h"

#include <algorithm>

namespace zipml {
namespace {

constexpr std::size_t kMostChunks = 16;       ///< of a batch's rows: as many threads can share it
constexpr std::size_t kBlockBytes = 16 << 10; ///< half of the first-level cache

std::size_t blockRows(std::size_t features) {
    return std::clamp<std::size_t>(kBlockBytes / (features * sizeof(float)) / 4 * 4, 4, 64);
}

} // namespace

FloatSgd::FloatSgd(const Dataset& data, LabelSets labels, std::size_t batch, const GradientMethod& method,
                   ThreadTeam& team, Isa isa)
    : MinibatchSgd(data.features, std::move(labels), batch, method, team, isa), data_(data),
      kernels_(rowKernels(isa_, data.features)) {
    batch = std::min(batch, data.rows);
    rowsAChunk_ = std::max<std::size_t>(64, (batch + kMostChunks - 1) / kMostChunks);
    const std::size_t chunks = chunksOf(batch);
    sent_.resize(modelCount());
    for (Sent& each : sent_) {
        each.weights.resize(data.features);
        each.sums.assign(chunks, std::vector<float>(data.features));
        each.interceptSums.resize(chunks);
    }
}

void FloatSgd::send(int thread, const Batch& batch) {
    synchronize(); // the models are complete
    if (method().model.on()) {
        if (thread == 0)
            for (std::size_t m = 0; m < modelCount(); ++m) {
                LinearParameters& rounded = sent_[m].rounded;
                rounded = model(m);
                method().model.round(rounded.weights, stream(Purpose::ModelRounding), batch.index);
            }
        synchronize();
    }
    const IndexRange range = featuresOf(thread);
    for (std::size_t m = 0; m < modelCount(); ++m) {
        const LinearParameters& from = method().model.on() ? sent_[m].rounded : model(m);
        for (std::size_t f = range.begin; f < range.end; ++f)
            sent_[m].weights[f] = static_cast<float>(from.weights.data()[f]);
    }
    synchronize();
}

void FloatSgd::addUp(int thread, const Batch& batch) {
    const std::size_t chunks = chunksOf(batch.rows);
    const std::size_t block = blockRows(features());
    float slopes[64]; // scores at first
    const auto at = [&](int border) {
        return chunks * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
    };
    for (std::size_t chunk = at(thread); chunk < at(thread + 1); ++chunk) {
        for (Sent& each : sent_) {
            std::ranges::fill(each.sums[chunk], 0.0F);
            each.interceptSums[chunk] = 0;
        }
        const std::size_t chunkEnd = std::min(batch.rows, (chunk + 1) * rowsAChunk_);
        for (std::size_t row = chunk * rowsAChunk_; row < chunkEnd; row += block) {
            const std::size_t count = std::min(block, chunkEnd - row);
            const float* rows = data_.row(batch.first + row).data();
            // The next block follows; behind the batch's end comes the next batch, and past the data's
            // nothing.
            const std::size_t distance =
                row + 2 * block <= batch.rows ? block : batch.nextFirst - batch.first - row;
            const std::size_t ahead = distance * features() * sizeof(float);
            for (std::size_t m = 0; m < modelCount(); ++m) {
                Sent& sent = sent_[m];
                kernels_.dot(rows, count, features(), ahead, sent.weights.data(), slopes);
                const auto intercept = static_cast<float>(model(m).intercept);
                for (std::size_t r = 0; r < count; ++r)
                    slopes[r] += intercept;
                method().loss.toSlopes(labels(m).subspan(batch.first + row, count),
                                       std::span(slopes).first(count));
                for (std::size_t r = 0; r < count; ++r)
                    sent.interceptSums[chunk] += static_cast<double>(slopes[r]);
                kernels_.add(rows, count, features(), ahead, slopes, sent.sums[chunk].data());
            }
        }
    }
    synchronize();
}

void FloatSgd::takeGradient(int thread, std::size_t model, const Batch& batch) {
    const Sent& sent = sent_[model];
    const IndexRange range = featuresOf(thread);
    std::fill(gradient() + range.begin, gradient() + range.end, 0.0);
    for (std::size_t chunk = 0; chunk < chunksOf(batch.rows); ++chunk)
        loops().addScaledFloats(sent.sums[chunk].data() + range.begin, 1.0, range.size(),
                                gradient() + range.begin);
    if (thread != 0)
        return;
    interceptGradient_ = 0;
    for (std::size_t chunk = 0; chunk < chunksOf(batch.rows); ++chunk)
        interceptGradient_ += sent.interceptSums[chunk];
}

} // namespace zipml
