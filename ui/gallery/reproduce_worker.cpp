#include "ui/gallery/reproduce_worker.h"

#include "core/base/error.h"
#include "ui/widgets/background_thread.h"

#include <algorithm>

namespace zipml::ui {
namespace {

/// What a person wants to know at the end, in a line.
QString summaryOf(const ReproduceResult& result) {
    int holds = 0, fails = 0, open = 0;
    for (const auto& report : result.experiments)
        for (const auto& claim : report.outcome.claims)
            ++(!claim.holds ? open : *claim.holds ? holds : fails);
    return ReproduceWorker::tr("Done. Of the claims in the report %1 hold, %2 do not, %3 are not decided.")
        .arg(holds)
        .arg(fails)
        .arg(open);
}

} // namespace

ReproduceWorker::ReproduceWorker(QObject* parent, std::function<Experiments()> make) : QObject(parent) {
    timer_.setInterval(50);
    connect(&timer_, &QTimer::timeout, this, &ReproduceWorker::poll);
    thread_ = std::jthread([this, make = std::move(make)] {
        Experiments all = make();
        const std::lock_guard lock(mutex_);
        found_ = std::move(all);
    });
    timer_.start();
}

ReproduceWorker::~ReproduceWorker() {
    stop();
}

void ReproduceWorker::start(const std::string& name, const ReproduceOptions& options) {
    if (active_ || experiments_.empty())
        return;
    thread_ = {}; // an earlier one has ended
    active_ = true;
    failed_ = finished_ = false;
    progress_ = reached_ = {};
    ending_.clear();
    error_.clear();
    control_ = std::make_unique<RunControl>();
    thread_ = std::jthread([this, name, options] { work(name, options); });
    timer_.start();
}

void ReproduceWorker::stop() {
    if (control_)
        control_->stop();
}

void ReproduceWorker::work(const std::string& name, const ReproduceOptions& options) {
    lowerThreadPriority();
    std::optional<ReproduceResult> made;
    std::string error;
    try {
        std::error_code failed;
        std::filesystem::create_directories(options.out, failed); // reproduce says what is wrong
        ReproduceObserver observer;
        observer.onProgress = [this](double share, std::string_view what, double left) {
            const std::lock_guard lock(mutex_);
            reached_ = {share, std::string(what), left};
        };
        made = reproduce(chosenExperiments(experiments_, name), options, *control_, observer);
        addRecorded(*made, experiments_);
    } catch (const std::exception& exception) {
        error = exception.what();
    }
    const std::lock_guard lock(mutex_);
    made_ = std::move(made);
    error_ = error;
    finished_ = true;
}

void ReproduceWorker::poll() {
    if (report_) {
        write();
        return;
    }
    bool finished = false;
    {
        const std::lock_guard lock(mutex_);
        finished = finished_;
        if (found_) {
            experiments_ = std::move(*found_);
            found_.reset();
            timer_.stop();
        }
        progress_ = reached_;
        if (finished)
            result_ = std::move(made_);
    }
    if (!active_) {
        if (!timer_.isActive())
            emit listed();
        return;
    }
    if (!finished) {
        emit progressed();
        return;
    }
    if (!result_) {
        end(QString::fromStdString(error_), true);
        return;
    }
    try {
        report_ = std::make_unique<ReproduceReport>(*result_);
        progress_ = {1, tr("writing the report").toStdString(), 0};
        timer_.setInterval(0); // a figure each time
        emit progressed();
    } catch (const RunError& error) {
        end(QString::fromUtf8(error.what()), true);
    }
}

void ReproduceWorker::write() {
    try {
        if (report_->step())
            return;
    } catch (const RunError& error) {
        end(QString::fromUtf8(error.what()), true);
        return;
    }
    const auto failure = std::ranges::find_if(result_->experiments,
                                              [](const auto& report) { return !report.failure.empty(); });
    if (failure != result_->experiments.end())
        end(QString::fromStdString(failure->name + ": " + failure->failure), true);
    else if (result_->stopped)
        end(tr("Stopped. What is complete is kept: Run goes on from there."), false);
    else
        end(summaryOf(*result_), false);
}

void ReproduceWorker::end(const QString& ending, bool failed) {
    report_.reset();
    timer_.stop();
    timer_.setInterval(50);
    active_ = false;
    ending_ = ending;
    failed_ = failed;
    emit ended();
}

} // namespace zipml::ui
