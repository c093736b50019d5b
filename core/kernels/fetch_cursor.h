#pragma once
/// What kernels fetch into the second-level cache while they compute: the data of a later call, line after
/// line in the order of addresses, one for every two lines that they read. (A data pass is a dot product and
/// a gradient, so all of the later call's lines are fetched by then.)
///
/// Order and pace decide whether this works (measured on Zen 4, 4 bits, 1,024 features): fetches that come in
/// bursts are dropped, and those that jump between tiles get 20 GB/s of 31 where sequential ones get 28.

#include <cstdint>
#include <span>

namespace zipml {

/// Neighbouring cache lines: [begin, end), not empty. The addresses may be outside of any object.
struct FetchRun {
    std::uintptr_t begin, end;
};

/// Walks along some runs; after the last it goes over that one again, which costs next to nothing. The
/// kernels step with fetchNext (prefetch.h).
struct FetchCursor {
    /// Nothing is to be fetched.
    FetchCursor();
    /// @param runs not empty, outlive the cursor
    explicit FetchCursor(std::span<const FetchRun> runs);

    std::uintptr_t at, end;
    const FetchRun *run, *last;
};

} // namespace zipml
