// The window at twice the scale: the desktop says 200%, a class sits at the back.

#include "tests/support/gui_test.h"
#include "ui/widgets/page.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace zipml;

class LargeTypeTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    // At 200% a screen of 1920 x 1080 has 960 x 540 units. Whatever is shown gets the room that it asks for,
    // on every page; panels scroll.
    void nothingIsClipped() {
        QCOMPARE(qApp->devicePixelRatio(), 2.0);
        ui::MainWindow window;
        window.resize(960, 540);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            // What arrives from a thread is laid out an event later.
            if (!QTest::qWaitFor([&] { return clipped(window).isEmpty(); }))
                QFAIL(qPrintable(page->card().name + ": " + clipped(window).join(", ")));
        }
    }

  private:
    /// Controls and labels that are smaller than they ask for.
    static QStringList clipped(const ui::MainWindow& window) {
        QStringList found;
        for (auto* widget : window.findChildren<QWidget*>()) {
            const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
                                 qobject_cast<QAbstractSpinBox*>(widget);
            const auto* label = qobject_cast<QLabel*>(widget);
            const bool text = label != nullptr && !label->wordWrap() && !label->text().isEmpty();
            const bool inside = qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr;
            if ((!control && !text) || inside || !widget->isVisibleTo(&window) ||
                widget->objectName().startsWith("qt_"))
                continue;
            const QSize least = text ? widget->sizeHint() : widget->minimumSizeHint();
            if (widget->width() < least.width() || widget->height() < least.height())
                found << QString("%1 %2 %3 has %4 x %5 of %6 x %7")
                             .arg(widget->metaObject()->className(), widget->objectName(),
                                  text ? label->text() : QString())
                             .arg(widget->width())
                             .arg(widget->height())
                             .arg(least.width())
                             .arg(least.height());
        }
        return found;
    }
};

int main(int argc, char** argv) {
    qputenv("QT_SCALE_FACTOR", "2");
    QApplication application(argc, argv);
    LargeTypeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "large_type_test.moc"
