#include "core/lab/optimum_watch.h"

#include <cstdio>

namespace zipml {
namespace {

std::string shown(const char* format, double number) {
    char text[40];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

} // namespace

std::string belowOptimum(const Dataset& train, const Optimum& exact, const Loss& loss,
                         const Regularizer& regularizer, const LinearParameters& model,
                         const EpochRecord& epoch, ThreadTeam& team, const Job& job) {
    constexpr double kRounding = 1e-12; ///< of the objective: what two sums over the rows may differ by
    const double optimum = exact.objective(loss);
    const double least = optimum * (1 - exact.certificate - kRounding) - exact.rounding;
    if (!(epoch.trainLoss / loss.reportedFactor() + epoch.regularizer < least))
        return {};
    LinearParameters allowed = model;
    if (rowOf(regularizer.kind).constraint)
        regularizer.applyProximalStep(allowed.weights, 1);
    const double objective = evaluate(train, loss, allowed, team, job).loss / loss.reportedFactor() +
                             regularizer.value(allowed.weights);
    if (!(objective < least))
        return {};
    return "the exact optimum is wrong: after epoch " + std::to_string(epoch.epoch) +
           " the objective (minimised loss + regularizer) is " + shown("%.12g", objective) +
           ", below the optimum's " + shown("%.12g", optimum) + ", which is said to be exact to " +
           shown("%.1g", exact.certificate) +
           " of it; the run itself is as sound as any, but nothing should be read off that optimum: please "
           "report the data and the run's command line";
}

double distanceTo(const Optimum& optimum, const LinearParameters& model) {
    LinearParameters difference = model;
    difference -= optimum.model;
    const double length = optimum.model.norm();
    return length > 0 ? difference.norm() / length : difference.norm();
}

void OptimumWatch::look(const LinearParameters& model, EpochRecord& state) {
    state.distanceToOptimum = distanceTo(*found_->optimum, model);
    if (wrong_.empty() && state.epoch > 0)
        wrong_ = belowOptimum(data_.train, *found_->optimum, loss_, regularizer_, model, state, team_, job_);
}

void OptimumWatch::measured(const LinearParameters& model, EpochRecord& state) {
    if (found_ == nullptr && state.within == 0)
        kept_.emplace_back(state.epoch, model);
    else if (found_ != nullptr && found_->optimum && state.within > 0)
        state.distanceToOptimum = distanceTo(*found_->optimum, model);
    else if (found_ != nullptr && found_->optimum)
        look(model, state);
}

bool OptimumWatch::full() const {
    return !kept_.empty() &&
           kept_.size() * static_cast<std::size_t>(kept_.front().second.weights.size()) * sizeof(double) >
               kMostKept;
}

bool OptimumWatch::follow(RunRecord& record, bool wait) {
    if (found_ != nullptr)
        return false;
    found_ = wait || full() ? &data_.search->await(team_, job_) : data_.search->known();
    if (found_ == nullptr)
        return false;
    RunSetup& setup = record.setup;
    if (const auto& optimum = found_->optimum) {
        setup.optimumLoss = optimum->loss;
        setup.optimumRegularizer = optimum->regularizer;
        setup.optimumObjective = loss_.objective(optimum->loss, optimum->regularizer);
        setup.optimumCertificate = optimum->certificate;
        for (const auto& [epoch, model] : kept_)
            if (epoch == 0)
                look(model, record.initial);
            else if (static_cast<std::size_t>(epoch) <= record.epochs.size())
                look(model, record.epochs[static_cast<std::size_t>(epoch) - 1]);
    }
    setup.optimumNote = found_->note;
    setup.solvingSeconds = found_->seconds;
    kept_.clear();
    return true;
}

} // namespace zipml
