#pragma once
/// The model as packed_sgd.cpp sends it to the kernels, a batch: y = slope o x, rounded to integers or not,
/// in the slots of each part of the codes.

#include "core/solve/minibatch_sgd.h"
#include "core/solve/packed/code_reader.h"
#include "core/solve/packed/packed_sums.h"
#include "core/solve/packed/rounding_draws.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace zipml {

/// A row's score is  unit (values . code) + offset.
struct SentModel {
    double unit, offset;
};

/// Every thread calls scale(), draw() and convert() for its features; between one and the next they synchronize.
template <class Arithmetic>
class PackedModel {
  public:
    using Weight = typename Arithmetic::Weight;
    /// A part of the codes with the model in its slots.
    struct Part {
        CodePart codes;
        const typename Arithmetic::Kernels* kernels;
        std::vector<Weight> model;
        PageBuffer tables; ///< of the model (TileKernels::buildTables), if there are any
    };

    /// @param tails of each part, outlive this
    PackedModel(const CodeReader& codes, std::span<const TailSlots> tails, int threads, Isa isa)
        : tails_(tails), slope_(codes.slope()), middle_(codes.middle()), centre_(codes.centre()),
          mostY_(static_cast<std::size_t>(threads)) {
        for (const CodePart& part : codes.parts())
            parts_.push_back({part,
                              &Arithmetic::kernels(isa, part.part.width),
                              std::vector<Weight>(part.slotCount()),
                              {}});
        if constexpr (Arithmetic::kRounds)
            for (Part& part : parts_)
                if (!codes.tables() && part.kernels->buildTables != nullptr) {
                    part.tables = PageBuffer((part.codes.part.lines + 1) * kModelTableBytes);
                    hasTables_ = true;
                }
        const std::size_t features = slope_.size();
        const std::size_t room = MinibatchSgd::padded(features);
        y_.resize(room);
        values_.resize(room);
        draws_.resize(room);
        perSlope_.resize(room);
        rounded_.resize(room);
        std::ranges::transform(slope_, perSlope_.begin(), inverse);
        for (auto* each : {&offset_, &sum_})
            each->resize((features + kChunk - 1) / kChunk);
    }

    [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
    /// The last one, which is the lowest bits where there are two copies.
    [[nodiscard]] const Part& oddPart() const { return parts_.back(); }
    [[nodiscard]] bool hasTables() const { return hasTables_; }

    /// Rounds the model as a whole. One thread.
    void round(const LinearParameters& model, const VectorQuantizer& quantizer, const RandomStream& draws,
               std::uint32_t batch) {
        Eigen::VectorXd weights = model.weights;
        quantizer.round(weights, draws, batch);
        std::copy(weights.begin(), weights.end(), rounded_.begin());
    }
    /// The model after round(); of integers, what y stands for, after a convert() that keeps it.
    [[nodiscard]] const double* rounded() const { return rounded_.data(); }

    /// y, and what the middles of the grids add to every score.
    void scale(const VectorKernels& loops, int thread, IndexRange range, const double* weights) {
        double most = 0;
        for (std::size_t begin = range.begin; begin < range.end; begin += kChunk)
            most = std::max(most,
                            loops.productsAndDot(slope_.data() + begin, weights + begin,
                                                 middle_.data() + begin, std::min(kChunk, range.end - begin),
                                                 y_.data() + begin, &offset_[begin / kChunk]));
        mostY_[static_cast<std::size_t>(thread)] = most;
    }
    /// Integers only: what they are rounded with.
    void draw(const RandomStream& stream, std::uint32_t batch, IndexRange range) {
        fillDraws(stream, batch, range.begin, range.end, draws_);
    }
    /// @param bits of an integer
    [[nodiscard]] double unit(int bits) const {
        return Arithmetic::kRounds ? std::ranges::max(mostY_) / (std::exp2(bits - 1) - 1) : 1;
    }
    /// y into the slots, divided by its unit. @param keepsRounded so that rounded() has it
    void convert(const VectorKernels& loops, IndexRange range, double unit, bool keepsRounded) {
        for (std::size_t begin = range.begin; begin < range.end; begin += kChunk)
            sum_[begin / kChunk] = Arithmetic::convert(
                loops, y_.data() + begin, inverse(unit), draws_.data() + begin,
                std::min(kChunk, MinibatchSgd::padded(range.end - begin)), values_.data() + begin);
        if constexpr (Arithmetic::kRounds)
            if (keepsRounded)
                loops.scaledProducts(values_.data() + range.begin, unit, perSlope_.data() + range.begin,
                                     MinibatchSgd::padded(range.size()), rounded_.data() + range.begin);
        for (std::size_t p = 0; p < parts_.size(); ++p)
            fillSlots(parts_[p], tails_[p], range);
    }
    /// After convert(). One thread.
    void buildTables() {
        if constexpr (Arithmetic::kRounds)
            for (Part& part : parts_)
                if (part.tables.size() > 0)
                    part.kernels->buildTables(part.codes.part.lines + 1, part.model.data(),
                                              part.tables.data());
    }
    /// Once all threads have converted.
    [[nodiscard]] SentModel sent(double intercept, double unit) const {
        const double sum = std::accumulate(sum_.begin(), sum_.end(), 0.0);
        const double offset = std::accumulate(offset_.begin(), offset_.end(), 0.0);
        return {unit, intercept + offset - unit * centre_ * sum};
    }

  private:
    static constexpr std::size_t kChunk = MinibatchSgd::kFeaturesPerChunk;

    void fillSlots(Part& part, const TailSlots& tail, IndexRange range) const {
        const std::size_t whole = part.codes.whole();
        const auto at = [](std::size_t place) { return static_cast<std::ptrdiff_t>(place); };
        if (range.begin < whole)
            std::copy(values_.begin() + at(range.begin), values_.begin() + at(std::min(range.end, whole)),
                      part.model.begin() + at(range.begin));
        for (std::size_t f = std::max(range.begin, whole); f < range.end; ++f)
            part.model[tail[f - whole]] = values_[f];
    }

    std::span<const TailSlots> tails_;
    const std::vector<double>& slope_;
    const std::vector<double>& middle_;
    double centre_; ///< of the codes
    std::vector<double> perSlope_;
    std::vector<Part> parts_;
    bool hasTables_ = false;
    std::vector<double> rounded_;
    std::vector<double> y_;
    std::vector<double> mostY_;        ///< largest |y| of each thread
    std::vector<Weight> values_;       ///< y as sent
    std::vector<double> offset_, sum_; ///< of each chunk of features: middle . x, the values' sum
    std::vector<std::uint16_t> draws_;
};

} // namespace zipml
