#include "app/cli/spec_flags.h"

#include "core/base/error.h"
#include "core/data/source_files.h"
#include "core/data/synthetic.h"
#include "core/document/figure_file.h"
#include "core/lab/rules.h"
#include "core/lab/store_run.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace zipml::cli {
namespace {

std::vector<const SpecKey*> offered(const std::vector<std::string>& only) {
    std::vector<const SpecKey*> keys;
    for (const auto& key : specKeys())
        if (only.empty() ? key.name != "data" : std::ranges::find(only, key.name) != only.end())
            keys.push_back(&key);
    return keys;
}

} // namespace

SpecFlags::SpecFlags(Command& command, const std::vector<std::string>& only)
    : flags_(command, offered(only), toJson(RunSpec{}),
             "Settings of a run (keys of a spec, with '_' for '-')") {}

RunSpec SpecFlags::over(const RunSpec& base) const {
    return specFromJson(flags_.given(), base);
}

void SpecFlags::noteUnread(const RunSpec& spec) const {
    const nlohmann::json defaults = toJson(RunSpec{});
    const nlohmann::json given = flags_.given();
    for (const auto& [key, value] : given.items())
        if (const std::string why = whyUnused(spec, key); !why.empty() && value != defaults.at(key))
            std::fprintf(stderr, "note: --%s is not read: %s\n", flagOf(key).c_str(), why.c_str());
}

std::vector<std::string> loadKeysAnd(const std::vector<std::string>& others) {
    std::vector<std::string> keys = loadKeys();
    keys.insert(keys.end(), others.begin(), others.end());
    return keys;
}

std::vector<std::filesystem::path> filesRead(const std::string& file, const RunSpec& spec) {
    std::vector<std::filesystem::path> files{file, spec.data.load.labels};
    for (const std::string& source : {spec.data.source, spec.data.test})
        std::ranges::move(filesNamedBy(source), std::back_inserter(files));
    return files;
}

namespace {

/// A figure names its data only.
RunSpec withItsData(RunSpec spec, const std::string& figure) {
    const auto isThere = [](const std::filesystem::path& file) {
        std::error_code ignored;
        return std::filesystem::exists(file, ignored);
    };
    if (!isSynthetic(spec.data.source) && std::ranges::none_of(filesNamedBy(spec.data.source), isThere))
        throw InputError(figure + ": its run reads " + spec.data.source +
                         ", which is neither here nor beside the figure; put it there");
    return spec;
}

/// Of "figure.png", or of the K-th run in "figure.png#K".
std::optional<RunSpec> specOfFigure(const std::string& file) {
    const std::size_t hash = file.rfind('#');
    const std::string name = file.substr(0, hash);
    if (!isFigure(name))
        return std::nullopt;
    const auto runs = readFigure(name);
    const int wanted = hash == std::string::npos ? 0 : std::atoi(file.c_str() + hash + 1);
    if (hash == std::string::npos && runs.size() == 1)
        return withItsData(runs.front(), name);
    if (wanted >= 1 && static_cast<std::size_t>(wanted) <= runs.size())
        return withItsData(runs[static_cast<std::size_t>(wanted) - 1], name);
    std::string there;
    for (std::size_t i = 0; i < runs.size(); ++i)
        there += (i > 0 ? ", " : "") + name + "#" + std::to_string(i + 1) + " (" + displayName(runs[i]) + ")";
    throw InputError(file + ": the figure shows " + std::to_string(runs.size()) +
                     " runs; name one: " + there);
}

} // namespace

RunSpec specFromFile(const std::string& file) {
    if (auto spec = specOfFigure(file))
        return std::move(*spec);
    if (file.ends_with(".json"))
        return readSpec(file);
    if (isStore(file))
        return specOfStore(file);
    RunSpec spec;
    spec.data.source = file;
    return spec;
}

} // namespace zipml::cli
