// zipml: the lab without its window. Wiring only; see commands.h for the sub-commands.

#include "accel/register.h"
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/standard_output.h"
#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/base/short_message.h"
#include "core/base/start_thread.h"
#include "core/deep/engine.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>

namespace zipml::cli {
namespace {

constexpr int kFailedRun = 1;
constexpr int kBadInput = 2;

int report(const std::string& message, int code) {
    std::cerr << "zipml: " << shortMessage(message.substr(0, message.find('\n'))) << '\n';
    return code;
}

/// A result that could not be printed is no success.
int unlessOutputFailed(int code) {
    const std::string failure = standardOutputFailure();
    return code == 0 && !failure.empty() ? report(failure, kFailedRun) : code;
}

int parseAndRun(int argc, char** argv) {
    Action chosen;
    Commands app(chosen);
    const auto parsed = app.parse(argc, argv);
    if (parsed.done)
        return 0;
    if (!parsed.problem.empty())
        return report(parsed.problem + " (zipml --help)", kBadInput);
    if (!chosen)
        return report(
            "a command is missing: info, fetch, data, levels, quantize, train, sweep, compare, advise, bias, "
            "predict, export, bench, devices, tomography, deep, reproduce or welcome (zipml --help)",
            kBadInput);
    return chosen();
}

/// @return the exit code; what went wrong is told
int guarded(int argc, char** argv) {
    try {
        guardStandardStreams();
        reportCrashes(crashReportFolder(), "zipml " ZIPML_VERSION);
        deep::shareProcessors();
        stopOnInterrupt();
        registerAccel();
        return unlessOutputFailed(parseAndRun(argc, argv));
    } catch (const InputError& error) {
        return report(error.what(), kBadInput);
    } catch (const Cancelled&) {
        return report("stopped before the first epoch was complete", kFailedRun);
    } catch (const std::bad_alloc&) {
        return report("not enough memory for this data; use fewer rows or a machine with more", kBadInput);
    } catch (const std::exception& error) {
        return report(error.what(), kFailedRun);
    }
}

} // namespace
} // namespace zipml::cli

int main(int argc, char** argv) {
    using namespace zipml;
    const int code = cli::guarded(argc, argv);
    if (refusedThreads() > 0)
        std::cerr
            << "zipml: note: fewer threads worked than were asked for (a limit on memory or processes); "
               "results are the same\n";
    const int interrupted = cli::interruptedExitCode();
    if (interrupted == 0 && code == 0)
        return 0;
    // Without the libraries' own ends: OpenBLAS' waits for ever for threads that found no memory.
    std::cout.flush();
    std::fflush(nullptr);
    std::_Exit(interrupted != 0 ? interrupted : code);
}
