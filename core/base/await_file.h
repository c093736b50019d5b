#pragma once
/// A file may not answer: a pipe that nobody writes to, a mount that is gone. Whoever reads waits for it here,
/// where a stop is noticed, so that no thread has to be waited for that sits in a call of the system.

#include "core/base/job.h"

#include <filesystem>
#include <functional>
#include <span>

namespace zipml {

/// Blocks until `file`, also one that is missing, or a folder, has answered. Without anybody who could stop
/// the job it does nothing. The first call that could block is made in a thread that is left behind when the
/// job is stopped.
/// @throws Cancelled
void awaitFile(const std::filesystem::path& file, const Job& job);

/// Whether it is a named pipe, or what a shell's <(...) is.
bool isPipe(const std::filesystem::path& file);
/// Reads a descriptor to its end, waiting for a writer where there is none yet. @param take is given the bytes
/// @throws InputError where it cannot be read, Cancelled
void readPipe(int descriptor, const Job& job, const std::function<void(std::span<const char>)>& take);

/// As awaitFile, for what is read more than once, or as a whole. @throws Cancelled, InputError for a pipe
void awaitNoPipe(const std::filesystem::path& file, const Job& job);

} // namespace zipml
