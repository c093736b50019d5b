#pragma once
/// Looks into a data file in a thread of its own: what is in it, and can it be trained on?

#include "core/data/report.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace zipml::ui {

class Inspection : public QObject {
    Q_OBJECT
  public:
    explicit Inspection(QObject* parent = nullptr);
    ~Inspection() override;

    /// Replaces an inspection that is under way, without waiting for its end.
    void start(const QString& file, const LoadOptions& options, std::optional<Task> task);
    /// Nothing more is heard of it.
    void cancel();
    [[nodiscard]] bool active() const { return current_ != nullptr; }

  signals:
    void progress(double share);
    void succeeded(std::shared_ptr<const zipml::DataReport> report);
    /// One line: what is wrong, where, what would be right.
    void failed(const QString& error);

  private:
    struct Work {
        std::mutex mutex;
        double share = 0;
        bool finished = false;
        std::shared_ptr<const DataReport> report;
        QString error;
        std::jthread thread; // last: it uses the others
    };
    void poll();

    QTimer timer_;
    Work* current_ = nullptr;                ///< of `works_`
    std::list<std::unique_ptr<Work>> works_; ///< with those that are still to notice that they were stopped
};

} // namespace zipml::ui
