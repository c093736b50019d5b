#include "core/kernels/fetch_cursor.h"

namespace zipml {
namespace {

/// One line that is always in the cache.
std::span<const FetchRun> nothing() {
    alignas(64) static constexpr unsigned char kLine[64] = {};
    static const auto kBegin = reinterpret_cast<std::uintptr_t>(&kLine);
    static const FetchRun kRun{kBegin, kBegin + sizeof kLine};
    return {&kRun, 1};
}

} // namespace

FetchCursor::FetchCursor() : FetchCursor(nothing()) {}

FetchCursor::FetchCursor(std::span<const FetchRun> runs)
    : at(runs.front().begin), end(runs.front().end), run(&runs.front()), last(&runs.back()) {}

} // namespace zipml
