#include "accel/buffer.h"

#include <cstdio>

namespace zipml {

cl::Buffer allocate(const ComputeContext& context, std::size_t bytes) {
    char size[32];
    std::snprintf(size, sizeof size, "%.3g MB", static_cast<double>(bytes) / 1e6);
    const std::string doing = "allocate " + std::string(size) + " on " + context.info.name;
    // Some drivers hand out memory that they do not have and fail later.
    if (bytes > context.info.mostBufferBytes)
        throw OpenClError(doing, CL_INVALID_BUFFER_SIZE);
    return openCl(doing, [&] { return cl::Buffer(context.context, CL_MEM_READ_WRITE, bytes); });
}

} // namespace zipml
