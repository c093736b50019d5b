#pragma once
/// Programs for a device: from source, with the binary kept in the user's cache folder, or from an image.

#include "accel/context.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace zipml {

/// $XDG_CACHE_HOME/zipml, or else ~/.cache/zipml; empty where neither is known: nothing is kept then.
std::filesystem::path cacheFolder();

/// Where the binary of a program is kept; the name is a hash of device, driver, source and options.
std::filesystem::path cachedBinary(const ComputeContext& context, std::string_view source,
                                   const std::string& options);

/// From the cache if its entry is whole and the driver takes it, else compiled and cached.
/// @param name of the program, for messages. @throws OpenClError with the compiler's log
cl::Program buildProgram(const ComputeContext& context, const std::string& name, std::string_view source,
                         const std::string& options = {});

/// A program from the bytes of an image, such as an FPGA's (clCreateProgramWithBinary).
/// @param name of the image, for messages. @throws OpenClError where the device does not take it: it is
/// damaged, or made for another device or driver
cl::Program programFromBinary(const ComputeContext& context, const std::string& name,
                              std::span<const unsigned char> binary);
/// @throws InputError where the file cannot be read, else as above
cl::Program programFromFile(const ComputeContext& context, const std::filesystem::path& file);

/// @throws OpenClError where the program has no such kernel
cl::Kernel kernelOf(const cl::Program& program, const std::string& name);

/// The image of a built program, for the context's device.
std::vector<unsigned char> binaryOf(const cl::Program& program);

} // namespace zipml
