#pragma once
/// Long work (loading, building a store, a bias measurement) is a job: it reports progress and can be
/// stopped.

#include "core/base/error.h"

#include <functional>
#include <stop_token>
#include <string_view>

namespace zipml {

/// Handed to long work by whoever started it. Default: nobody listens and nobody stops it.
struct Job {
    std::stop_token stop;
    /// Called from the working thread with the share done, 0 to 1, and what is being done ("reading rows").
    std::function<void(double share, std::string_view what)> onProgress;

    void report(double share, std::string_view what) const {
        if (onProgress)
            onProgress(share, what);
    }
    /// @throws Cancelled once a stop was requested. Long loops call it at least every few milliseconds.
    void checkpoint() const {
        if (stop.stop_requested())
            throw Cancelled();
    }
};

/// Shows `job`, which must outlive the result, the part [begin, end] of the way.
inline Job partOf(const Job& job, double begin, double end) {
    return {job.stop, [&job, begin, end](double share, std::string_view what) {
                job.report(begin + (end - begin) * share, what);
            }};
}

} // namespace zipml
