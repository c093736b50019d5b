#pragma once
/// What computes a network: outputs, and gradients of the loss, at weights that the caller sets. Everything
/// else (quantizers, steps, data, records) is the caller's, and free of libtorch.
///
/// The one engine there is lives in a library of its own, which is loaded when it is first asked for:
/// libtorch takes a third of a second and 160 MB to load, and need not be installed.

#include "core/deep/network.h"

#include <cstdint>
#include <memory>

namespace zipml::deep {

struct EngineOptions {
    int threads = 0;         ///< 0: one a core
    int activationBits = 32; ///< 1..8: each Relu's output is rounded to 2^bits levels from 0; 32: it is not
};

/// All calls, the making too, come from one thread: the number of threads is a property of the calling one.
class Engine {
  public:
    Engine() = default;
    virtual ~Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// What a parameter is computed with; the caller sets it (zeros at first). Outputs are the slowest index.
    virtual std::span<float> parameter(std::size_t index) = 0;
    /// Its gradient from the last `step`.
    [[nodiscard]] virtual std::span<const float> gradient(std::size_t index) const = 0;
    /// Starts at its initial value; `step` updates it.
    virtual std::span<float> buffer(std::size_t index) = 0;

    struct StepResult {
        double loss = 0; ///< mean over the batch of the softmax cross-entropy, natural logarithm
        int correct = 0; ///< images whose greatest output is their label's
    };
    /// Computes the loss of a batch and its gradients.
    /// @param images one behind the other, each channels x height x width, mean subtracted and scaled
    virtual StepResult step(std::span<const float> images, std::span<const std::int64_t> labels) = 0;
    /// @param outputs room for as many times classes as there are images
    virtual void infer(std::span<const float> images, std::span<float> outputs) = 0;
};

/// Loads libtorch when called for the first time. @throws RunError that says what to install where this
/// build or this machine is without it.
std::unique_ptr<Engine> makeEngine(const Network& network, const EngineOptions& options);

/// Call once at a program's start, before it has threads: waiting threads of the engine then sleep instead of
/// spinning, which costs a busy machine (or the window beside it) three quarters of the speed. Loads nothing.
void shareProcessors();

/// What to install where this build is without an engine; empty where it has one. Loads nothing, so that
/// whether that can be loaded is not known yet.
std::string missingEngine();

/// Why makeEngine would fail; empty when it would not.
std::string engineProblem();

/// What the engine's library exports, under kEngineSymbol.
using EngineMaker = Engine* (*)(const Network&, const EngineOptions&);
inline constexpr const char* kEngineSymbol = "zipmlMakeEngine";

} // namespace zipml::deep
