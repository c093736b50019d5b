#pragma once
/// Standard output is a result as any file is: what could not be written to it is no success.

#include <string>

namespace zipml::cli {

/// Call first of all: a stream that is closed would otherwise be the next file that is opened, and a reader
/// that has gone would end the program before its files are written.
void guardStandardStreams();
/// Writes out what is left. @return what failed, also earlier; empty: nothing
std::string standardOutputFailure();

} // namespace zipml::cli
