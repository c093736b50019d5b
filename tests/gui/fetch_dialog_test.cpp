// Fetching a data set in the window: list, progress, stop, go on, faults, open.

#include "tests/support/catalogue_server.h"
#include "tests/support/gui_test.h"
#include "ui/fetch/fetch_dialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>

using namespace zipml;

class FetchDialogTest : public QObject {
    Q_OBJECT

    std::unique_ptr<test::CatalogueServer> server_;
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<ui::FetchDialog> dialog_;

    template <class Widget>
    Widget* part(const char* name) const {
        return dialog_->findChild<Widget*>(name);
    }
    QString state(int row) const { return part<QTreeWidget>("fetchList")->topLevelItem(row)->text(4); }
    QString status() const { return part<QLabel>("fetchStatus")->text(); }
    bool waitFor(const std::function<bool()>& condition) const {
        return QTest::qWaitFor(condition, static_cast<int>(60'000 * test::timeScale()));
    }
    bool waitUntilIdle() const {
        return waitFor([&] { return !part<QPushButton>("fetchCancel")->isEnabled(); });
    }

  private slots:
    void initTestCase() {
        test::useOwnSettings();
        qputenv("no_proxy", "*");
    }
    void init() {
        server_ = std::make_unique<test::CatalogueServer>();
        folder_ = std::make_unique<QTemporaryDir>();
        auto many = server_->entry("many");
        many["classes"] = 10;
        const nlohmann::json catalogue{{"datasets", {server_->entry("one"), many}}};
        dialog_ = std::make_unique<ui::FetchDialog>(nullptr, parseCatalogue(catalogue.dump(), "catalogue"));
        part<QLineEdit>("fetchFolder")->setText(folder_->filePath("data"));
        dialog_->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
    }
    void cleanup() { dialog_.reset(); }

    void showsWhatThereIs() {
        const auto* list = part<QTreeWidget>("fetchList");
        QCOMPARE(list->topLevelItemCount(), 2);
        QCOMPARE(list->topLevelItem(0)->text(2), QString("60 × 4"));
        QCOMPARE(state(0), QString("not here"));
        const QString details = part<QLabel>("fetchDetails")->text();
        for (const char* each : {"A set for tests", "none needed", "nobody", "https://page", "not published"})
            QVERIFY2(details.contains(each), qPrintable(details));
        QVERIFY(!part<QPushButton>("fetchOpen")->isEnabled());
        QVERIFY(!part<QPushButton>("fetchCancel")->isEnabled());
    }

    void fetchesAndOpens() {
        QTest::keyClick(part<QTreeWidget>("fetchList"), Qt::Key_Return); // Fetch is the default
        QVERIFY(part<QPushButton>("fetchCancel")->isEnabled());
        QVERIFY(waitUntilIdle());
        QCOMPARE(state(0), QString("here"));
        QCOMPARE(state(1), QString("not here"));
        QCOMPARE(part<QProgressBar>("fetchProgress")->value(), 1000);
        QSignalSpy opened(dialog_.get(), &ui::FetchDialog::opened);
        QVERIFY(part<QPushButton>("fetchOpen")->isEnabled());
        part<QPushButton>("fetchOpen")->click();
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].value<DataSpec>().source, folder_->filePath("data/one").toStdString());
    }

    void stopsAndGoesOn() {
        server_->hangAfter(100);
        auto* fetch = part<QPushButton>("fetchStart");
        fetch->click();
        QVERIFY(waitFor([&] { return QFileInfo(folder_->filePath("data/one.part")).size() == 100; }));
        QVERIFY(waitFor([&] { return status().contains("one"); }));
        part<QPushButton>("fetchCancel")->click();
        QVERIFY(waitUntilIdle());
        QVERIFY2(status().contains("kept"), qPrintable(status()));
        QCOMPARE(state(0), QString("partly here"));
        QVERIFY(fetch->text().startsWith("Go on"));
        fetch->click();
        QVERIFY(waitUntilIdle());
        QCOMPARE(state(0), QString("here"));
    }

    void faultIsSaid() {
        server_->put("/one", "oops\n");
        part<QPushButton>("fetchStart")->click();
        QVERIFY(waitUntilIdle());
        QVERIFY2(status().contains("deleted"), qPrintable(status()));
        QCOMPARE(state(0), QString("not here"));
        QVERIFY(part<QPushButton>("fetchStart")->isEnabled());
    }

    void manyClassesAreOpenedToo() {
        auto* list = part<QTreeWidget>("fetchList");
        QTest::keyClick(list, Qt::Key_Down);
        part<QPushButton>("fetchStart")->click();
        QVERIFY(waitUntilIdle());
        QCOMPARE(state(1), QString("here"));
        QVERIFY(part<QPushButton>("fetchOpen")->isEnabled());
    }

    // As a person who closes the window in the middle does.
    void closingStops() {
        server_->hangAfter(100);
        part<QPushButton>("fetchStart")->click();
        QVERIFY(waitFor([&] { return QFileInfo(folder_->filePath("data/one.part")).size() == 100; }));
        QElapsedTimer timer;
        timer.start();
        dialog_.reset();
        QVERIFY(static_cast<double>(timer.elapsed()) <
                30'000 * test::timeScale()); // it does not wait for the server's silence
        QVERIFY(QFile::exists(folder_->filePath("data/one.part")));
    }
};

QTEST_MAIN(FetchDialogTest)
#include "fetch_dialog_test.moc"
