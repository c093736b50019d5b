#pragma once
/// Runs that have ended, for tests of what lists them.

#include "ui/runs/run_list.h"

#include <cmath>

namespace zipml::test {

/// Its losses fall from 1 to `loss`.
inline ui::RunView pastRun(const RunSpec& spec, double loss, int epochs = 4) {
    ui::RunView run;
    run.spec = spec;
    run.spec.sgd.epochs = epochs;
    run.name = QString::fromStdString(displayName(spec));
    run.state = ui::RunState::Finished;
    run.share = 1;
    run.setup = RunSetup{};
    run.setup->dataName = spec.data.source;
    run.setup->trainRows = 100;
    const int bits = estimatorOf(spec.estimator).quantized() ? spec.bits : 32;
    run.initial = EpochRecord{};
    run.initial->trainLoss = 1;
    run.initial->bits = bits;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        EpochRecord record;
        record.epoch = epoch;
        record.bits = bits;
        record.trainLoss = std::pow(loss, double(epoch) / epochs);
        record.testLoss = 1.1 * record.trainLoss;
        record.bytesMoved = static_cast<std::uint64_t>(1'000'000 * epoch * bits);
        record.seconds = 0.01;
        run.epochs.push_back(record);
    }
    RunRecord record;
    record.spec = run.spec;
    record.setup = *run.setup;
    record.initial = *run.initial;
    record.epochs = run.epochs;
    run.record = record;
    return run;
}

inline RunSpec specWith(int bits, std::uint64_t seed = 1, std::optional<double> step = {}) {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.bits = bits;
    spec.seed = seed;
    spec.sgd.step = step;
    return spec;
}

} // namespace zipml::test
