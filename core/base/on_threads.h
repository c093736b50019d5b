#pragma once
/// Work on several threads without a ThreadTeam (parallel.h): whole runs side by side, and libraries that bring
/// threads of their own.

#include <cstddef>
#include <functional>

namespace zipml {

/// How many of `threads` (0: one a core) the system lets work at once, this one among them. For libraries that
/// end the program where they are refused one.
[[nodiscard]] int threadsToBeHad(int threads);

/// Calls `work` on so many threads at once, this one among them, or on fewer where the system refuses more;
/// returns when all have returned. @param work throws nothing
void onThreads(std::size_t threads, const std::function<void()>& work);

} // namespace zipml
