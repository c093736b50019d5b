#include "ui/networks/network_worker.h"

#include "core/deep/engine.h"
#include "ui/widgets/background_thread.h"

#include <utility>

namespace zipml::ui {
namespace {

constexpr std::size_t kMostFilters = 64; // of a fully connected layer; more would not be told apart

QString toText(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

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
    thread_ = std::thread([this] { work(); });
}

NetworkWorker::~NetworkWorker() {
    control_.stop();
    thread_.join();
}

NetworkNews NetworkWorker::takeNews() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
}

void NetworkWorker::onProgress(double share, std::string_view phase) {
    const std::lock_guard lock(mutex_);
    news_.share = share;
    news_.phase = toText(phase);
}

void NetworkWorker::onPrepared(const deep::DeepSetup& setup, std::span<const deep::DeepEpoch> resumed) {
    const std::lock_guard lock(mutex_);
    news_.setup = setup;
    news_.resumed.assign(resumed.begin(), resumed.end());
}

void NetworkWorker::onStep(const deep::DeepStep& step) {
    const std::lock_guard lock(mutex_);
    news_.steps.push_back(step);
}

void NetworkWorker::onEpoch(const deep::DeepEpoch& epoch, const deep::Evaluation& test) {
    evaluation_ = test;
    const std::lock_guard lock(mutex_);
    news_.epochs.push_back(epoch);
}

void NetworkWorker::onModel(const deep::Model& model) {
    show(model, std::move(evaluation_));
}

void NetworkWorker::onNote(std::string_view note) {
    const std::lock_guard lock(mutex_);
    news_.note = toText(note);
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
    const std::lock_guard lock(mutex_);
    news_.snapshot = std::move(snapshot);
}

void NetworkWorker::work() {
    lowerThreadPriority();
    QString error;
    try {
        train();
    } catch (const Cancelled&) { // stopped before it began
    } catch (const std::bad_alloc&) {
        error = QString("%1: does not fit into memory; use fewer images or a smaller minibatch")
                    .arg(QString::fromStdString(spec_.data));
    } catch (const std::exception& failure) {
        error = toText(failure.what());
    }
    images_.reset();
    const std::lock_guard lock(mutex_);
    news_.finished = true;
    if (!error.isEmpty())
        news_.error = error;
}

void NetworkWorker::train() {
    onProgress(0, "loading libtorch");
    if (const std::string problem = deep::engineProblem(); !problem.empty())
        throw RunError(problem);
    onProgress(0, "reading images");
    images_ = store_.load(
        spec_, {control_.stopToken(), [this](double, std::string_view phase) { onProgress(0, phase); }});
    if (!images_->data.mirrorable && mirrors(spec_.augmentation))
        onNote(images_->data.name + ": mirrored digits are no digits; choose another augmentation");
    const deep::DeepResult result = deep::runDeep(spec_, images_->data, *this, control_, {checkpoint_, 0});
    const bool seen = shownIteration_ > 0;
    if (!seen && result.model.iteration > 0 && result.record.status != RunStatus::Diverged)
        show(result.model, {}); // stopped before the first evaluation
    const std::lock_guard lock(mutex_);
    news_.status = result.record.status;
    news_.error = QString::fromStdString(result.record.message);
}

} // namespace zipml::ui
