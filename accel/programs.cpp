#include "accel/programs.h"

#include "accel/kernel_sources.h"
#include "core/base/error.h"
#include "core/base/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace zipml {
namespace {

std::string define(const std::string& name, std::size_t value) {
    return " -D" + name + "=" + std::to_string(value);
}

std::string optionsOf(const TileLayout& layout) {
    constexpr std::size_t kMostParts = 4;
    std::string options = "-cl-std=CL1.2";
    options += define("BITS", static_cast<std::size_t>(layout.bits()));
    options += define("PARTS", layout.parts().size());
    for (std::size_t p = 0; p < kMostParts; ++p) {
        const bool used = p < layout.parts().size();
        options +=
            define("WIDTH" + std::to_string(p), static_cast<std::size_t>(used ? layout.parts()[p].width : 1));
        options +=
            define("SHIFT" + std::to_string(p), static_cast<std::size_t>(used ? layout.parts()[p].shift : 0));
    }
    return options;
}

/// Whether the kernels draw coins, and for what: the names are those of coins.cl.
std::string coinsOf(const GradientMethod& method) {
    switch (method.estimator->pairs.value()) {
    case Pairs::Symmetrized:
        return "SYMMETRIZED";
    case Pairs::Plain:
        return "PLAIN";
    case Pairs::None:
    case Pairs::Mean:
        break;
    }
    return "0";
}

/// Of codes that the kernels of samples read.
std::string codeOptions(const TileLayout& layout) {
    bool aligned = layout.tileBytes() % 4 == 0;
    for (const TilePart& part : layout.parts())
        aligned = aligned && part.offset % 4 == 0;
    return optionsOf(layout) + define("ALIGNED", aligned ? 1 : 0) +
           define("MOST_BLOCK_TILES", kMostBlockTiles) + define("MOST_GROUP_TILES", kMostGroupTiles);
}

std::string stepOptions(std::size_t batch, const Grouping& grouping) {
    // What the items of a group pass on to one another: 17 rows of 32 features, or two products of each tile.
    const std::size_t exchanged =
        std::max<std::size_t>(2U * kMostGroupTiles, std::size_t{17} * 32 / kTileRows) * grouping.items;
    return define("GROUP", grouping.items) + define("SPAN", grouping.span()) +
           define("EXCHANGED", exchanged + 3 * kTileRows * kMostGroupTiles) +
           " -DCOUNT=" + (wideCounts(batch) ? "uint" : "ushort") +
           define("MODEL_ROUNDING", static_cast<std::size_t>(Purpose::ModelRounding) << 16U) +
           define("GRADIENT_ROUNDING", static_cast<std::size_t>(Purpose::GradientRounding) << 16U);
}

/// Built once a context, whichever run asks for it.
cl::Program programOf(const ComputeContext& context, const std::string& name, const std::string& source,
                      const std::string& options) {
    const std::string key = options + '\n' + source;
    if (const auto known = context.programs.find(key); known != context.programs.end())
        return known->second;
    return context.programs[key] = buildProgram(context, name, source, options);
}

std::string source(std::initializer_list<const char*> parts) {
    std::string all;
    for (const char* part : parts)
        all += part;
    return all;
}

} // namespace

TileLayout trainingLayout(std::size_t features, const GradientMethod& method, const StoreOptions& store) {
    const int bits = SampleStore::bitsPerCode(store);
    const bool single = bits == 2 || bits == 4 || bits == 8;
    return {features, bits, coinsOf(method) != "0" && !single};
}

std::size_t tossedBytes(const TileLayout& layout, const GradientMethod& method, const Grouping& grouping) {
    if (coinsOf(method) == "0")
        return 0;
    const TilePart& part = layout.parts().back();
    if (!grouping.shared())
        return layout.parts().size() == 1 ? layout.tileBytes() : kTileRows / 8 * layout.features();
    return kLineBytes * part.lines + kTileRows * (layout.features() - part.lines * part.lineFeatures());
}

