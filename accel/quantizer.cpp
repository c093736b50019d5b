#include "accel/quantizer.h"

#include "accel/programs.h"

#include <utility>

namespace zipml {
namespace {

template <class Number>
DeviceBuffer<double> column(const ComputeContext& context, std::span<const Grid> grids, Number&& number) {
    std::vector<double> values;
    for (const Grid& grid : grids)
        values.push_back(static_cast<double>(number(grid)));
    return {context, std::span<const double>(values)};
}

} // namespace

DeviceQuantizer::DeviceQuantizer(const ComputeContext& context, std::span<const Grid> grids,
                                 const StoreOptions& options, TileLayout layout)
    : context_(context), options_(options), layout_(std::move(layout)),
      kernel_(kernelOf(quantizeProgram(context, layout_, options.copies, options.rounding), "quantize")),
      low_(column(context, grids, [](const Grid& g) { return g.low(); })),
      perUnit_(column(context, grids, [](const Grid& g) { return g.intervalsPerUnit(); })),
      intervals_(column(context, grids, [](const Grid& g) { return g.levels() - 1; })) {}

void DeviceQuantizer::build(const DeviceBuffer<float>& values, std::size_t rows, std::uint32_t epoch,
                            const DeviceBuffer<unsigned char>& codes) {
    const RandomStream draws(options_.seed, Purpose::SampleRounding, epoch);
    const cl_uint2 key{{static_cast<cl_uint>(options_.seed), static_cast<cl_uint>(options_.seed >> 32U)}};
    openCl("round samples on " + context_.info.name, [&] {
        cl_uint argument = 0;
        kernel_.setArg(argument++, values.get());
        for (const auto* each : {&low_, &perUnit_, &intervals_})
            kernel_.setArg(argument++, each->get());
        kernel_.setArg(argument++, static_cast<cl_uint>(rows));
        kernel_.setArg(argument++, static_cast<cl_uint>(layout_.features()));
        kernel_.setArg(argument++, key);
        kernel_.setArg(argument++, static_cast<cl_uint>(epoch));
        kernel_.setArg(argument++, static_cast<cl_uint>(draws.use()));
        kernel_.setArg(argument++, codes.get());
        context_.enqueue(kernel_, TileLayout::tilesOf(rows));
    });
}

} // namespace zipml
