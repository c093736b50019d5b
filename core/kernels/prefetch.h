#pragma once
/// Asking for what is needed next, so that memory works while the processor computes.

#include "core/kernels/tile_kernels.h"

#include <cstddef>
#include <cstdint>

namespace zipml {
namespace { // its own copy in each file: those files differ in instruction set (isa.h)

/// Fetches a cache line into the second-level cache. The address may be anywhere, also outside of any object,
/// so it is no pointer.
inline void fetch(std::uintptr_t address) {
    __builtin_prefetch(reinterpret_cast<const void*>(address), 0, 2); // NOLINT(performance-no-int-to-ptr)
}

inline void fetchAhead(const void* at, std::size_t ahead) {
    fetch(reinterpret_cast<std::uintptr_t>(at) + ahead);
}

/// What is to be fetched while line `line` of tile `tile`, at `at`, is read: two kinds, so that loops have
/// just their own.
struct FetchAhead {
    static void fetch(const PartView& part, std::size_t /*tile*/, std::size_t /*line*/,
                      const unsigned char* at) {
        if (part.ahead != 0)
            fetchAhead(at, part.ahead);
    }
};
struct FetchStreams {
    static void fetch(const PartView& part, std::size_t tile, std::size_t line, const unsigned char* /*at*/) {
        if (line % 4 == 0)
            for (std::size_t i = 0; i < part.streamCount; ++i)
                zipml::fetch(part.streams[i] + tile * part.streamStride + 16 * line);
    }
};

} // namespace
} // namespace zipml
