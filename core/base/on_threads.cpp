#include "core/base/on_threads.h"

#include "core/base/parallel.h"
#include "core/base/start_thread.h"

namespace zipml {

int threadsToBeHad(int threads) {
    return ThreadTeam(threads).threads();
}

void onThreads(std::size_t threads, const std::function<void()>& work) {
    std::vector<std::jthread> others;
    others.reserve(threads);
    for (std::size_t i = 1; i < threads; ++i) {
        auto other = startThread<std::jthread>(work);
        if (!other.joinable())
            break;
        others.push_back(std::move(other));
    }
    work();
}

} // namespace zipml
