#include "ui/networks/loss_trace.h"

namespace zipml::ui {
namespace {

constexpr qsizetype kMost = 120; // stretches; with more, the noise of minibatches hides the curve

} // namespace

void LossTrace::add(int iteration, double loss) {
    if (counted_ == 0 || counted_ == width_) {
        if (ends_.size() == kMost)
            joinPairs();
        ends_ << 0;
        means_ << 0;
        counted_ = 0;
    }
    ++counted_;
    ends_.back() = iteration;
    means_.back() += (loss - means_.back()) / counted_;
}

/// Stretches twice as long, half as many.
void LossTrace::joinPairs() {
    for (qsizetype i = 0; i < kMost / 2; ++i) {
        ends_[i] = ends_[2 * i + 1];
        means_[i] = (means_[2 * i] + means_[2 * i + 1]) / 2;
    }
    ends_.resize(kMost / 2);
    means_.resize(kMost / 2);
    width_ *= 2;
}

void LossTrace::forgetAfter(int iteration) {
    while (!ends_.isEmpty() && ends_.back() > iteration) {
        ends_.removeLast();
        means_.removeLast();
        counted_ = width_; // the next one opens a stretch
    }
}

} // namespace zipml::ui
