// Drivers that crash, hang or compute something else in the program that tries them (tests/support/fault_layer.cpp):
// the window says so, and lives.

#include "accel/device_list.h"
#include "accel/register.h"
#include "tests/support/gui_test.h"
#include "ui/devices/devices_page.h"

using namespace zipml;

class DriverCheckTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;
    std::unique_ptr<ui::MainWindow> window_;

    [[nodiscard]] ui::DeviceList& devices() { return window_->page<ui::DevicesPage>().devices(); }
    [[nodiscard]] int rowOf(const std::string& id) {
        for (int row = 0; row < devices().size(); ++row)
            if (devices().at(row).report.id == id)
                return row;
        return -1;
    }
    [[nodiscard]] bool waitFor(const std::function<bool()>& holds) {
        return QTest::qWaitFor(holds, static_cast<int>(100'000 * test::timeScale()));
    }

  private slots:
    void initTestCase() {
        test::useOwnSettings();
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        qputenv("XDG_DATA_HOME", cache_.path().toUtf8());
        qputenv("OPENCL_LAYERS", qgetenv("ZIPML_FAULT_LAYER"));
        qputenv("ZIPML_DRIVER_CHECK_SECONDS", "5");
        if (qEnvironmentVariable("ZIPML_FAULT_LAYER").isEmpty() || listOpenClDevices().empty())
            QSKIP("there is no OpenCL driver here, or not run by ctest");
        registerAccel();
        window_ = std::make_unique<ui::MainWindow>(deviceSources());
        window_->show();
        QVERIFY(waitFor([&] { return !devices().listing(); }));
    }
    void cleanupTestCase() { window_.reset(); }

    void aBadDriverIsReported_data() {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QString>("said");
        QTest::newRow("crashes") << QByteArray("abort:0:0") << "it ends the program after";
        QTest::newRow("hangs") << QByteArray("hang:0:0") << "it does not come to an end after";
        QTest::newRow("wrong sums") << QByteArray("skip:0:0") << "computes something else";
    }
    void aBadDriverIsReported() {
        QFETCH(QByteArray, fault);
        QFETCH(QString, said);
        qputenv("ZIPML_FAULT", fault);
        const int row = rowOf("opencl:0");
        QVERIFY(row >= 0);
        devices().measure({row});
        QVERIFY(waitFor([&] { return !devices().anyActive(); }));
        QCOMPARE(devices().at(row).state, ui::DeviceState::Failed);
        QVERIFY2(devices().at(row).message.contains(said), qPrintable(devices().at(row).message));
        // It is in the list with what failed, and cannot be chosen.
        devices().listAgain();
        QVERIFY(waitFor([&] { return !devices().listing(); }));
        QVERIFY(QString::fromStdString(devices().at(rowOf("opencl:0")).report.unusable).contains(said));
        auto* combo = window_->page<ui::TrainingPage>().findChild<QComboBox*>("device");
        const int item = combo->findText("opencl:0: ", Qt::MatchStartsWith);
        QVERIFY(item >= 0);
        QVERIFY(!combo->model()->flags(combo->model()->index(item, 0)).testFlag(Qt::ItemIsEnabled));
        // A run on it is refused, and the next one trains.
        auto& page = window_->page<ui::TrainingPage>();
        RunSpec spec;
        spec.data.source = "synthetic:10x320";
        spec.sgd.epochs = 2;
        spec.device = "opencl:0";
        const int before = page.runs().size();
        page.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().at(before).state, ui::RunState::Failed);
        QVERIFY2(page.runs().at(before).message.contains(said), qPrintable(page.runs().at(before).message));
        spec.device = "cpu";
        page.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(page.runs().at(before + 1).state, ui::RunState::Finished);
    }
};

QTEST_MAIN(DriverCheckTest)
#include "driver_check_test.moc"
