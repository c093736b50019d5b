#include "core/base/part.h"

#include "core/base/error.h"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>

namespace zipml {

std::filesystem::path partsFolder() {
    if (const char* given = std::getenv("ZIPML_PARTS"))
        return given;
#ifdef ZIPML_PARTS_FOLDER // of a build inside another project's
    return ZIPML_PARTS_FOLDER;
#else
    std::error_code code;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", code);
    return program.parent_path().parent_path() / "lib" / "zipml";
#endif
}

namespace {

std::filesystem::path fileOf(const char* name) {
    return partsFolder() / ("libzipml_" + std::string(name) + ".so");
}

} // namespace

std::string Part::missing() const {
    std::error_code code;
    if (std::filesystem::exists(fileOf(names_.name), code))
        return "";
    const bool moved = !std::filesystem::exists(partsFolder(), code);
    return names_.absent + (moved ? std::string(" (parts are looked for in ") + partsFolder().string() +
                                        ", which is not there)"
                                  : "");
}

void Part::load() {
    problem_ = missing();
    if (!problem_.empty())
        return;
    const auto file = fileOf(names_.name);
    // Local: nothing of what it brings along (libtorch another Qt) is seen by the rest of the program.
    void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        problem_ = file.string() + " cannot be loaded: " + ::dlerror() + "; install Debian's " +
                   names_.packages + ", or build again (./dev build)";
        return;
    }
    entry_ = ::dlsym(library, names_.entry);
    if (entry_ == nullptr)
        problem_ = file.string() + " is of another version; build again (./dev build)";
}

const std::string& Part::problem() {
    std::call_once(once_, [this] { load(); });
    return problem_;
}

void* Part::entry() {
    if (!problem().empty())
        throw RunError(problem_);
    return entry_;
}

} // namespace zipml
