// The smallest use of core: a run, as another program makes one.

#include "core/lab/run.h"

#include <cstdio>

int main() {
    zipml::RunSpec spec;
    spec.data.source = "synthetic:5x50";
    spec.sgd.epochs = 2;
    zipml::RunObserver observer;
    zipml::RunControl control;
    const auto record = zipml::runExperiment(spec, observer, control);
    std::printf("training loss %g\n", record.epochs.back().trainLoss);
    return record.epochs.size() == 2 ? 0 : 1;
}
