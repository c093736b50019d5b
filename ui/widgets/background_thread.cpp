#include "ui/widgets/background_thread.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace zipml::ui {

void lowerThreadPriority() {
#ifdef __linux__
    constexpr int kNice = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice); // on Linux: of this thread only
#endif
}

} // namespace zipml::ui
