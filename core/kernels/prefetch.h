#pragma once
/// Asking for what is needed next, so that memory works while the processor computes.

#include "core/kernels/fetch_cursor.h"

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

/// Past `lines` lines. Loops keep their cursor in a local variable, that is, in registers: through memory a
/// step takes as long as the arithmetic of a line.
inline void advance(FetchCursor& cursor, std::uintptr_t lines) {
    cursor.at += 64 * lines;
    if (cursor.at >= cursor.end) [[unlikely]] {
        cursor.run += cursor.run == cursor.last ? 0 : 1;
        cursor.at = cursor.run->begin;
        cursor.end = cursor.run->end;
    }
}

inline void fetchNext(FetchCursor& cursor) {
    fetch(cursor.at);
    advance(cursor, 1);
}

} // namespace
} // namespace zipml
