#pragma once
/// A trial does something first in a process of its own, where an outside library may crash or hang on what a
/// stranger's file holds: the program then refuses the file and lives.

#include <functional>

namespace zipml {

enum class TrialEnd {
    Ended,      ///< by returning or by an exception; also where the system gave no process for it
    Crashed,    ///< by a signal
    TookTooLong ///< and was ended
};

/// @param work sees what memory holds now, and changes nothing here; only this thread is in its process
/// @param seconds at most, of the clock
TrialEnd tryApart(const std::function<void()>& work, unsigned seconds);

} // namespace zipml
