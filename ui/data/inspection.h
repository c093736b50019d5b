#pragma once
/// Looks into a data file in a thread of its own: does it load, and what is in it?

#include "core/data/summary.h"

#include <QObject>
#include <QString>
#include <QTimer>

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

    /// Replaces an inspection that is under way.
    void start(const QString& file, const LoadOptions& options);
    void cancel();
    [[nodiscard]] bool active() const { return timer_.isActive(); }

  signals:
    void progress(double share);
    /// `card`: what a person wants to know, in a few lines.
    void succeeded(const QString& file, const QString& card);
    /// One line: what is wrong, where, what would be right.
    void failed(const QString& error);
    void cancelled();

  private:
    struct Result {
        double share = 0;
        bool finished = false;
        QString card, error;
    };
    void work(const std::stop_token& stop, const std::string& file, const LoadOptions& options);
    void poll();

    QTimer timer_;
    QString file_;
    std::mutex mutex_;
    Result result_;
    std::jthread thread_; // last: it uses the others
};

} // namespace zipml::ui
