#pragma once
/// Which OpenCL drivers are installed, as the loader finds them: files *.icd, each of which names a library.

#include <filesystem>
#include <string>
#include <vector>

namespace zipml {

struct IcdFile {
    std::filesystem::path file; ///< "/etc/OpenCL/vendors/pocl.icd"
    std::string library;        ///< as it stands in there; the system looks for it
};

/// Those of $OCL_ICD_VENDORS or $OPENCL_VENDOR_PATH, else of /etc/OpenCL/vendors, by name.
std::vector<IcdFile> listIcdFiles();

/// Why no driver has a device, to be read after "because": none is installed, or one does not load, or cannot
/// write where it has to; with what to do.
std::string whyNoOpenClDevice();

} // namespace zipml
