#include "app/cli/standard_output.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

namespace zipml::cli {

void guardStandardStreams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0) // the lowest free number is this one; used the other way it fails
            [[maybe_unused]]
            const int opened = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    std::signal(SIGPIPE, SIG_IGN);
}

std::string standardOutputFailure() {
    errno = 0;
    std::cout.flush();
    const bool flushed = std::fflush(stdout) == 0;
    const int reason = flushed && std::cout ? 0 : errno;
    if (flushed && std::cout && std::ferror(stdout) == 0)
        return {};
    return std::string("standard output cannot be written") +
           (reason != 0 ? std::string(": ") + std::strerror(reason) : "");
}

} // namespace zipml::cli
