#include "app/cli/interrupt.h"

#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace zipml::cli {
namespace {

std::mutex mutex;
RunControl* current = nullptr;

constexpr int kInterrupted = 130; // the shell's convention for a program ended by SIGINT

void waitForSignals(sigset_t signals) {
    while (true) {
        int signal = 0;
        sigwait(&signals, &signal);
        const std::lock_guard lock(mutex);
        if (current == nullptr || current->stopRequested())
            ::_exit(kInterrupted);
        current->stop();
    }
}

} // namespace

void stopOnInterrupt() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    // Blocked here and in every thread started from now on, so that only the waiting thread receives them.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread(waitForSignals, signals).detach();
}

StopsOnInterrupt::StopsOnInterrupt(RunControl& control) {
    const std::lock_guard lock(mutex);
    current = &control;
}

StopsOnInterrupt::~StopsOnInterrupt() {
    const std::lock_guard lock(mutex);
    current = nullptr;
}

} // namespace zipml::cli
