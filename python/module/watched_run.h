#pragma once
/// A watched run trains in a thread of its own, while the thread that called looks after Python: it lets go of
/// the interpreter, calls back after each epoch, and stops the run at its next minibatch on Ctrl-C.

#include "core/lab/run.h"
#include "python/module/module.h"

#include <functional>

namespace zipml::python {

/// @param run trains @param callback called with each epoch as JSON, in the calling thread; true from it stops
/// the run. None: nobody is called
/// @throws what `run` or `callback` throws; KeyboardInterrupt, or what another signal's handler raises
RunRecord watchedRun(const std::function<RunRecord(RunObserver&, RunControl&)>& run,
                     const nb::object& callback);

} // namespace zipml::python
