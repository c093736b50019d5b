#pragma once
/// Fetches a data set in a thread of its own.

#include "core/fetch/catalogue.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <mutex>
#include <stop_token>
#include <thread>

namespace zipml::ui {

class FetchWorker : public QObject {
    Q_OBJECT
  public:
    explicit FetchWorker(QObject* parent = nullptr);
    ~FetchWorker() override;

    /// Not while one is active.
    void start(const CatalogueEntry& entry, const std::filesystem::path& folder);
    /// cancelled() follows; what has come is kept.
    void cancel();
    [[nodiscard]] bool active() const { return timer_.isActive(); }

  signals:
    /// @param share 0 to 1 @param what is being done
    void progress(double share, const QString& what);
    void succeeded();
    /// One line: what is wrong and what to do.
    void failed(const QString& error);
    void cancelled();

  private:
    enum class End { None, Success, Failure, Stop };
    struct State {
        double share = 0;
        std::string what; ///< when it ended in a failure, the failure
        End end = End::None;
    };
    void work(const std::stop_token& stop, const CatalogueEntry& entry, const std::filesystem::path& folder);
    void poll();

    QTimer timer_;
    std::mutex mutex_;
    State state_;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
