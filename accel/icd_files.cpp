#include "accel/icd_files.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <unistd.h>

namespace zipml {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

fs::path vendors() {
    for (const char* name : {"OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"})
        if (std::string folder = environment(name); !folder.empty())
            return folder;
    return "/etc/OpenCL/vendors";
}

IcdFile read(const fs::path& file) {
    std::ifstream in(file);
    IcdFile icd{file, {}};
    std::getline(in, icd.library);
    icd.library.erase(icd.library.find_last_not_of(" \t\r") + 1);
    return icd;
}

/// Why a library does not load; empty where it does.
std::string loadError(const std::string& library) {
    void* handle = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr)
        return ::dlerror();
    ::dlclose(handle);
    return {};
}

/// Where PoCL and Mesa keep what they compiled, if it cannot be written to.
std::string unwritableCache() {
    struct Place {
        const char* variable;
        const char* below;
    };
    for (const Place& place : {Place{"POCL_CACHE_DIR", ""}, {"XDG_CACHE_HOME", ""}, {"HOME", ".cache"}}) {
        const std::string folder = environment(place.variable);
        if (folder.empty())
            continue;
        fs::path lowest = fs::path(folder) / place.below;
        std::error_code ignored;
        while (!fs::exists(lowest, ignored) && lowest.has_relative_path())
            lowest = lowest.parent_path();
        return ::access(lowest.c_str(), W_OK) == 0 ? "" : folder + " (" + place.variable + ")";
    }
    return {};
}

} // namespace

std::vector<IcdFile> listIcdFiles() {
    std::vector<IcdFile> found;
    const fs::path place = vendors();
    std::error_code error;
    if (fs::is_regular_file(place, error))
        return {read(place)};
    for (const auto& entry : fs::directory_iterator(place, error))
        if (entry.path().extension() == ".icd")
            found.push_back(read(entry.path()));
    std::ranges::sort(found, {}, &IcdFile::file);
    return found;
}

std::string whyNoOpenClDevice() {
    const auto drivers = listIcdFiles();
    if (drivers.empty())
        return "this machine has no OpenCL driver; install one (Debian: pocl-opencl-icd)";
    std::string names;
    for (const IcdFile& driver : drivers) {
        if (const std::string error = loadError(driver.library); !error.empty())
            return "the OpenCL driver " + driver.file.string() + " does not load: " + error +
                   "; install the package of that library again";
        names += (names.empty() ? "" : ", ") + driver.file.filename().string();
    }
    const std::string cache = unwritableCache();
    return "the OpenCL drivers found (" + names + ") offer no device" +
           (cache.empty() ? "; see their own settings (RUSTICL_ENABLE, for one)"
                          : ", maybe since they cannot write to their cache folder, " + cache +
                                "; set POCL_CACHE_DIR or XDG_CACHE_HOME to one that can be written to");
}

} // namespace zipml
