#include "ui/experiment/inspection.h"

namespace zipml::ui {

Inspection::Inspection(QObject* parent) : QObject(parent) {
    constexpr int kPollMilliseconds = 33;
    job_.deliver(kPollMilliseconds, [this](const News& news) { receive(news); });
}

void Inspection::start(const QString& file, const LoadOptions& options, std::optional<Task> task) {
    active_ = true;
    job_.replace([this, name = file.toStdString(), options, task](const Job& job, RunControl&) {
        auto report = std::make_shared<const DataReport>(reportOn(name, options, task, {}, job));
        job_.tell([&](News& news) { news.report = std::move(report); });
    });
}

void Inspection::cancel() {
    active_ = false;
    job_.abandon();
}

void Inspection::receive(const News& news) {
    if (!active_)
        return;
    active_ = !news.report && news.error.isEmpty();
    if (news.report)
        emit succeeded(news.report);
    else if (!news.error.isEmpty())
        emit failed(news.error);
    else if (news.share)
        emit progress(*news.share);
}

} // namespace zipml::ui
