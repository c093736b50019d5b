#include "ui/widgets/background_job.h"

#include "core/base/start_thread.h"
#include "ui/widgets/text.h"

#include <new>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace zipml::ui {
namespace {

/// The calling thread, and those that it starts, are scheduled behind the window's. Does nothing where a
/// thread's priority is not its own (outside of Linux).
void lowerThreadPriority() {
#ifdef __linux__
    constexpr int kNice = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice); // on Linux: of this thread only
#endif
}

} // namespace

JobThread::JobThread(JobNews& news, JobPriority priority) : news_(news), priority_(priority) {}

void JobThread::start(Work work, const QString& tooLarge) {
    newest_ = std::make_shared<RunControl>();
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(work), tooLarge, newest_});
    }
    if (!thread_.joinable())
        thread_ = startThread<std::jthread>([this](const std::stop_token& stop) { loop(stop); });
    if (thread_.joinable()) {
        wake_.notify_one();
    } else {
        const std::lock_guard lock(mutex_);
        forgetWaiting();
        news_.error = "The system starts no more threads; close other programs and try again";
    }
    if (timed_ && !timer_.isActive()) // begun anew with every start it might never end
        timer_.start();
}

void JobThread::startNext(Work work, const QString& tooLarge) {
    {
        const std::lock_guard lock(mutex_);
        forgetWaiting();
    }
    start(std::move(work), tooLarge);
}

void JobThread::stop() {
    std::shared_ptr<RunControl> underWay;
    {
        const std::lock_guard lock(mutex_);
        news_.stopped = news_.stopped || !waiting_.empty();
        forgetWaiting();
        underWay = underWay_;
    }
    if (underWay) // not under the lock: who is woken by it may have something to tell
        underWay->stop();
}

std::shared_ptr<RunControl> JobThread::abandonAll() {
    forgetWaiting();
    muted_ = underWay_ != nullptr;
    return underWay_;
}

void JobThread::wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return waiting_.empty() && !underWay_; });
}

void JobThread::close() {
    stop();
    thread_ = {};
}

void JobThread::report(double share, std::string_view phase) {
    const std::lock_guard lock(mutex_);
    if (muted_)
        return;
    news_.share = share;
    news_.phase = toQt(phase);
}

void JobThread::loop(const std::stop_token& stop) {
    if (priority_ == JobPriority::BelowScreen)
        lowerThreadPriority();
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        Task task = std::move(waiting_.front());
        waiting_.pop_front();
        underWay_ = task.control;
        muted_ = false;
        lock.unlock();
        const End end = run(task);
        task.work = {}; // what it holds is free before anybody hears that it has ended
        lock.lock();
        underWay_.reset();
        if (!muted_) {
            news_.stopped = news_.stopped || end.stopped;
            if (!end.error.isEmpty())
                news_.error = end.error;
        }
        ended_.notify_all();
    }
}

JobThread::End JobThread::run(const Task& task) {
    const Job job{task.control->stopToken(),
                  [this](double share, std::string_view phase) { report(share, phase); }};
    try {
        task.work(job, *task.control);
    } catch (const Cancelled&) {
        return {true, {}};
    } catch (const std::bad_alloc&) {
        return {false, task.tooLarge.isEmpty() ? "does not fit into memory" : task.tooLarge};
    } catch (const std::exception& failure) {
        return {false, QString::fromUtf8(failure.what())};
    }
    return {};
}

void inBackground(QObject& owner, const std::function<void(const Job& job)>& work,
                  const std::function<void(const QString& error)>& done) {
    constexpr int kMilliseconds = 20;
    struct Once : QObject {
        using QObject::QObject;
        BackgroundJob<JobNews> job{JobPriority::Normal};
    };
    auto* once = new Once(&owner);
    once->job.deliver(kMilliseconds, [once, done](const JobNews& news) {
        if (!news.finished)
            return;
        once->deleteLater();
        done(news.error);
    });
    once->job.start([work](const Job& job, RunControl&) { work(job); });
}

} // namespace zipml::ui
