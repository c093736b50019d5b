#pragma once
/// Asking for what is needed next, so that memory works while the processor computes.

#include <cstddef>
#include <cstdint>

namespace zipml {
namespace { // its own copy in each file: those files differ in instruction set (isa.h)

/// Fetches the cache line `ahead` bytes from `at` into the second-level cache. The address may be anywhere, also
/// outside of any object: an integer, not a pointer, is moved.
inline void fetchAhead(const void* at, std::size_t ahead) {
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(at) + ahead), 0, 2);
}

} // namespace
} // namespace zipml
