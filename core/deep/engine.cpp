#include "core/deep/engine.h"

#include "core/base/part.h"

#include <cstdlib>

namespace zipml::deep {
namespace {

Part& part() {
    static Part once({"deep", kEngineSymbol,
                      "networks need libtorch, which this build is without; install Debian's libtorch-dev "
                      "and build again with ZIPML_NETWORKS on (./dev build)",
                      "libtorch1.13"});
    return once;
}

} // namespace

void shareProcessors() {
    constexpr int kKeepWhatIsSet = 0;
    ::setenv("OMP_WAIT_POLICY", "passive", kKeepWhatIsSet); // read when libgomp is loaded, with the engine
}

std::string missingEngine() {
    return part().missing();
}

std::string engineProblem() {
    return part().problem();
}

std::unique_ptr<Engine> makeEngine(const Network& network, const EngineOptions& options) {
    const auto make = reinterpret_cast<EngineMaker>(part().entry());
    return std::unique_ptr<Engine>(make(network, options));
}

} // namespace zipml::deep
