#include "accel/fpga/self_test.h"

#include "core/base/random.h"

#include <algorithm>
#include <bit>

namespace zipml {
namespace {

struct Shape {
    std::size_t rows, features;
    [[nodiscard]] std::string text() const { return std::to_string(rows) + " x " + std::to_string(features); }
};
constexpr Shape kShapes[] = {{1, 1}, {33, 1}, {50, 7}, {100, 90}, {18, 1000}, {5, 8192}};
constexpr Shape kQuickShapes[] = {{1, 1}, {9, 7}, {5, 45}};
constexpr Shape kLimit{70'000, 1};

FpgaLines randomLines(const FpgaDesign& design, Shape shape) {
    const RandomStream stream(7, Purpose::Synthetic, 2);
    std::vector<float> values, labels;
    for (std::uint32_t row = 0; row < shape.rows; ++row) {
        for (std::uint32_t f = 0; f < shape.features; ++f) {
            const auto uniform = static_cast<float>(stream.uniform(row, f));
            values.push_back(design.unitRange ? uniform : 2 * uniform - 1);
        }
        labels.push_back(static_cast<float>(20 * stream.uniform(row, 1'000'000) - 10));
    }
    return packFpgaLines(design, values, labels, shape.features, 3);
}

/// Two epochs one after the other. @return whether all bits of the model are the reference's
bool equalsReference(FpgaPipeline& pipeline, const FpgaLines& lines, const FpgaEpoch& epoch) {
    std::vector<std::int32_t> model(lines.features, 0), wanted = model;
    for (int i = 0; i < 2; ++i) {
        pipeline.run(epoch, model);
        runFpgaReference(lines, epoch, wanted);
    }
    return model == wanted;
}

/// The model after two epochs from zeros.
template <class Run>
std::vector<std::int32_t> modelAfter(std::size_t features, Run&& run) {
    std::vector<std::int32_t> model(features, 0);
    for (int i = 0; i < 2; ++i)
        run(std::span(model));
    return model;
}

SelfTestResult test(const ComputeContext& context, const FpgaDevice& device, const FpgaDesign& design,
                    std::span<const Shape> shapes) {
    SelfTestResult result{"fpga pipeline, " + design.name(), 0, {}, 0};
    FpgaPipeline pipeline = makePipeline(context, device, design);
    for (const Shape shape : shapes) {
        const FpgaLines lines = randomLines(design, shape);
        pipeline.load(lines);
        const int stepShift = 3 + static_cast<int>(std::bit_width(shape.features));
        for (const std::size_t delay : {std::size_t{1}, pipeline.usualDelay()}) {
            const FpgaEpoch epoch{stepShift, 1, delay};
            ++result.cases;
            if (!equalsReference(pipeline, lines, epoch))
                result.failure =
                    shape.text() + ", " + std::to_string(delay) + " rows late: the model differs";
        }
    }
    return result;
}

} // namespace

std::string fpgaDesignMismatch(FpgaPipeline& pipeline) {
    constexpr Shape kFewRows{5, 7}; // one line a row in every design, so that each can read another's
    constexpr int kStepShift = 5;
    FpgaLines lines = randomLines(pipeline.design(), kFewRows);
    pipeline.load(lines);
    const FpgaEpoch epoch{kStepShift, 1, pipeline.usualDelay()};
    const auto found = modelAfter(kFewRows.features, [&](auto model) { pipeline.run(epoch, model); });
    const auto by = [&](const FpgaDesign& design) {
        lines.design = design;
        return modelAfter(kFewRows.features, [&](auto model) { runFpgaReference(lines, epoch, model); });
    };
    if (found == by(pipeline.design()))
        return {};
    for (const FpgaDesign& other : fpgaDesigns())
        if (found == by(other))
            return "it computes as the design " + other.name() + " does";
    return "it does not compute what the design does";
}

std::vector<SelfTestResult> fpgaSelfTest(const ComputeContext& context, const FpgaDevice& device,
                                         const SelfTestOptions& options,
                                         const std::function<void(const SelfTestResult&)>& onResult) {
    std::vector<Shape> shapes(options.quick ? std::vector(std::begin(kQuickShapes), std::end(kQuickShapes))
                                            : std::vector(std::begin(kShapes), std::end(kShapes)));
    if (options.limits)
        shapes.push_back(kLimit);
    std::vector<SelfTestResult> results;
    for (const FpgaDesign& design : designsOf(device)) {
        results.push_back(test(context, device, design, shapes));
        if (onResult)
            onResult(results.back());
    }
    return results;
}

} // namespace zipml
