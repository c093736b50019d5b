#pragma once
/// An inspection looks into a data file in the background: what is in it, and can it be trained on?

#include "core/data/report.h"
#include "ui/widgets/background_job.h"

#include <QObject>

namespace zipml::ui {

class Inspection : public QObject {
    Q_OBJECT
  public:
    explicit Inspection(QObject* parent = nullptr);

    /// Replaces an inspection that is under way, once that has noticed it; nobody waits here.
    void start(const QString& file, const LoadOptions& options, std::optional<Task> task);
    /// Nothing more is heard of it.
    void cancel();
    [[nodiscard]] bool active() const { return active_; }

  signals:
    void progress(double share);
    void succeeded(std::shared_ptr<const zipml::DataReport> report);
    /// One line: what is wrong, where, what would be right.
    void failed(const QString& error);

  private:
    struct News : JobNews {
        std::shared_ptr<const DataReport> report;
    };
    void receive(const News& news);

    bool active_ = false;
    BackgroundJob<News> job_;
};

} // namespace zipml::ui
