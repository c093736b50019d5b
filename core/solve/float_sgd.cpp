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

FloatSgd::FloatSgd(const Dataset& data, std::span<const float> labels, std::size_t batch,
                   const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(data.features, labels, batch, method, team, isa), data_(data),
      kernels_(rowKernels(isa_, data.features)) {
    batch = std::min(batch, data.rows);
    rowsAChunk_ = std::max<std::size_t>(64, (batch + kMostChunks - 1) / kMostChunks);
    const std::size_t chunks = (batch + rowsAChunk_ - 1) / rowsAChunk_;
    weights_.resize(data.features);
    sums_.assign(chunks, std::vector<float>(data.features));
    interceptSums_.resize(chunks);
}

void FloatSgd::send(int thread, const Batch& batch) {
    synchronize(); // the model is complete
    if (method().model.on()) {
        if (thread == 0) {
            sent_ = model();
            method().model.round(sent_.weights, stream(Purpose::ModelRounding), batch.index);
        }
        synchronize();
    }
    const double* from = method().model.on() ? sent_.weights.data() : model().weights.data();
    const IndexRange range = featuresOf(thread);
    for (std::size_t f = range.begin; f < range.end; ++f)
        weights_[f] = static_cast<float>(from[f]);
    synchronize();
}

void FloatSgd::addUp(int thread, const Batch& batch) {
    const std::size_t chunks = (batch.rows + rowsAChunk_ - 1) / rowsAChunk_;
    const std::size_t block = blockRows(features());
    const auto intercept = static_cast<float>(model().intercept);
    float slopes[64]; // scores at first
    const auto at = [&](int border) {
        return chunks * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
    };
    for (std::size_t chunk = at(thread); chunk < at(thread + 1); ++chunk) {
        std::ranges::fill(sums_[chunk], 0.0F);
        double interceptSum = 0;
        const std::size_t chunkEnd = std::min(batch.rows, (chunk + 1) * rowsAChunk_);
        for (std::size_t row = chunk * rowsAChunk_; row < chunkEnd; row += block) {
            const std::size_t count = std::min(block, chunkEnd - row);
            const float* rows = data_.row(batch.first + row).data();
            // The next block follows; behind the batch's end comes the next batch, and past the data's
            // nothing.
            const std::size_t distance =
                row + 2 * block <= batch.rows ? block : batch.nextFirst - batch.first - row;
            const std::size_t ahead = distance * features() * sizeof(float);
            kernels_.dot(rows, count, features(), ahead, weights_.data(), slopes);
            for (std::size_t r = 0; r < count; ++r)
                slopes[r] += intercept;
            method().loss.toSlopes(labels().subspan(batch.first + row, count),
                                   std::span(slopes).first(count));
            for (std::size_t r = 0; r < count; ++r)
                interceptSum += static_cast<double>(slopes[r]);
            kernels_.add(rows, count, features(), ahead, slopes, sums_[chunk].data());
        }
        interceptSums_[chunk] = interceptSum;
    }
    synchronize();
    const IndexRange range = featuresOf(thread);
    std::fill(gradient() + range.begin, gradient() + range.end, 0.0);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk)
        loops().addScaledFloats(sums_[chunk].data() + range.begin, 1.0, range.size(),
                                gradient() + range.begin);
    if (thread == 0) {
        interceptGradient_ = 0;
        for (std::size_t chunk = 0; chunk < chunks; ++chunk)
            interceptGradient_ += interceptSums_[chunk];
    }
}

} // namespace zipml
