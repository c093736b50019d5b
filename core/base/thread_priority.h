#pragma once
/// Work beside other work: what a person waits for goes first.

namespace zipml {

/// From now on this thread, and those that it starts, get what the others leave of a core they share; of a core
/// that nobody else wants they get all. Only where the system knows priorities of threads (Linux).
void yieldToOthers();

} // namespace zipml
