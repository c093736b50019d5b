#include "core/bench/device_report.h"

namespace zipml {

using Check = KernelReport::Check;

template <>
std::span<const Named<Check>> namesOf<Check>() {
    static constexpr Named<Check> table[] = {
        {Check::NotRun, "not-run", "Not run", "Not compared with the reference."},
        {Check::Passed, "passed", "Passed", "Agrees with the reference."},
        {Check::Failed, "failed", "Failed", "Differs from the reference."},
    };
    return table;
}

} // namespace zipml
