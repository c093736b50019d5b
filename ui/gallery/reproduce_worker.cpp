#include "ui/gallery/reproduce_worker.h"

#include "core/base/error.h"

#include <algorithm>
#include <utility>

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
    constexpr int kPollMilliseconds = 50;
    writing_.setInterval(0);
    connect(&writing_, &QTimer::timeout, this, &ReproduceWorker::write);
    job_.deliver(kPollMilliseconds, [this](News news) { receive(std::move(news)); });
    job_.start([this, make = std::move(make)](const Job&, RunControl&) {
        Experiments all = make();
        job_.tell([&](News& news) { news.found = std::move(all); });
    });
}

void ReproduceWorker::start(const std::string& name, const ReproduceOptions& options) {
    if (active_ || experiments_.empty())
        return;
    active_ = true;
    failed_ = false;
    progress_ = {};
    ending_.clear();
    job_.start([this, name, options](const Job& job, RunControl& control) {
        std::error_code failed;
        std::filesystem::create_directories(options.out, failed); // reproduce says what is wrong
        ReproduceObserver observer;
        observer.onProgress = [&](double share, std::string_view what, double left) {
            job.report(share, what);
            job_.tell([left](News& news) { news.secondsLeft = left; });
        };
        ReproduceResult made = reproduce(chosenExperiments(experiments_, name), options, control, observer);
        addRecorded(made, experiments_);
        job_.tell([&](News& news) { news.made = std::move(made); });
    });
}

void ReproduceWorker::receive(News news) {
    if (news.found) {
        experiments_ = std::move(*news.found);
        emit listed();
    }
    if (!active_)
        return;
    if (news.share)
        progress_ = {*news.share, news.phase.toStdString(), news.secondsLeft};
    if (news.made)
        made_ = std::move(news.made);
    if (!news.finished) {
        emit progressed();
        return;
    }
    result_ = std::exchange(made_, std::nullopt);
    if (result_)
        beginReport();
    else if (news.error.isEmpty())
        endStopped();
    else
        end(news.error, true);
}

void ReproduceWorker::beginReport() {
    try {
        report_ = std::make_unique<ReproduceReport>(*result_);
        progress_ = {1, tr("writing the report").toStdString(), 0};
        writing_.start();
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
        endStopped();
    else
        end(summaryOf(*result_), false);
}

void ReproduceWorker::endStopped() {
    end(tr("Stopped. What is complete is kept: Run goes on from there."), false);
}

void ReproduceWorker::end(const QString& ending, bool failed) {
    report_.reset();
    writing_.stop();
    active_ = false;
    ending_ = ending;
    failed_ = failed;
    emit ended();
}

} // namespace zipml::ui
