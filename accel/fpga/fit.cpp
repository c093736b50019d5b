#include "accel/fpga/fit.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace zipml {
namespace {

constexpr int kMostShift = 31;
constexpr double kMostLabel = 64;
constexpr int kMostLabelShift = 40; ///< beyond it the model would lose all its bits

bool isPowerOfTwo(double number) {
    int exponent = 0;
    return number > 0 && std::frexp(number, &exponent) == 0.5;
}

std::string powerText(int exponent) {
    return "2^" + std::to_string(exponent);
}

/// Each setting that would have to change, with the reason.
class Wishes {
  public:
    void require(bool holds, const std::string& instead, const std::string& because) {
        if (!holds)
            text_ += (text_.empty() ? "" : ", ") + instead + " (" + because + ")";
    }
    void throwIfAny() const {
        if (!text_.empty())
            throw InputError("device: the FPGA pipeline does not do this run; use " + text_ +
                             ", or device cpu");
    }

  private:
    std::string text_;
};

struct Range {
    float low = 0, high = 0;
};

Range rangeOf(const Dataset& data) {
    const auto [low, high] = std::ranges::minmax(data.values);
    return {low, high};
}

void requireStep(const RunSpec& spec, Wishes& wishes) {
    const Schedule& schedule = spec.sgd.schedule;
    bool halves = true;
    for (int epoch = 1; epoch <= spec.sgd.epochs && halves; ++epoch)
        halves = isPowerOfTwo(stepOf(schedule, 1, epoch));
    wishes.require(halves, "schedule constant or halve-every:N",
                   "a residual is shifted, so that a step is a power of two");
    const std::size_t batch = spec.sgd.batch;
    wishes.require(std::has_single_bit(batch) && batch <= (std::size_t{1} << 31U),
                   "batch " + std::to_string(std::min(std::bit_floor(batch), std::size_t{1} << 31U)),
                   "the model is refreshed after a power of two of rows");
    if (!spec.sgd.step || !halves)
        return;
    const double step = *spec.sgd.step;
    const int rows = std::countr_zero(std::bit_floor(batch));
    const int exponent = static_cast<int>(std::lround(std::log2(step)));
    const int nearest = std::clamp(exponent, rows - kMostShift, rows);
    wishes.require(isPowerOfTwo(step) && nearest == exponent, "step " + powerText(nearest),
                   "the nearest to " + std::to_string(step) + " that it shifts by: 2^0 to 2^-31 times batch");
    if (nearest != exponent)
        return;
    for (int epoch = 1; epoch <= spec.sgd.epochs; ++epoch) {
        if (std::log2(stepOf(schedule, step, epoch)) >= rows - kMostShift)
            continue;
        wishes.require(false, "at most " + std::to_string(epoch - 1) + " epochs, or a slower schedule",
                       "the step of epoch " + std::to_string(epoch) + " is below 2^-31 times batch");
        return;
    }
}

int nearestWidth(int bits) {
    return bits <= 2 ? std::max(bits, 1) : bits <= 5 ? 4 : 8;
}

} // namespace

int fpgaLabelShift(std::span<const float> labels) {
    double largest = 0;
    for (const float label : labels)
        largest = std::max(largest, std::abs(static_cast<double>(label)));
    int shift = 0;
    while (std::ldexp(largest, -shift) > kMostLabel)
        ++shift;
    return shift;
}

FpgaDesign fpgaDesignFor(const RunSpec& spec, const Dataset& train) {
    const bool exact = spec.estimator == EstimatorKind::Full;
    Wishes wishes;
    wishes.require(spec.loss == LossKind::LeastSquares || spec.loss == LossKind::LsSvm, "loss least-squares",
                   "a residual is a.x - b");
    wishes.require(exact || spec.estimator == EstimatorKind::DoublePlain,
                   "estimator double-plain, or full for its float design",
                   "one rounding forms the dot product, the other the gradient");
    FpgaDesign design{exact ? 32 : nearestWidth(spec.bits), true};
    if (!exact) {
        wishes.require(design.bits == spec.bits, "bits " + std::to_string(design.bits),
                       "its widths are 1, 2, 4 and 8");
        wishes.require(spec.copies == 2, "copies 2", "a line holds two roundings of a value");
        wishes.require(spec.grid.kind == GridKind::Uniform, "grid uniform", "a level is a power of two");
        const auto [low, high] = rangeOf(train);
        design.unitRange = (low >= 0 && high <= 1) || design.bits == 1;
        const bool inRange = low >= (design.unitRange ? 0 : -1) && high <= 1;
        wishes.require(inRange, design.bits == 1 ? "scaling unit" : "scaling unit or minmax",
                       design.bits == 1 ? "one bit is 0 or 1" : "values lie in [0, 1] or [-1, 1]");
    }
    wishes.require(spec.arithmetic == Arithmetic::Float, "arithmetic float", "it has its own fixed point");
    wishes.require(spec.modelBits == VectorQuantizer::kOff, "model-bits 32",
                   "the model is Q8.23 on the chip");
    wishes.require(spec.gradientBits == VectorQuantizer::kOff, "gradient-bits 32", "no gradient is sent");
    wishes.require(spec.regularizer.kind == RegularizerKind::None, "regularizer none",
                   "it subtracts gradients, no more");
    wishes.require(spec.sgd.tailAverage == 0, "average none", "the model leaves it once an epoch");
    wishes.require(spec.sgd.order == RowOrder::File, "order file", "rows stream by as they lie in memory");
    requireStep(spec, wishes);
    const std::size_t most = kFpgaMaxFeatures - (spec.intercept ? 1 : 0);
    wishes.require(train.features <= most, "at most " + std::to_string(most) + " features",
                   "its memory holds that many, these rows have " + std::to_string(train.features));
    wishes.require(fpgaLabelShift(train.labels) <= kMostLabelShift, "labels below 2^46",
                   "the model has 23 bits behind the point");
    wishes.throwIfAny();
    return design;
}

Grid fpgaGrid(const FpgaDesign& design) {
    const std::uint32_t unit = 1U << static_cast<unsigned>(design.shift());
    return design.unitRange ? Grid::uniform(0, 1, unit + 1) : Grid::uniform(-1, 1, 2 * unit + 1);
}

int fpgaStepShift(double step, std::size_t batch) {
    const double exponent = std::log2(static_cast<double>(batch)) - std::log2(step);
    return static_cast<int>(std::lround(std::clamp(exponent, 0.0, static_cast<double>(kMostShift))));
}

double fpgaStepBelow(double step) {
    return std::exp2(std::floor(std::log2(step)));
}

} // namespace zipml
