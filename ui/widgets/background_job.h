#pragma once
/// A background job runs long work in a thread of its own and puts what it tells into a mailbox, which the
/// window empties when it likes: neither waits for the other.

#include "core/base/job.h"
#include "core/base/run_control.h"

#include <QString>
#include <QTimer>

#include <concepts>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace zipml::ui {

/// What every job tells; a kind of job adds its own.
struct JobNews {
    std::optional<double> share; ///< of the work under way, 0 to 1, where it has moved
    QString phase;               ///< what it does; comes with `share`
    bool stopped = false;        ///< work ended because it was asked to
    QString error;               ///< why work failed
    bool finished = false;       ///< all that was started has ended

    [[nodiscard]] bool empty() const { return !share && !stopped && error.isEmpty() && !finished; }
};

/// Against the window's thread. Below it, on a machine with few cores the screen is served first; what
/// measures a device, or waits for a disk or the network, has no reason to stand back.
enum class JobPriority { BelowScreen, Normal };

/// The thread of a job, and what is to be done in it, a piece of work after the other. The window's thread
/// calls what is public.
class JobThread {
  public:
    /// In the job's thread. Whatever it throws ends it, and becomes news.
    /// @param job its progress is the mailbox's share and phase @param control stops with `job`
    using Work = std::function<void(const Job& job, RunControl& control)>;

    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    /// Behind what was started before. @param tooLarge the error where memory does not suffice
    void start(Work work, const QString& tooLarge = {});
    /// Behind what is under way, in the place of what waits.
    void startNext(Work work, const QString& tooLarge = {});
    /// What is under way is asked to stop, what waits is forgotten.
    void stop();
    /// Blocks until nothing is under way or waits.
    void wait();
    /// To pause, step or stop what was started last; there must have been a start.
    [[nodiscard]] RunControl& control() const { return *newest_; }

    /// For the work: share and phase of the news, as its Job reports them.
    void report(double share, std::string_view phase);

  protected:
    /// @param news outlives close(); written under the mutex
    JobThread(JobNews& news, JobPriority priority);
    ~JobThread() = default;
    /// Stops and joins.
    void close();
    void forgetWaiting() { waiting_.clear(); }
    /// Forgets what waits, and listens no more to what is under way. @return its control, to be stopped
    [[nodiscard]] std::shared_ptr<RunControl> abandonAll();
    [[nodiscard]] bool finished() const { return waiting_.empty() && (!underWay_ || muted_); }
    /// The timer starts with the work.
    void startTimer(int milliseconds) { timer_.setInterval(milliseconds), timed_ = true; }

    std::mutex mutex_;   ///< of all below it, and of the news
    bool muted_ = false; ///< nobody listens to what is under way
    QTimer timer_;       ///< the window's

  private:
    struct Task {
        Work work;
        QString tooLarge;
        std::shared_ptr<RunControl> control;
    };
    struct End {
        bool stopped = false;
        QString error;
    };
    void loop(const std::stop_token& stop);
    [[nodiscard]] End run(const Task& task);

    JobNews& news_;
    JobPriority priority_;
    std::condition_variable_any wake_, ended_;
    std::deque<Task> waiting_;
    std::shared_ptr<RunControl> underWay_; ///< null: nothing is
    std::shared_ptr<RunControl> newest_;   ///< the window's
    bool timed_ = false;                   ///< likewise
    std::jthread thread_;                  ///< from the first start on
};

/// Its work ends, or is stopped and waited for, before the job is gone: whoever owns it lists it last, behind
/// what the work uses.
template <std::derived_from<JobNews> News>
class BackgroundJob final : public JobThread {
  public:
    explicit BackgroundJob(JobPriority priority = JobPriority::BelowScreen) : JobThread(news_, priority) {}
    ~BackgroundJob() { close(); }

    /// From now on, while there is work, the news is handed over so often, also where there is none; the last
    /// time `finished`. Until then the owner of the job asks by take().
    void deliver(int milliseconds, std::function<void(News)> receive) {
        startTimer(milliseconds);
        timer_.callOnTimeout([this, receive = std::move(receive)] {
            News news = take();
            if (news.finished)
                timer_.stop();
            receive(std::move(news));
        });
    }
    /// Nothing more is heard of what was started before.
    void abandon() {
        std::shared_ptr<RunControl> underWay;
        {
            const std::lock_guard lock(mutex_);
            underWay = abandonAll();
            news_ = {};
        }
        if (underWay)
            underWay->stop();
    }
    /// In the place of all that was started before, once what is under way has noticed that it is stopped.
    void replace(Work work, const QString& tooLarge = {}) {
        abandon();
        start(std::move(work), tooLarge);
    }
    /// What happened since it was last asked.
    [[nodiscard]] News take() {
        const std::lock_guard lock(mutex_);
        News news = std::exchange(news_, {});
        news.finished = finished();
        return news;
    }
    /// Whether nothing is under way, nothing waits, and nothing is to be taken.
    [[nodiscard]] bool idle() {
        const std::lock_guard lock(mutex_);
        return finished() && news_.empty();
    }

    /// For the work, in whatever thread it does it. @param change is given the news; not for long
    template <std::invocable<News&> Change>
    void tell(Change&& change) {
        const std::lock_guard lock(mutex_);
        if (!muted_)
            std::forward<Change>(change)(news_);
    }

  private:
    News news_;
};

/// Short of a job of one's own: does `work` in a thread, then calls `done` in this one with what went wrong,
/// or "". @param owner when it goes, the job stops, the work is waited for, and nobody is told
void inBackground(QObject& owner, const std::function<void(const Job& job)>& work,
                  const std::function<void(const QString& error)>& done);

} // namespace zipml::ui
