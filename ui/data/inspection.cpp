#include "ui/data/inspection.h"

#include "ui/widgets/background_thread.h"

namespace zipml::ui {

Inspection::Inspection(QObject* parent) : QObject(parent) {
    timer_.setInterval(33);
    connect(&timer_, &QTimer::timeout, this, &Inspection::poll);
}

Inspection::~Inspection() {
    for (auto& work : works_)
        work->thread.request_stop();
}

void Inspection::start(const QString& file, const LoadOptions& options, std::optional<Task> task) {
    cancel();
    Work& work = *works_.emplace_back(std::make_unique<Work>());
    current_ = &work;
    work.thread =
        std::jthread([&work, name = file.toStdString(), options, task](const std::stop_token& stop) {
            lowerThreadPriority();
            std::shared_ptr<const DataReport> report;
            QString error;
            try {
                const Job job{stop, [&work](double share, std::string_view) {
                                  const std::lock_guard lock(work.mutex);
                                  work.share = share;
                              }};
                report = std::make_shared<const DataReport>(reportOn(name, options, task, {}, job));
            } catch (const Cancelled&) { // nobody waits for it
            } catch (const std::exception& failure) {
                error = QString::fromUtf8(failure.what());
            }
            const std::lock_guard lock(work.mutex);
            work.report = std::move(report);
            work.error = std::move(error);
            work.finished = true;
        });
    timer_.start();
}

void Inspection::cancel() {
    if (current_ != nullptr)
        current_->thread.request_stop();
    current_ = nullptr;
}

void Inspection::poll() {
    Work* const current = current_;
    std::shared_ptr<const DataReport> report;
    QString error;
    std::optional<double> share;
    for (auto work = works_.begin(); work != works_.end();) {
        std::unique_lock lock((*work)->mutex);
        const bool finished = (*work)->finished;
        if (work->get() == current) {
            share = (*work)->share;
            report = (*work)->report;
            error = (*work)->error;
        }
        lock.unlock();
        if (finished && work->get() == current)
            current_ = nullptr;
        work = finished ? works_.erase(work) : std::next(work); // joins a thread that is at its end
    }
    if (works_.empty())
        timer_.stop();
    if (report)
        emit succeeded(report);
    else if (!error.isEmpty())
        emit failed(error);
    else if (share)
        emit progress(*share);
}

} // namespace zipml::ui
