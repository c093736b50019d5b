#include "core/base/run_status.h"

namespace zipml {

template <>
std::span<const Named<RunStatus>> namesOf<RunStatus>() {
    static constexpr Named<RunStatus> table[] = {
        {RunStatus::Completed, "completed", "Done", "All epochs ran."},
        {RunStatus::EarlyStopped, "early-stopped", "Stopped early", "The loss no longer improved."},
        {RunStatus::Stopped, "stopped", "Stopped", "Stopped by hand; complete epochs are kept."},
        {RunStatus::Diverged, "diverged", "Diverged", "The loss grew without bound."},
        {RunStatus::DeviceLost, "device-lost", "Device lost", "The device failed; complete epochs are kept."},
        {RunStatus::BelowOptimum, "below-optimum", "Below the optimum",
         "All epochs ran, and a model is better than the exact optimum: the optimum is wrong."},
    };
    return table;
}

} // namespace zipml
