#pragma once
/// Priority of threads that compute while a person looks at the window.

namespace zipml::ui {

/// The calling thread, and those that it starts, yield to the screen: on a machine with few cores the GUI
/// thread is scheduled first. Does nothing where a thread's priority is not its own (outside of Linux).
void lowerThreadPriority();

} // namespace zipml::ui
