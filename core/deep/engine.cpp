#include "core/deep/engine.h"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>

namespace zipml::deep {
namespace {

constexpr const char* kLibrary = "libzipml_deep.so";
constexpr const char* kAdvice = "networks need libtorch, which this build is without; install Debian's "
                                "libtorch-dev and build again (./dev build)";

/// Beside the programs: PREFIX/lib/zipml for PREFIX/bin. ZIPML_DEEP_ENGINE names another file.
std::filesystem::path libraryFile() {
    if (const char* given = std::getenv("ZIPML_DEEP_ENGINE"))
        return given;
    std::error_code code;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", code);
    return program.parent_path().parent_path() / "lib" / "zipml" / kLibrary;
}

struct Loaded {
    EngineMaker make = nullptr;
    std::string problem;
};

Loaded load() {
    if (const std::string missing = missingEngine(); !missing.empty())
        return {nullptr, missing};
    const auto file = libraryFile();
    // Local: nothing of what libtorch brings along (another Qt among it) is seen by the rest of the program.
    void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return {nullptr, file.string() + " cannot be loaded: " + ::dlerror() +
                             "; install Debian's libtorch1.13, or build again (./dev build)"};
    auto* symbol = ::dlsym(library, kEngineSymbol);
    if (symbol == nullptr)
        return {nullptr, file.string() + " is of another version; build again (./dev build)"};
    return {reinterpret_cast<EngineMaker>(symbol), {}};
}

const Loaded& loaded() {
    static const Loaded once = load();
    return once;
}

} // namespace

void shareProcessors() {
    constexpr int kKeepWhatIsSet = 0;
    ::setenv("OMP_WAIT_POLICY", "passive", kKeepWhatIsSet); // read when libgomp is loaded, with the engine
}

std::string missingEngine() {
    std::error_code code;
    return std::filesystem::exists(libraryFile(), code) ? "" : kAdvice;
}

std::string engineProblem() {
    return loaded().problem;
}

std::unique_ptr<Engine> makeEngine(const Network& network, const EngineOptions& options) {
    if (loaded().make == nullptr)
        throw RunError(loaded().problem);
    return std::unique_ptr<Engine>(loaded().make(network, options));
}

} // namespace zipml::deep
