// The page of tomography, driven as a person would.

#include "tests/support/gui_test.h"
#include "ui/tomography/color_scale.h"
#include "ui/tomography/image_tile.h"
#include "ui/tomography/tomography_page.h"
#include "ui/tomography/tomography_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <QToolTip>

using namespace zipml;

namespace {

struct Fixture {
    ui::TomographyPage page;
    QStringList messages;

    Fixture() {
        TomographySpec spec;
        spec.size = 64;
        spec.angles = 60;
        spec.epochs = 3;
        page.panel().setSpec(spec);
        QObject::connect(&page, &ui::TomographyPage::message, &page,
                         [this](const QString& text, bool) { messages << text; });
        page.resize(1280, 700);
        page.show();
    }
    [[nodiscard]] QAction* action(int index) const { return page.barActions()[index]; }
    bool waitUntilIdle() {
        return QTest::qWaitFor([this] { return !page.active(); },
                               static_cast<int>(60'000 * test::timeScale()));
    }
    bool waitForImages(int count) {
        return QTest::qWaitFor([this, count] { return page.imagesShown() >= count; },
                               static_cast<int>(60'000 * test::timeScale()));
    }
    template <class Widget>
    Widget* control(const char* name) {
        return page.panel().findChild<Widget*>(name);
    }
};

enum Action { Start, Pause, Stop, Difference };

} // namespace

class TomographyPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void beforeItStartsItSaysWhatToDo() {
        Fixture f;
        QVERIFY(f.page.tile("truth") && f.page.tile("sinogram"));
        for (const char* estimator : {"full", "naive", "double", "corrected"})
            QVERIFY(f.page.tile(estimator) && f.page.tile(estimator)->picture().isNull());
        QVERIFY(!f.page.tile("nearest"));
        QVERIFY(f.action(Start)->isEnabled() && !f.action(Pause)->isEnabled() &&
                !f.action(Stop)->isEnabled());
        QVERIFY(f.action(Pause)->toolTip().contains("Nothing"));
        f.control<QCheckBox>("nearest")->click();
        QVERIFY(f.page.tile("nearest"));
    }

    void imagesFormAndTheCurvesFollow() {
        Fixture f;
        f.action(Start)->trigger();
        QVERIFY(f.waitUntilIdle());
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        QCOMPARE(f.page.tile("truth")->picture().size(), QSize(64, 64));
        QCOMPARE(f.page.tile("sinogram")->picture().size(), QSize(91, 60));
        const auto& curves = f.page.errorPlot().curves();
        QCOMPARE(curves.size(), std::size_t{4});
        for (const auto& curve : curves) {
            QCOMPARE(curve.x.size(), 12); // four images an epoch
            QVERIFY(curve.y.back() < curve.y.front());
        }
        // Full precision moves 32 bits a length, naive 4, double 5, and each two floats a ray.
        const double full = curves[0].x.back(), naive = curves[1].x.back(), twice = curves[2].x.back();
        QVERIFY(naive < twice && twice < full / 3);
        // The picture is the image: as bright as the truth where the skull is.
        for (const char* estimator : {"full", "naive", "double", "corrected"}) {
            const auto* tile = f.page.tile(estimator);
            QCOMPARE(tile->picture().size(), QSize(64, 64));
            QVERIFY(tile->picture().pixelColor(32, 4).lightness() > 100);
            QVERIFY(tile->figures()[0].endsWith("dB") && tile->figures()[3] == "epoch 3.00");
            QVERIFY(tile->accessibleDescription().contains("dB"));
        }
    }

    void differencesHaveTheirOwnColours() {
        Fixture f;
        auto* scale = f.page.findChild<ui::ColorScale*>("colorScale");
        f.action(Start)->trigger();
        QVERIFY(f.waitUntilIdle());
        const QImage grey = f.page.tile("naive")->picture();
        QVERIFY(!scale->showsDifference());
        f.action(Difference)->trigger();
        QVERIFY(scale->showsDifference() && scale->accessibleName().contains("0.1"));
        const QImage difference = f.page.tile("naive")->picture();
        QVERIFY(difference != grey);
        int coloured = 0;
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x)
                coloured += difference.pixelColor(x, y).saturation() > 20 ? 1 : 0;
        QVERIFY(coloured > 200);
        f.action(Difference)->trigger();
        QCOMPARE(f.page.tile("naive")->picture(), grey);
    }

    // While it runs, a slider starts it again from the beginning, with the new number.
    void slidersAreLive() {
        Fixture f;
        f.control<QSpinBox>("epochs")->setValue(10'000);
        f.action(Start)->trigger();
        QVERIFY(f.waitForImages(8));
        f.control<QWidget>("bits")->findChild<QSlider*>()->setValue(2);
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto& curves = f.page.errorPlot().curves();
                return curves.size() == 4 && curves[1].name.contains("2 bits");
            },
            static_cast<int>(20'000 * test::timeScale())));
        f.control<QWidget>("angles")->findChild<QSlider*>()->setValue(30);
        QVERIFY(QTest::qWaitFor([&] { return f.page.tile("sinogram")->picture().height() == 30; },
                                static_cast<int>(20'000 * test::timeScale())));
        const int before = f.page.imagesShown();
        QVERIFY(f.waitForImages(before + 4));
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
        // Stopped: a change waits for the person.
        f.control<QWidget>("bits")->findChild<QSlider*>()->setValue(6);
        QTest::qWait(300);
        QVERIFY(!f.page.active());
    }

    void pauseHoldsAndGoesOn() {
        Fixture f;
        f.control<QSpinBox>("epochs")->setValue(10'000);
        f.action(Start)->trigger();
        QVERIFY(f.waitForImages(4));
        f.action(Pause)->trigger();
        QTest::qWait(static_cast<int>(400 * test::timeScale()));
        const int held = f.page.imagesShown();
        QTest::qWait(300);
        QCOMPARE(f.page.imagesShown(), held);
        f.action(Pause)->trigger();
        QVERIFY(f.waitForImages(held + 4));
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.page.findChild<QLabel*>("tomographyPhase")->text(), "stopped");
        QVERIFY(!f.page.tile("full")->picture().isNull()); // the image stays
    }

    void presetsSetAnglesAndNoise() {
        Fixture f;
        auto* preset = f.control<QComboBox>("preset");
        const auto choose = [&](int index) {
            preset->setCurrentIndex(index);
            emit preset->activated(index);
        };
        choose(1);
        QVERIFY(f.page.panel().spec().noise == parseNoise("gaussian:0.01"));
        choose(2);
        QCOMPARE(f.page.panel().spec().angles, 24);
        QVERIFY(f.page.panel().spec().nonnegative);
        QCOMPARE(preset->currentIndex(), 2);
        f.control<QCheckBox>("nonnegative")->click();
        QCOMPARE(preset->currentIndex(), 3); // own settings
        f.control<QCheckBox>("nonnegative")->click();
        QCOMPARE(preset->currentIndex(), 2);
    }

    void wrongSettingsAreSaid() {
        Fixture f;
        f.control<QLineEdit>("seed")->setText("x");
        f.action(Start)->trigger();
        QVERIFY(!f.page.active());
        QVERIFY(f.messages.last().startsWith("seed: 'x'"));
        f.control<QLineEdit>("seed")->setText("1");
        for (const char* estimator : {"full", "naive", "double", "corrected"})
            f.control<QCheckBox>(estimator)->setChecked(false);
        f.action(Start)->trigger();
        QVERIFY(!f.page.active());
        QVERIFY(f.messages.last().contains("tick an estimator"));
    }

    void theMouseReadsOutAPixel() {
        Fixture f;
        f.action(Start)->trigger();
        QVERIFY(f.waitUntilIdle());
        auto* tile = f.page.tile("double");
        const QPoint at(tile->height() / 2, tile->height() / 2);
        QHelpEvent event(QEvent::ToolTip, at, tile->mapToGlobal(at));
        QApplication::sendEvent(tile, &event);
        QVERIFY2(QToolTip::text().contains("difference"), qPrintable(QToolTip::text()));
    }

    void theWindowHasThePage() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showPage("tomography");
        QVERIFY(window.page<ui::TomographyPage>().isVisible());
        QVERIFY(window.findChild<QWidget*>("tomographyBar")->isVisible());
        QVERIFY(!window.findChild<QWidget*>("trainingBar")->isVisible());
        QTest::keyClick(&window, Qt::Key_F5, Qt::ControlModifier);
        QVERIFY(window.page<ui::TomographyPage>().active());
        QTest::keyClick(&window, Qt::Key_F7, Qt::ShiftModifier);
        QVERIFY(QTest::qWaitFor([&] { return !window.page<ui::TomographyPage>().active(); },
                                static_cast<int>(20'000 * test::timeScale())));
    }
};

QTEST_MAIN(TomographyPageTest)
#include "tomography_page_test.moc"
