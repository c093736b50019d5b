#include "accel/programs.h"

#include "accel/kernel_sources.h"
#include "core/base/random.h"

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

std::string optionsOf(const GradientMethod& method) {
    const EstimatorKind kind = method.estimator->kind;
    const bool plain = kind == EstimatorKind::DoublePlain || kind == EstimatorKind::EndToEnd;
    return define("MEAN", kind == EstimatorKind::DoubleMean ? 1 : 0) +
           define("SYMMETRIZED", kind == EstimatorKind::Double ? 1 : 0) + define("PLAIN", plain ? 1 : 0) +
           define("CORRECTED", method.correction.size() > 0 ? 1 : 0);
}

} // namespace

cl::Program packedProgram(const ComputeContext& context, const TileLayout& layout,
                          const GradientMethod& method) {
    bool aligned = layout.tileBytes() % 4 == 0;
    for (const TilePart& part : layout.parts())
        aligned = aligned && part.offset % 4 == 0;
    const std::string options = optionsOf(layout) + optionsOf(method) + define("ALIGNED", aligned ? 1 : 0) +
                                define("MOST_BLOCK_TILES", kMostBlockTiles) + define("SPAN", kStepSpan) +
                                define("COPY_ORDER", static_cast<std::size_t>(Purpose::CopyOrder) << 16U);
    return buildProgram(context, "packed",
                        std::string(kernels::philox_cl) + kernels::step_cl + kernels::packed_cl, options);
}

cl::Program rowsProgram(const ComputeContext& context) {
    const std::string options =
        "-cl-std=CL1.2 -DROWS=1 -DPARTS=1 -DMEAN=0 -DSYMMETRIZED=0 -DPLAIN=0 -DCORRECTED=0" +
        define("MOST_BLOCK_ROWS", kMostBlockRows) + define("SPAN", kStepSpan);
    return buildProgram(context, "rows", std::string(kernels::step_cl) + kernels::rows_cl, options);
}

cl::Program quantizeProgram(const ComputeContext& context, const TileLayout& layout, int copies,
                            Rounding rounding) {
    const std::string options =
        optionsOf(layout) +
        define("COPIES", rounding == Rounding::Nearest ? 0 : static_cast<std::size_t>(copies));
    return buildProgram(context, "quantize", std::string(kernels::philox_cl) + kernels::quantize_cl, options);
}

cl::Program evaluateProgram(const ComputeContext& context) {
    return buildProgram(context, "evaluate", kernels::evaluate_cl, "-cl-std=CL1.2");
}

} // namespace zipml
