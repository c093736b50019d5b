#include "ui/history/history_store.h"

#include "core/base/error.h"

#include <utility>

namespace zipml::ui {

HistoryStore::HistoryStore(QString folder, QObject* parent) : QObject(parent), folder_(std::move(folder)) {
    constexpr int kMilliseconds = 20;
    job_.deliver(kMilliseconds, [this](HistoryNews news) { receive(std::move(news)); });
}

HistoryStore::~HistoryStore() {
    if (!off()) // where it was made, it is taken down
        job_.start([this](const Job&, RunControl&) { index_.reset(); });
    job_.wait();
}

void HistoryStore::later(std::function<void(HistoryIndex&)> work) {
    if (off())
        return;
    job_.start([this, work = std::move(work)](const Job&, RunControl&) {
        if (!index_)
            index_ = std::make_unique<HistoryIndex>(folder_);
        work(*index_);
        if (auto changed = index_->changes(); !changed.empty())
            job_.tell([&](HistoryNews& news) {
                std::move(changed.begin(), changed.end(), std::back_inserter(news.changed));
            });
    });
}

void HistoryStore::add(HistoryEntry entry) {
    later([entry = std::move(entry)](HistoryIndex& index) { index.add(entry); });
}

void HistoryStore::refresh() {
    later([](HistoryIndex& index) { index.takeInbox(); });
}

void HistoryStore::set(HistoryField field, const QStringList& keys, const QStringList& values) {
    later([=](HistoryIndex& index) { index.set(field, keys, values); });
}

void HistoryStore::open(const QStringList& keys, std::function<void(std::vector<SessionRun>)> receive) {
    if (off())
        return;
    receivers_.push_back(std::move(receive));
    later([this, keys](HistoryIndex& index) {
        std::vector<SessionRun> runs;
        for (const QString& key : keys) {
            try {
                runs.push_back(index.run(key));
            } catch (const InputError& error) {
                job_.tell(
                    [&](HistoryNews& news) { news.problems.push_back(QString::fromUtf8(error.what())); });
            }
        }
        job_.tell([&](HistoryNews& news) { news.opened.push_back(std::move(runs)); });
    });
}

void HistoryStore::receive(HistoryNews news) {
    if (!news.changed.empty())
        emit changed(news.changed);
    for (auto& runs : news.opened) {
        const auto receiver = std::move(receivers_.front());
        receivers_.pop_front();
        receiver(std::move(runs));
    }
    for (const QString& problem : news.problems)
        emit message(problem, true);
    if (!news.error.isEmpty() && news.error != said_) { // once, not with every look
        said_ = news.error;
        emit message(tr("The history: %1").arg(news.error), true);
    }
    if (news.finished && !news.error.isEmpty())
        receivers_.clear(); // what could not even be tried
}

} // namespace zipml::ui