Grouping groupingFor(const OpenClDevice& device) {
    constexpr std::size_t kItems = 128;
    const char* forced = std::getenv("ZIPML_OPENCL_VARIANT");
    const std::string variant = forced == nullptr || *forced == '\0' ? "" : forced;
    if (!variant.empty() && variant != "cpu" && variant != "gpu")
        throw InputError("ZIPML_OPENCL_VARIANT: '" + variant + "': write cpu or gpu");
    const bool alone = variant.empty() ? device.type == "cpu" : variant == "cpu";
    return {alone ? 1 : std::min<std::size_t>(kItems, std::bit_floor(device.mostGroupItems))};
}

std::vector<float> fieldScales(const TileLayout& layout, const Grouping& grouping) {
    std::vector<float> scales;
    for (const TilePart& part : layout.parts())
        for (std::size_t f = 0; f < layout.features(); ++f) {
            const bool inPlace = !grouping.shared() && f < part.lines * part.lineFeatures() && f % 4 != 3;
            scales.push_back(
                static_cast<float>(std::exp2(part.shift - (inPlace ? 8 * static_cast<int>(f % 4) : 0))));
        }
    return scales;
}

cl::Program packedProgram(const ComputeContext& context, const TileLayout& layout,
                          const GradientMethod& method, std::size_t batch, const Grouping& grouping) {
    const std::string coins = coinsOf(method);
    const std::string options = codeOptions(layout) + stepOptions(batch, grouping) +
                                " -DSYMMETRIZED=1 -DPLAIN=2 -DCOINS=" + coins +
                                define("SINGLE", coins != "0" && layout.parts().size() == 1 ? 1 : 0) +
                                define("COPY_ORDER", static_cast<std::size_t>(Purpose::CopyOrder) << 16U);
    return programOf(
        context, "packed",
        grouping.shared()
            ? source({kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl,
                      kernels::packed_group_cl, kernels::batch_cl})
            : source({kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl,
                      kernels::line_cl, kernels::packed_cl, coins != "0" ? kernels::coins_cl : "",
                      kernels::packed_chunk_cl, kernels::batch_cl}),
        options);
}

cl::Program oddProgram(const ComputeContext& context, const TileLayout& layout, std::size_t batch,
                       const Grouping& grouping) {
    const std::string options = codeOptions(layout) + stepOptions(batch, grouping) +
                                " -DSYMMETRIZED=1 -DPLAIN=2 -DCOINS=0 -DSINGLE=0" +
                                define("LAST_WIDTH", static_cast<std::size_t>(layout.parts().back().width));
    return programOf(context, "odd",
                     source({kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl,
                             grouping.shared() ? "" : kernels::line_cl,
                             grouping.shared() ? kernels::packed_group_cl : kernels::packed_cl,
                             grouping.shared() ? kernels::odd_group_cl : kernels::odd_cl}),
                     options);
}

cl::Program rowsProgram(const ComputeContext& context, std::size_t batch, const Grouping& grouping) {
    const std::string options =
        "-cl-std=CL1.2" + stepOptions(batch, grouping) + define("MOST_BLOCK_ROWS", kMostBlockRows);
    return programOf(
        context, "rows",
        source({kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl,
                grouping.shared() ? kernels::rows_group_cl : kernels::rows_cl, kernels::batch_cl}),
        options);
}

cl::Program stepProgram(const ComputeContext& context, std::size_t batch, const Grouping& grouping) {
    return programOf(context, "step",
                     source({kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl,
                             kernels::step_kernels_cl}),
                     "-cl-std=CL1.2" + stepOptions(batch, grouping));
}

cl::Program quantizeProgram(const ComputeContext& context, const TileLayout& layout, int copies,
                            Rounding rounding) {
    const std::string options =
        optionsOf(layout) + define("ALIGNED", 0) +
        define("COPIES", rounding == Rounding::Nearest ? 0 : static_cast<std::size_t>(copies));
    return programOf(context, "quantize",
                     source({kernels::philox_cl, kernels::line_cl, kernels::quantize_cl}), options);
}

cl::Program evaluateProgram(const ComputeContext& context) {
    return programOf(context, "evaluate", source({kernels::group_cl, kernels::loss_cl, kernels::evaluate_cl}),
                     "-cl-std=CL1.2 -DGROUP=1");
}

} // namespace zipml
