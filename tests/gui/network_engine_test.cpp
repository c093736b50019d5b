// libtorch brings along OpenCV, and with it another Qt. Both have to live in the window's process.

#include "core/deep/deep_run.h"
#include "core/deep/engine.h"
#include "tests/support/gui_test.h"

#include <QLabel>
#include <QPushButton>

#include <future>

using namespace zipml;

class NetworkEngineTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void trainsBesideTheWindow() {
        QLabel label("before");
        label.show();
        const QImage before = label.grab().toImage();
        auto training = std::async(std::launch::async, [] {
            if (const auto problem = deep::engineProblem(); !problem.empty())
                return problem;
            deep::DeepSpec spec;
            spec.data = "shapes:200";
            spec.testImages = 50;
            spec.iterations = 10;
            spec.batch = 20;
            deep::DeepObserver nobody;
            RunControl control;
            const auto result = deep::runDeep(spec, nobody, control);
            return std::string(result.record.final ? "" : "the run did not complete");
        });
        // Widgets are made, painted and deleted while it loads and trains.
        int clicks = 0;
        do {
            QPushButton button("press");
            connect(&button, &QPushButton::clicked, this, [&] { ++clicks; });
            button.show();
            QTest::mouseClick(&button, Qt::LeftButton);
            QVERIFY(!button.grab().isNull());
        } while (training.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready);
        QVERIFY(clicks > 0);
        const std::string problem = training.get();
        if (problem.find("libtorch-dev") != std::string::npos)
            QSKIP(problem.c_str());
        QVERIFY2(problem.empty(), problem.c_str());
        QCOMPARE(label.grab().toImage(), before);
        // Texts, numbers and settings are still this Qt's.
        QCOMPARE(QLocale::c().toString(1.5, 'f', 2), QString("1.50"));
        QSettings().setValue("number", QVariantList{1, 2, 3});
        QCOMPARE(QSettings().value("number").toList().size(), 3);
        QCOMPARE(QString::fromLatin1(qVersion()).section('.', 0, 0), QString("6"));
    }
};

QTEST_MAIN(NetworkEngineTest)
#include "network_engine_test.moc"
