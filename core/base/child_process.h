#pragma once
/// A child process runs another program and hears what it prints: where that one crashes or hangs, this one
/// lives. Unlike a trial (trial.h) it begins anew, which libraries with threads of their own need.

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace zipml {

struct ChildEnd {
    enum class How {
        Exited,      ///< by itself, with `code`
        Crashed,     ///< by the signal `code`
        TookTooLong, ///< and was ended
        NotStarted   ///< `code` is the system's reason (errno)
    } how;
    int code = 0;
};

/// Standard input and error are /dev/null.
/// @param arguments behind the program's name @param limit of the clock
/// @param onLine hears each line of standard output as it comes, without its end
/// @throws Cancelled when stopped, after the child was ended
ChildEnd runChild(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                  std::chrono::milliseconds limit, const std::function<void(const std::string& line)>& onLine,
                  const std::stop_token& stop = {});

} // namespace zipml
