#include "accel/fpga/fit.h"

#include "core/data/dataset.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace zipml {
namespace {

constexpr int kMostShift = 31;
constexpr std::size_t kMostBatch = std::size_t{1} << 31U;
constexpr double kMostLabel = 64;
constexpr int kMostLabelShift = 40; ///< beyond it the model would lose all its bits

bool isPowerOfTwo(double number) {
    int exponent = 0;
    return number > 0 && std::frexp(number, &exponent) == 0.5;
}

std::string powerText(int exponent) {
    return "2^" + std::to_string(exponent);
}

bool isRounded(const RunSpec& spec) {
    return spec.estimator != EstimatorKind::Full;
}

struct ValueRange {
    float low = 0, high = 0;
};

ValueRange rangeOf(const Dataset& data) {
    const auto [low, high] = std::ranges::minmax(data.values);
    return {low, high};
}

int nearestWidth(int bits) {
    return bits <= 2 ? std::max(bits, 1) : bits <= 5 ? 4 : 8;
}

FpgaDesign designFor(const RunSpec& spec, const Dataset& train) {
    if (!isRounded(spec))
        return {32, true};
    const auto [low, high] = rangeOf(train);
    const int bits = nearestWidth(spec.bits);
    return {bits, (low >= 0 && high <= 1) || bits == 1};
}

/// Whether each epoch's step is the first one's times a power of two.
bool halves(const RunSpec& spec) {
    for (int epoch = 1; epoch <= spec.sgd.epochs; ++epoch)
        if (!isPowerOfTwo(stepOf(spec.sgd.schedule, 1, epoch)))
            return false;
    return true;
}

std::size_t nearestBatch(const RunSpec& spec) {
    return std::min(std::bit_floor(spec.sgd.batch), kMostBatch);
}
int batchExponent(const RunSpec& spec) {
    return std::countr_zero(std::bit_floor(spec.sgd.batch));
}
int nearestStepExponent(const RunSpec& spec) {
    const int exponent = static_cast<int>(std::lround(std::log2(*spec.sgd.step)));
    return std::clamp(exponent, batchExponent(spec) - kMostShift, batchExponent(spec));
}
bool stepFits(const RunSpec& spec) {
    return !spec.sgd.step || *spec.sgd.step == std::exp2(nearestStepExponent(spec));
}

/// The first epoch whose step the pipeline cannot shift by; 0: none.
int firstEpochBelow(const RunSpec& spec) {
    if (!spec.sgd.step || !halves(spec) || !stepFits(spec))
        return 0;
    for (int epoch = 1; epoch <= spec.sgd.epochs; ++epoch)
        if (std::log2(stepOf(spec.sgd.schedule, *spec.sgd.step, epoch)) < batchExponent(spec) - kMostShift)
            return epoch;
    return 0;
}

std::size_t mostFeatures(const RunSpec& spec) {
    return kFpgaMaxFeatures - (spec.intercept ? 1 : 0);
}

std::string when(bool broken, const char* reason) {
    return broken ? reason : "";
}

/// Remedies are settings with their values: they are listed together.
constexpr Rule kRules[] = {
    {.key = "loss",
     .broken = [](const Situation& at) { return when(!isQuadratic(at.spec.loss), "a residual is a.x - b"); },
     .remedy = "loss least-squares",
     .repair = [](RunSpec& spec, const Situation&) { spec.loss = LossKind::LeastSquares; }},
    {.key = "estimator",
     .broken =
         [](const Situation& at) {
             return when(isRounded(at.spec) && at.spec.estimator != EstimatorKind::DoublePlain,
                         "one rounding forms the dot product, the other the gradient");
         },
     .remedy = "estimator double-plain, or full for its float design",
     .repair = [](RunSpec& spec, const Situation&) { spec.estimator = EstimatorKind::DoublePlain; }},
    {.key = "bits",
     .broken =
         [](const Situation& at) {
             return when(isRounded(at.spec) && nearestWidth(at.spec.bits) != at.spec.bits,
                         "its widths are 1, 2, 4 and 8");
         },
     .remedyAt = [](const Situation& at) { return "bits " + std::to_string(nearestWidth(at.spec.bits)); },
     .repair = [](RunSpec& spec, const Situation&) { spec.bits = nearestWidth(spec.bits); }},
    {.key = "copies",
     .broken =
         [](const Situation& at) {
             return when(isRounded(at.spec) && at.spec.copies != 2, "a line holds two roundings of a value");
         },
     .remedy = "copies 2",
     .repair = [](RunSpec& spec, const Situation&) { spec.copies = 2; }},
    {.key = "grid",
     .broken =
         [](const Situation& at) {
             return when(isRounded(at.spec) && at.spec.grid.kind != GridKind::Uniform,
                         "a level is a power of two");
         },
     .remedy = "grid uniform",
     .repair = [](RunSpec& spec, const Situation&) { spec.grid = {}; }},
    {.key = "scaling",
     .broken = [](const Situation& at) -> std::string {
         if (!isRounded(at.spec) || at.train == nullptr)
             return {};
         const FpgaDesign design = designFor(at.spec, *at.train);
         const auto [low, high] = rangeOf(*at.train);
         return when(low < (design.unitRange ? 0 : -1) || high > 1,
                     design.bits == 1 ? "one bit is 0 or 1" : "values lie in [0, 1] or [-1, 1]");
     },
     .remedyAt = [](const Situation& at) -> std::string {
         return nearestWidth(at.spec.bits) == 1 ? "scaling unit" : "scaling unit or minmax";
     },
     .repair = [](RunSpec& spec, const Situation&) { spec.data.scaling = ScalingKind::Unit; }},
    {.key = "arithmetic",
     .broken =
         [](const Situation& at) {
             return when(at.spec.arithmetic == Arithmetic::Integer, "it has its own fixed point");
         },
     .remedy = "arithmetic float",
     .repair = [](RunSpec& spec, const Situation&) { spec.arithmetic = Arithmetic::Float; }},
    {.key = "model_bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.modelBits != VectorQuantizer::kOff, "the model is Q8.23 on the chip");
         },
     .remedy = "model-bits 32",
     .repair = [](RunSpec& spec, const Situation&) { spec.modelBits = VectorQuantizer::kOff; }},
    {.key = "gradient_bits",
     .broken =
         [](const Situation& at) {
             return when(at.spec.gradientBits != VectorQuantizer::kOff, "no gradient is sent");
         },
     .remedy = "gradient-bits 32",
     .repair = [](RunSpec& spec, const Situation&) { spec.gradientBits = VectorQuantizer::kOff; }},
    {.key = "regularizer",
     .broken =
         [](const Situation& at) {
             return when(at.spec.regularizer.kind != RegularizerKind::None,
                         "it subtracts gradients, no more");
         },
     .remedy = "regularizer none",
     .repair = [](RunSpec& spec, const Situation&) { spec.regularizer = {}; }},
    {.key = "average",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.tailAverage != 0, "the model leaves it once an epoch");
         },
     .remedy = "average none",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.tailAverage = 0; }},
    {.key = "order",
     .broken =
         [](const Situation& at) {
             return when(at.spec.sgd.order != RowOrder::File, "rows stream by as they lie in memory");
         },
     .remedy = "order file",
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.order = RowOrder::File; }},
    {.key = "schedule",
     .broken =
         [](const Situation& at) {
             return when(!halves(at.spec), "a residual is shifted, so that a step is a power of two");
         },
     .remedy = "schedule constant or halve-every:N",
     .repair =
         [](RunSpec& spec, const Situation&) {
             spec.sgd.schedule = {ScheduleKind::Constant, 10, {}};
         }},
    {.key = "batch",
     .broken =
         [](const Situation& at) {
             return when(nearestBatch(at.spec) != at.spec.sgd.batch,
                         "the model is refreshed after a power of two of rows");
         },
     .remedyAt = [](const Situation& at) { return "batch " + std::to_string(nearestBatch(at.spec)); },
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.batch = nearestBatch(spec); }},
    {.key = "step",
     .broken = [](const Situation& at) -> std::string {
         if (!halves(at.spec) || stepFits(at.spec))
             return {};
         return "the nearest to " + std::to_string(*at.spec.sgd.step) +
                " that it shifts by: 2^0 to 2^-31 times batch";
     },
     .remedyAt = [](const Situation& at) { return "step " + powerText(nearestStepExponent(at.spec)); },
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.step = std::exp2(nearestStepExponent(spec)); }},
    {.key = "epochs",
     .broken = [](const Situation& at) -> std::string {
         const int epoch = firstEpochBelow(at.spec);
         if (epoch == 0)
             return {};
         return "the step of epoch " + std::to_string(epoch) + " is below 2^-31 times batch";
     },
     .remedyAt =
         [](const Situation& at) {
             return "at most " + std::to_string(firstEpochBelow(at.spec) - 1) +
                    " epochs, or a slower schedule";
         },
     .repair = [](RunSpec& spec, const Situation&) { spec.sgd.epochs = firstEpochBelow(spec) - 1; }},
    {.key = "features",
     .broken = [](const Situation& at) -> std::string {
         if (at.train == nullptr || at.train->features <= mostFeatures(at.spec))
             return {};
         return "its memory holds that many, these rows have " + std::to_string(at.train->features);
     },
     .remedyAt =
         [](const Situation& at) {
             return "at most " + std::to_string(mostFeatures(at.spec)) + " features";
         }},
    {.key = "data",
     .broken =
         [](const Situation& at) {
             return when(at.train != nullptr && fpgaLabelShift(at.train->labels) > kMostLabelShift,
                         "the model has 23 bits behind the point");
         },
     .remedy = "labels below 2^46"},
};

} // namespace

