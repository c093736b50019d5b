// News are applied whatever part of them has come.
#include "ui/networks/network_worker.h"

#include <QtTest>

using namespace zipml;
using namespace zipml::ui;

class NetworkWorkerTest : public QObject {
    Q_OBJECT
  private slots:
    // A picture may come between the evaluation that it is of and the end of the run.
    void noPartIsNothing() {
        const auto isNews = [](const std::function<void(NetworkNews&)>& come) {
            NetworkNews news;
            come(news);
            return !news.empty();
        };
        QVERIFY(!isNews([](NetworkNews&) {}));
        QVERIFY(isNews([](NetworkNews& news) { news.snapshot = std::make_shared<NetworkSnapshot>(); }));
        QVERIFY(isNews([](NetworkNews& news) { news.epochs.emplace_back(); }));
        QVERIFY(isNews([](NetworkNews& news) { news.steps.emplace_back(); }));
        QVERIFY(isNews([](NetworkNews& news) { news.setup.emplace(); }));
        QVERIFY(isNews([](NetworkNews& news) { news.note = "a note"; }));
        QVERIFY(isNews([](NetworkNews& news) { news.finished = true; }));
    }
};

QTEST_GUILESS_MAIN(NetworkWorkerTest)
#include "network_worker_test.moc"
