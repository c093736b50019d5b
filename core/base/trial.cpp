#include "core/base/trial.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zipml {
namespace {

[[noreturn]] void runTrial(const std::function<void()>& work, unsigned seconds) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGALRM})
        ::signal(signal, SIG_DFL); // no report of a crash that is none of ours
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    ::pthread_sigmask(SIG_UNBLOCK, &alarm, nullptr);
    ::alarm(seconds);
    try {
        work();
    } catch (const std::exception&) { // which comes again where it is told
    }
    std::_Exit(0);
}

} // namespace

TrialEnd tryApart(const std::function<void()>& work, unsigned seconds) {
    const pid_t child = ::fork();
    if (child == 0)
        runTrial(work, seconds);
    int status = 0;
    while (child > 0 && ::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return TrialEnd::Ended; // somebody else took its status
    if (child < 0 || !WIFSIGNALED(status))
        return TrialEnd::Ended;
    return WTERMSIG(status) == SIGALRM ? TrialEnd::TookTooLong : TrialEnd::Crashed;
}

} // namespace zipml
