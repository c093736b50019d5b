#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/file.h"
#include "core/tomography/tomography_run.h"
#include "ui/tomography/grey_image.h"

#include <cstdio>
#include <memory>

namespace zipml::cli {
namespace {

/// A flag a key of the spec.
struct Given {
    const SpecKey* key;
    CLI::Option* option;
    std::string text;
    bool yes = false;
};

struct Options {
    std::string image, out;
    bool asJson = false;
    std::vector<std::unique_ptr<Given>> given; // CLI11 keeps pointers to the texts
};

/// Prints a line an epoch and a progress bar.
class Narrator final : public TomographyObserver {
  public:
    explicit Narrator(bool quiet) : quiet_(quiet) {
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

TomographySpec specOf(const Options& options) {
    nlohmann::json changes = nlohmann::json::object();
    for (const auto& given : options.given)
        if (given->option->count() > 0)
            changes[std::string(given->key->name)] = given->key->kind == SpecKey::Kind::YesNo
                                                         ? nlohmann::json(given->yes)
                                                         : specValue(*given->key, given->text);
    return tomographySpecFromJson(changes);
}

void checkImageFile(const std::filesystem::path& file) {
    if (file.extension() != ".png" && file.extension() != ".pgm")
        throw InputError("--image: '" + file.string() + "': the name must end in .png or .pgm");
    checkWritable(file);
}

/// Black to white is the truth's range, so that images of different runs compare.
void saveImage(const TomographyRecord& record, const std::filesystem::path& file) {
    const ValueRange range = rangeOf(record.truth);
    if (file.extension() == ".pgm")
        return writeFileAtomically(file, toPgm(record.image, range));
    const QByteArray png = ui::toPng(ui::greyImage(record.image, range));
    writeFileAtomically(file, std::string_view(png.constData(), static_cast<std::size_t>(png.size())));
}

int run(const Options& options) {
    const TomographySpec spec = specOf(options);
    if (!options.image.empty())
        checkImageFile(options.image);
    if (!options.out.empty())
        checkWritable(options.out);
    RunControl control;
    const StopsOnInterrupt stops(control);
    TomographyRecord record;
    {
        Narrator narrator(options.asJson);
        record = runTomography(spec, narrator, control);
    }
    if (!options.image.empty())
        saveImage(record, options.image);
    if (!options.out.empty())
        writeFileAtomically(options.out, toJson(record).dump(2) + "\n");
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
        throw RunError(record.message);
    return 0;
}

} // namespace

void addTomography(CLI::App& app, Action& chosen) {
    auto* command = app.add_subcommand(
        "tomography", "Reconstruct an image from its ray sums, with the rays at low precision");
    auto options = std::make_shared<Options>();
    command->add_option("--image", options->image, "Write the image at the end (.png or .pgm)")
        ->type_name("FILE");
    command->add_option("--out", options->out, "Write the record (JSON)")->type_name("FILE");
    command->add_flag("--json", options->asJson, "Print the record as JSON and nothing else");
    const nlohmann::json defaults = toJson(TomographySpec{});
    for (const auto& key : tomographyKeys()) {
        auto given = std::make_unique<Given>();
        given->key = &key;
        const auto& value = defaults[std::string(key.name)];
        const std::string help = std::string(key.help) + " [" +
                                 (value.is_string() ? value.get<std::string>() : value.dump()) + "]";
        const std::string flag = "--" + flagOf(key.name);
        if (key.kind == SpecKey::Kind::YesNo)
            given->option = command->add_flag(flag + ",!--no-" + flagOf(key.name), given->yes, help);
        else
            given->option = command->add_option(flag, given->text, help)->type_name(std::string(key.values));
        given->option->group("Settings of a run");
        options->given.push_back(std::move(given));
    }
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
