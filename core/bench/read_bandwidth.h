#pragma once
/// How fast this machine reads memory that no cache holds: an honest maximum, found by trying several ways.

#include "core/base/job.h"
#include "core/base/page_buffer.h"
#include "core/base/parallel.h"
#include "core/kernels/read_kernels.h"

#include <string>

namespace zipml {

class ReadBandwidth {
  public:
    /// @param bytes of the buffer: well above the last cache's. @param team outlives this; its threads share
    /// the buffer
    ReadBandwidth(std::size_t bytes, ThreadTeam& team, Isa isa = activeIsa());

    /// Tries every way `repeats` times, in turn, and keeps to the one with the best median. @throws Cancelled
    void chooseWay(int repeats, const Job& job);
    /// One pass over the buffer, the chosen way: GB/s (10^9 bytes).
    double measure() { return measure(way_); }
    /// "4 streams, 1,024 bytes ahead"
    [[nodiscard]] std::string way() const;

  private:
    struct Way {
        std::size_t variant; ///< of ReadKernels
        std::size_t ahead;
    };
    double measure(const Way& way);

    ThreadTeam& team_;
    const ReadKernels& kernels_;
    PageBuffer buffer_;
    std::size_t slice_; ///< bytes a thread
    Way way_{0, 0};
};

} // namespace zipml
