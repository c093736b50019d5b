#include "ui/networks/loss_trace.h"

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kStretches = 60; // with more, the noise of minibatches hides the curve

} // namespace

void LossTrace::reset(int iterations) {
    *this = {};
    width_ = std::max(1, (iterations + kStretches - 1) / kStretches);
}

void LossTrace::add(int iteration, double loss) {
    if (counted_ == 0 || counted_ == width_) {
        ends_ << 0;
        means_ << 0;
        counted_ = 0;
    }
    ++counted_;
    ends_.back() = iteration;
    means_.back() += (loss - means_.back()) / counted_;
}

void LossTrace::forgetAfter(int iteration) {
    while (!ends_.isEmpty() && ends_.back() > iteration) {
        ends_.removeLast();
        means_.removeLast();
        counted_ = width_; // the next one opens a stretch
    }
}

} // namespace zipml::ui
