#pragma once
/// The one place where threads are started. A system may refuse one (a limit on memory or on processes); whoever
/// asked goes on with those that there are, since no result depends on how many work.

#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace zipml {

/// How often work went on with fewer threads since the program began: the system refused one, or memory did not
/// suffice for what it was to do.
[[nodiscard]] int refusedThreads();
/// For startThread, and whoever gives up a thread for want of memory.
void countRefusedThread();

/// @tparam Thread std::thread or std::jthread
/// @return not joinable where the system refuses a thread: `work` is not called
template <class Thread = std::thread, class Work>
[[nodiscard]] Thread startThread(Work&& work) {
    try {
        return Thread(std::forward<Work>(work));
    } catch (const std::system_error&) { // no more of them
    } catch (const std::bad_alloc&) {    // or no room for what belongs to one
    }
    countRefusedThread();
    return {};
}

} // namespace zipml
