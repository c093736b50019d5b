#include "accel/evaluator.h"

#include "accel/device_plan.h"
#include "accel/programs.h"

#include <numeric>

namespace zipml {
namespace {

/// Chunks of rows, a record each; one number for all devices of a kind, so that results repeat.
std::size_t chunksFor(const OpenClDevice& device) {
    return device.type == "cpu" ? 64 : 16'384;
}

} // namespace

DeviceEvaluator::DeviceEvaluator(const ComputeContext& context, const Loss& loss)
    : context_(context), loss_(loss), kernel_(kernelOf(evaluateProgram(context), "evaluate")),
      chunks_(chunksFor(context.info)), losses_(context, chunks_), hits_(context, chunks_) {}

Evaluation DeviceEvaluator::evaluate(const DeviceRows& data, const DeviceBuffer<double>& model) {
    const std::size_t chunks = std::min(chunks_, data.rows);
    openCl("evaluate the loss on " + context_.info.name, [&] {
        cl_uint argument = 0;
        kernel_.setArg(argument++, data.values.get());
        kernel_.setArg(argument++, data.labels.get());
        for (const std::size_t number : {data.rows, data.features, chunks})
            kernel_.setArg(argument++, static_cast<cl_uint>(number));
        kernel_.setArg(argument++, model.get());
        kernel_.setArg(argument++, deviceLoss(loss_.kind));
        kernel_.setArg(argument++, cl_double2{{loss_.weights.positive, loss_.weights.negative}});
        kernel_.setArg(argument++, losses_.get());
        kernel_.setArg(argument++, hits_.get());
        context_.enqueue(kernel_, chunks);
    });
    std::vector<double> losses(chunks);
    std::vector<cl_uint> hits(chunks);
    losses_.read(losses);
    hits_.read(hits);
    const auto rows = static_cast<double>(data.rows);
    return {std::accumulate(losses.begin(), losses.end(), 0.0) / rows,
            static_cast<double>(std::accumulate(hits.begin(), hits.end(), std::uint64_t{0})) / rows};
}

} // namespace zipml
