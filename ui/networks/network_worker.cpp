#include "ui/networks/network_worker.h"

#include "core/deep/engine.h"
#include "ui/widgets/text.h"

#include <utility>

namespace zipml::ui {
namespace {

constexpr std::size_t kMostFilters = 64; // of a fully connected layer; more would not be told apart

bool mirrors(deep::Augmentation augmentation) {
    return augmentation == deep::Augmentation::Flip || augmentation == deep::Augmentation::CropFlip;
}

} // namespace

std::shared_ptr<NetworkSnapshot> snapshotOf(const deep::Model& model) {
    auto snapshot = std::make_shared<NetworkSnapshot>();
    snapshot->model = model;
    snapshot->layers = deep::layerViews(model);
    snapshot->filters = deep::firstFilters(model, kMostFilters);
    return snapshot;
}

NetworkWorker::NetworkWorker(deep::DeepSpec spec, ImageStore& store, std::filesystem::path checkpoint)
    : spec_(std::move(spec)), store_(store), checkpoint_(std::move(checkpoint)) {
    job_.start([this](const Job& job, RunControl& control) { train(job, control); },
               QString("%1: does not fit into memory; use fewer images or a smaller minibatch")
                   .arg(QString::fromStdString(spec_.data)));
}

NetworkNews NetworkWorker::takeNews() {
    NetworkNews news = job_.take();
    if (!news.finished)
        return news;
    news.status = status_;
    if (news.error.isEmpty())
        news.error = message_;
    return news;
}

void NetworkWorker::onProgress(double share, std::string_view phase) {
    job_.report(share, phase);
}

void NetworkWorker::onPrepared(const deep::DeepSetup& setup, std::span<const deep::DeepEpoch> resumed) {
    job_.tell([&](NetworkNews& news) {
        news.setup = setup;
        news.resumed.assign(resumed.begin(), resumed.end());
    });
}

void NetworkWorker::onStep(const deep::DeepStep& step) {
    job_.tell([&](NetworkNews& news) { news.steps.push_back(step); });
}

void NetworkWorker::onEpoch(const deep::DeepEpoch& epoch, const deep::Evaluation& test) {
    evaluation_ = test;
    job_.tell([&](NetworkNews& news) { news.epochs.push_back(epoch); });
}

void NetworkWorker::onModel(const deep::Model& model) {
    show(model, std::move(evaluation_));
}

void NetworkWorker::onNote(std::string_view note) {
    job_.tell([&](NetworkNews& news) { news.note = toQt(note); });
}

/// What a screen shows is computed here, not in the GUI's thread.
void NetworkWorker::show(const deep::Model& model, deep::Evaluation test) {
    auto snapshot = snapshotOf(model);
    if (!test.predicted.empty())
        snapshot->confusion =
            deep::confusionOf(images_->test->labels, test.predicted, images_->data.classes.size());
    snapshot->test = std::move(test);
    snapshot->images = images_->test;
    shownIteration_ = model.iteration;
    job_.tell([&](NetworkNews& news) { news.snapshot = std::move(snapshot); });
}

void NetworkWorker::train(const Job& job, RunControl& control) {
    job.report(0, "loading libtorch");
    if (const std::string problem = deep::engineProblem(); !problem.empty())
        throw RunError(problem);
    job.report(0, "reading images");
    images_ = store_.load(spec_, {job.stop, [&](double, std::string_view phase) { job.report(0, phase); }});
    if (!images_->data.mirrorable && mirrors(spec_.augmentation))
        onNote(images_->data.name + ": mirrored digits are no digits; choose another augmentation");
    const deep::DeepResult result = deep::runDeep(spec_, images_->data, *this, control, {checkpoint_, 0});
    const bool seen = shownIteration_ > 0;
    if (!seen && result.model.iteration > 0 && result.record.status != RunStatus::Diverged)
        show(result.model, {}); // stopped before the first evaluation
    status_ = result.record.status;
    message_ = QString::fromStdString(result.record.message);
}

} // namespace zipml::ui
