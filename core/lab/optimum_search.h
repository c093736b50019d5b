#pragma once
/// The search for the exact optimum of prepared rows: begun beside the training by whoever wants the result,
/// made once, and given up when nobody wants it any more.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/loss/optimum.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace zipml {

struct FoundOptimum {
    std::optional<Optimum> optimum;
    std::string note;   ///< why there is none
    double seconds = 0; ///< what finding it took; of no meaning for the result
};

/// Thread-safe. What is found does not depend on who looks for it, on how many threads, or on when.
class OptimumSearch {
  public:
    using Find = std::function<FoundOptimum(ThreadTeam& team, const Job& job)>;

    /// @param find the search itself; what it refers to outlives this
    explicit OptimumSearch(Find find) : find_(std::move(find)) {}
    /// A search that is still under way is given up.
    ~OptimumSearch();
    OptimumSearch(const OptimumSearch&) = delete;
    OptimumSearch& operator=(const OptimumSearch&) = delete;

    /// One who wants the result. Of several threads the search gets one of its own, and as many more for its
    /// sums, in which it steps back for the others (yieldToOthers); where there is one it waits for await.
    class Wish {
      public:
        Wish(OptimumSearch& search, int threads);
        ~Wish();
        Wish(const Wish&) = delete;
        Wish& operator=(const Wish&) = delete;

      private:
        OptimumSearch& search_;
    };

    /// Null as long as it is not known.
    [[nodiscard]] const FoundOptimum* known() const;
    /// Waits for the search that is under way, or makes it here. @throws Cancelled
    const FoundOptimum& await(ThreadTeam& team, const Job& job);

  private:
    enum class State { Idle, Running, Found };

    void begin(int threads);

    const Find find_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::Idle;
    int wishes_ = 0;
    std::stop_source stop_; ///< of the thread
    std::thread thread_;
    FoundOptimum found_;
};

} // namespace zipml
