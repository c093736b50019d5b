#pragma once
/// A part of the program is a library of its own, which is loaded when it is first asked for. What it brings
/// along (libtorch, Qt, libcurl, libhdf5) then costs time and memory only where it is used, and need not be
/// installed: the part is left out of the build, and says so.
///
/// Parts stand beside the programs: PREFIX/lib/zipml/libzipml_NAME.so for PREFIX/bin/zipml; ZIPML_PARTS in
/// the environment names another folder. Each has an entry, a symbol of C: its header says what that is. A
/// part has its own copy of what it needs of core, so that none of core's variables is common to it and the
/// program: what that adds to core's tables when it runs (addEstimator), the part does not know.

#include <filesystem>
#include <mutex>
#include <string>

namespace zipml {

/// Where parts are, and programs that only the lab starts.
std::filesystem::path partsFolder();

class Part {
  public:
    struct Names {
        const char* name;   ///< "deep" of libzipml_deep.so
        const char* entry;  ///< the symbol
        const char* absent; ///< what to read where the build has left it out: what is missing, and the remedy
        const char* packages; ///< Debian's names of what it loads, to read where that is not installed
    };

    explicit Part(const Names& names) : names_(names) {}
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    /// Why this build does not have it; empty where it does. Loads nothing, so that whether it can be loaded
    /// is not known yet.
    [[nodiscard]] std::string missing() const;
    /// Why it cannot be used, after trying to load it; empty where it can.
    [[nodiscard]] const std::string& problem();
    /// The symbol, loaded when it is first called for. @throws RunError with problem()
    [[nodiscard]] void* entry();

  private:
    void load();

    Names names_;
    std::once_flag once_;
    void* entry_ = nullptr;
    std::string problem_;
};

} // namespace zipml
