#pragma once
/// Errors that people read. Each carries one line: what is wrong, where, and what would be right.

#include <stdexcept>
#include <string>

namespace zipml {

/// Bad input or bad usage: a file, a spec or a flag is wrong. The CLI exits with 2, the GUI shows the line.
/// Example: "data.csv:17: column 3: 'abc' is not a number".
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A run that was well specified and failed all the same (diverged, disk full). The CLI exits with 1.
class RunError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The person stopped the work. Not a failure; nothing is shown but that it stopped.
class Cancelled : public std::exception {
  public:
    [[nodiscard]] const char* what() const noexcept override { return "stopped"; }
};

} // namespace zipml
