// Trains one model at 3 bits and at full precision on generated data, and says where each ends.

#include "accel/register.h"
#include "core/base/error.h"
#include "core/lab/run.h"

#include <cstdio>

int main() {
    zipml::registerAccel(); // so that spec.device may name an OpenCL device
    try {
        for (const char* estimator : {"full", "double"}) {
            zipml::RunSpec spec;
            spec.data.source = "synthetic:10x500";
            spec.estimator = zipml::parseName<zipml::EstimatorKind>(estimator, "estimator");
            spec.bits = 3;
            spec.sgd.epochs = 10;
            zipml::RunObserver observer; // derive from it to watch the epochs
            zipml::RunControl control;   // to pause or stop from another thread
            const auto record = zipml::runExperiment(spec, observer, control);
            std::printf("%s: training loss %g after %zu epochs\n", estimator, record.epochs.back().trainLoss,
                        record.epochs.size());
        }
    } catch (const zipml::InputError& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
