#include "app/cli/plot_file.h"

#include "core/plot/plots.h"

namespace zipml::cli {

void checkPlotFile(const std::filesystem::path& file) {
    const auto kind = file.extension();
    if (kind != ".svg" && kind != ".png" && kind != ".pdf")
        throw InputError("--plot: '" + file.string() + "': the name must end in .svg, .png or .pdf");
    checkPlots();
}

} // namespace zipml::cli