void addFpgaConflicts(const Situation& at, std::vector<Conflict>& conflicts) {
    std::vector<Conflict> all;
    addConflicts(kRules, at, all);
    if (all.empty())
        return;
    const ScalingKind scaling = at.spec.data.scaling;
    if (at.train == nullptr && isRounded(at.spec) &&
        (scaling == ScalingKind::Standard || scaling == ScalingKind::None)) // not known yet, and likely
        all.push_back({.key = "scaling",
                       .reason = "values lie in [0, 1] or [-1, 1]",
                       .remedy = "scaling unit or minmax",
                       .repair = [](RunSpec& spec) { spec.data.scaling = ScalingKind::Unit; }});
    std::string remedies;
    for (const Conflict& each : all)
        remedies += each.remedy + " (" + each.reason + "), ";
    conflicts.push_back({.key = "device",
                         .reason = "the FPGA pipeline does not do this run",
                         .remedy = "use " + remedies + "or device cpu",
                         .repair = [all](RunSpec& spec) {
                             for (const Conflict& each : all)
                                 if (each.repair)
                                     each.repair(spec);
                         }});
}

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
    std::vector<Conflict> conflicts;
    addFpgaConflicts({.spec = spec, .train = &train}, conflicts);
    if (!conflicts.empty())
        throw InputError(conflicts.front().message());
    return designFor(spec, train);
}

Grid fpgaGrid(const FpgaDesign& design) {
    const std::uint32_t unit = 1U << static_cast<unsigned>(design.shift());
    return design.unitRange ? Grid::uniform(0, 1, unit + 1) : Grid::uniform(-1, 1, 2 * unit + 1);
}

int fpgaStepShift(double step, std::size_t batch) {
    const double exponent = std::log2(static_cast<double>(batch)) - std::log2(step);
    return static_cast<int>(std::lround(std::clamp(exponent, 0.0, static_cast<double>(kMostShift))));
}

double fpgaStableShare(std::size_t batch, std::size_t delay) {
    const auto rows = static_cast<double>(batch);
    const double late = static_cast<double>(delay) + rows - 1;
    return std::min(1.0, 2 * (rows + 1) * std::sin(std::numbers::pi / (4 * late + 2)));
}

double fpgaStepBelow(double step) {
    return std::exp2(std::floor(std::log2(step)));
}

} // namespace zipml
