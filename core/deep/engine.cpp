#include "core/deep/engine.h"

#include "core/base/error.h"
#include "core/base/on_threads.h"
#include "core/base/part.h"

#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace zipml::deep {
namespace {

constexpr int kKeepWhatIsSet = 0;

/// OpenBLAS, which comes with libtorch, starts a thread a core when it is loaded, and complains at length where
/// it is refused one.
void limitOpenBlas() {
    const int threads = threadsToBeHad(0);
    if (static_cast<unsigned>(threads) < std::thread::hardware_concurrency())
        ::setenv("OPENBLAS_NUM_THREADS", std::to_string(threads).c_str(), kKeepWhatIsSet);
}

Part& part() {
    static std::once_flag limited;
    std::call_once(limited, limitOpenBlas);
    static Part once({"deep", kEngineSymbol,
                      "networks need libtorch, which this build is without; install Debian's libtorch-dev "
                      "and build again with ZIPML_NETWORKS on (./dev build)",
                      "libtorch1.13"});
    return once;
}

} // namespace

void shareProcessors() {
    ::setenv("OMP_WAIT_POLICY", "passive", kKeepWhatIsSet); // read when libgomp is loaded, with the engine
}

std::string missingEngine() {
    return part().missing();
}

std::string engineProblem() {
    return part().problem();
}

std::unique_ptr<Engine> makeEngine(const Network& network, const EngineOptions& options) {
    // Its pool begins with a thread a core, whatever is asked for, and waits for ever for one that is refused.
    if (std::thread::hardware_concurrency() > 1 && threadsToBeHad(2) < 2)
        throw RunError("the system refuses the threads that libtorch takes (a limit on memory or processes); "
                       "raise it");
    EngineOptions possible = options;
    possible.threads = threadsToBeHad(options.threads); // libgomp ends the program where it is refused one
    const auto make = reinterpret_cast<EngineMaker>(part().entry());
    return std::unique_ptr<Engine>(make(network, possible));
}

} // namespace zipml::deep
