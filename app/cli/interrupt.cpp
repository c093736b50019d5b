#include "app/cli/interrupt.h"

#include "core/base/start_thread.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <unistd.h>

namespace zipml::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::mutex mutex; ///< of the two below
RunControl* current = nullptr;
bool keeping = false; ///< the work that there was is over

std::atomic<int> first{0}; ///< signal that came

constexpr int kShellsOffset = 128; ///< a shell's exit code of a program that a signal ended is above it
constexpr std::chrono::milliseconds kMostToStop{900};
constexpr std::chrono::milliseconds kLook{10};

[[noreturn]] void endWith(int signal) {
    ::_exit(kShellsOffset + signal);
}

bool workIsOver() {
    const std::lock_guard lock(mutex);
    return keeping;
}

/// Until the work is over or has had its time; another signal ends the program.
void superviseStop(const sigset_t& signals, int signal) {
    const auto last = Clock::now() + kMostToStop;
    while (!workIsOver()) {
        const timespec look{0, std::chrono::nanoseconds(kLook).count()};
        if (const int another = sigtimedwait(&signals, nullptr, &look); another > 0)
            endWith(another);
        if (Clock::now() < last)
            continue;
        constexpr char kMessage[] = "zipml: did not stop within a second, so it was ended\n";
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
        endWith(signal);
    }
}

void waitForSignals(const sigset_t& signals) {
    while (true) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0)
            continue;
        const bool again = first.exchange(signal) != 0;
        {
            const std::lock_guard lock(mutex);
            if (current == nullptr || again)
                endWith(signal);
            current->stop();
        }
        superviseStop(signals, signal);
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
    std::thread waiting = startThread([signals] { waitForSignals(signals); });
    if (waiting.joinable())
        waiting.detach();
    else
        pthread_sigmask(SIG_UNBLOCK, &signals, nullptr); // the system ends the program
}

int interruptedExitCode() {
    const int signal = first.load();
    return signal == 0 ? 0 : kShellsOffset + signal;
}

StopsOnInterrupt::StopsOnInterrupt(RunControl& control) {
    const std::lock_guard lock(mutex);
    current = &control;
    keeping = false;
}

StopsOnInterrupt::~StopsOnInterrupt() {
    const std::lock_guard lock(mutex);
    current = nullptr;
}

void StopsOnInterrupt::workEnded() {
    const std::lock_guard lock(mutex);
    keeping = true;
}

} // namespace zipml::cli
