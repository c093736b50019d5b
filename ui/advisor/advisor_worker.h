#pragma once
/// The advisor's worker reads the data and forecasts in the background.

#include "core/advise/advice.h"
#include "ui/widgets/background_job.h"

#include <memory>

namespace zipml::ui {

/// What happened since it was last asked.
struct AdvisorNews : JobNews {
    std::shared_ptr<const Advice> advice; ///< done
};

class AdvisorWorker {
  public:
    /// @param cache where runs keep their data
    explicit AdvisorWorker(std::shared_ptr<PreparedDataCache> cache) : cache_(std::move(cache)) {}

    /// In the place of what it does.
    void start(const RunSpec& base);
    void stop() { job_.stop(); }
    [[nodiscard]] BackgroundJob<AdvisorNews>& job() { return job_; }

  private:
    std::shared_ptr<PreparedDataCache> cache_;
    BackgroundJob<AdvisorNews> job_; // last: it uses the other
};

} // namespace zipml::ui
