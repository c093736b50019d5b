#include "core/base/start_thread.h"

#include <atomic>

namespace zipml {
namespace {

std::atomic<int> refused{0};

} // namespace

int refusedThreads() {
    return refused.load();
}

void countRefusedThread() {
    ++refused;
}

} // namespace zipml
