#include "core/base/thread_priority.h"

#if defined(__linux__)
#include <unistd.h>
#endif

namespace zipml {

void yieldToOthers() {
#if defined(__linux__)
    constexpr int kNice = 10;                     // a tenth of the weight
    [[maybe_unused]] const int now = nice(kNice); // of a thread, on Linux
#endif
}

} // namespace zipml
