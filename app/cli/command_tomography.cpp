#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/key_flags.h"
#include "app/cli/progress.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/outputs.h"
#include "core/plot/plots.h"
#include "core/tomography/tomography_run.h"

#include <cstdio>
#include <memory>

namespace zipml::cli {
namespace {

struct TomographyFlags {
    std::string image, out;
    bool asJson = false;
    std::unique_ptr<KeyFlags> flags;
};

/// Prints a line an epoch and a progress bar.
class TomographyNarrator final : public TomographyObserver {
  public:
    explicit TomographyNarrator(bool quiet) : quiet_(quiet) {
        if (!quiet_)
            std::printf("%6s %12s %10s %12s %10s\n", "epoch", "rel. error", "PSNR (dB)", "MB moved",
                        "seconds");
    }
    void onProgress(double share, std::string_view phase) override { bar_.show(share, phase); }
    void onEpoch(const TomographyEpoch& epoch) override {
        if (quiet_)
            return;
        std::printf("%6d %12.5g %10.2f %12.3f %10.4f\n", epoch.epoch, epoch.error.relative, epoch.error.psnr,
                    static_cast<double>(epoch.bytesMoved) / 1e6, epoch.seconds);
        std::fflush(stdout);
    }

  private:
    bool quiet_;
    ProgressBar bar_;
};

void checkImageFile(const std::filesystem::path& file) {
    if (file.extension() != ".png" && file.extension() != ".pgm")
        throw InputError("--image: '" + file.string() + "': the name must end in .png or .pgm");
    if (file.extension() == ".png")
        checkPlots();
}

/// Black to white is the truth's range, so that images of different runs compare.
void saveImage(const TomographyRecord& record, const std::filesystem::path& file) {
    const ValueRange range = rangeOf(record.truth);
    if (file.extension() == ".pgm")
        return writeFileAtomically(file, toPgm(record.image, range));
    writeFileAtomically(file, toPng(record.image, range));
}

int run(const TomographyFlags& options) {
    const TomographySpec spec = tomographySpecFromJson(options.flags->given());
    if (!options.image.empty())
        checkImageFile(options.image);
    Outputs outputs;
    outputs.add("--image", options.image);
    outputs.add("--out", options.out);
    outputs.check();
    RunControl control;
    const StopsOnInterrupt stops(control);
    TomographyRecord record;
    {
        TomographyNarrator narrator(options.asJson);
        record = runTomography(spec, narrator, control);
    }
    StopsOnInterrupt::workEnded();
    outputs.write(options.image, [&] { saveImage(record, options.image); });
    outputs.write(options.out, [&] { writeFileAtomically(options.out, jsonText(toJson(record), 2) + "\n"); });
    if (options.asJson) {
        printJson(toJson(record));
    } else {
        std::printf("%s: %s, %d rays of %d pixels a side, %.3g million lengths of %d bits, %.3f MB\n",
                    std::string(entryOf(record.status).title).c_str(), displayName(spec).c_str(),
                    record.detectors * spec.angles, spec.size, static_cast<double>(record.crossings) / 1e6,
                    record.bitsPerLength, static_cast<double>(record.storeBytes) / 1e6);
        if (!record.epochs.empty())
            std::printf("first image after %.3f s, then %.1f images/s (one an epoch)\n",
                        record.firstImageSeconds,
                        static_cast<double>(record.epochs.size()) / record.epochs.back().seconds);
    }
    if (record.status == RunStatus::Diverged)
        outputs.failed(record.message);
    outputs.requireSuccess();
    return 0;
}

} // namespace

void addTomography(Command& app, Action& chosen) {
    auto* command = app.addSubcommand(
        "tomography", "Reconstruct an image from its ray sums, with the rays at low precision");
    auto options = std::make_shared<TomographyFlags>();
    command->addOption("--image", options->image, "Write the image at the end (.png or .pgm)")
        ->typeName("FILE");
    command->addOption("--out", options->out, "Write the record (JSON)")->typeName("FILE");
    command->addFlag("--json", options->asJson, "Print the record as JSON and nothing else");
    options->flags = std::make_unique<KeyFlags>(*command, pointersTo(tomographyKeys()),
                                                toJson(TomographySpec{}), "Settings of a run");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
