#pragma once
/// What OpenCL reports, in words: which call failed, by the name that the standard gives the error.

#include "accel/opencl.h"
#include "core/base/error.h"

#include <string>

namespace zipml {

/// "CL_OUT_OF_RESOURCES"; "OpenCL error -9999" where the standard has no name for it.
std::string openClErrorName(cl_int code);

class OpenClError : public RunError {
  public:
    /// @param doing what failed, to be read after "cannot": "allocate 3 GB on pthread-EPYC"
    /// @param log the compiler's, where a build failed; its first error ends the message
    OpenClError(const std::string& doing, cl_int code, std::string log = {});

    [[nodiscard]] cl_int code() const { return code_; }
    /// All that the compiler said; empty unless a build failed.
    [[nodiscard]] const std::string& log() const { return log_; }

  private:
    cl_int code_;
    std::string log_;
};

/// Calls `work`; what the bindings throw becomes an OpenClError.
/// @param doing as in OpenClError
template <class Work>
decltype(auto) openCl(const std::string& doing, Work&& work) {
    try {
        return work();
    } catch (const cl::Error& error) {
        throw OpenClError(doing, error.err());
    }
}

} // namespace zipml
