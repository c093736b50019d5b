#include "ui/data/fetch_worker.h"

#include "core/fetch/fetch.h"

namespace zipml::ui {

FetchWorker::FetchWorker(QObject* parent) : QObject(parent) {
    timer_.setInterval(50);
    connect(&timer_, &QTimer::timeout, this, &FetchWorker::poll);
}

FetchWorker::~FetchWorker() {
    thread_.request_stop();
}

void FetchWorker::start(const CatalogueEntry& entry, const std::filesystem::path& folder) {
    thread_ = {}; // an earlier one has ended
    state_ = {};
    thread_ = std::jthread([this, entry, folder](const std::stop_token& stop) { work(stop, entry, folder); });
    timer_.start();
}

void FetchWorker::cancel() {
    thread_.request_stop();
}

void FetchWorker::work(const std::stop_token& stop, const CatalogueEntry& entry,
                       const std::filesystem::path& folder) {
    const Job job{stop, [this](double share, std::string_view what) {
                      const std::lock_guard lock(mutex_);
                      state_.share = share;
                      state_.what = what;
                  }};
    State end{1, "", End::Success};
    try {
        fetchDataset(entry, folder, job);
    } catch (const Cancelled&) {
        end.end = End::Stop;
    } catch (const std::exception& error) {
        end = {0, error.what(), End::Failure};
    }
    const std::lock_guard lock(mutex_);
    state_ = end;
}

void FetchWorker::poll() {
    State state;
    {
        const std::lock_guard lock(mutex_);
        state = state_;
    }
    if (state.end == End::None) {
        emit progress(state.share, QString::fromStdString(state.what));
        return;
    }
    timer_.stop();
    if (state.end == End::Success)
        emit succeeded();
    else if (state.end == End::Stop)
        emit cancelled();
    else
        emit failed(QString::fromStdString(state.what));
}

} // namespace zipml::ui
