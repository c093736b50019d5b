// Every page is usable without a mouse and by those who cannot see it, and shows all of its text.

#include "tests/support/gui_test.h"
#include "ui/fetch/fetch_dialog.h"
#include "ui/gallery/gallery_dialog.h"
#include "ui/gallery/reproduce_worker.h"
#include "ui/plot/export_plot_dialog.h"
#include "ui/widgets/page.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>

using namespace zipml;

namespace {

/// Widgets that a person operates.
QList<QWidget*> controlsOf(QWidget& window) {
    QList<QWidget*> controls;
    for (auto* widget : window.findChildren<QWidget*>()) {
        const bool inside = qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr ||
                            qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr;
        const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
                             qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                             qobject_cast<QAbstractSlider*>(widget) || qobject_cast<QTableView*>(widget) ||
                             qobject_cast<ui::LivePlot*>(widget);
        const bool internal = widget->objectName().startsWith("qt_") || qobject_cast<QScrollBar*>(widget) ||
                              widget->inherits("QTableCornerButton");
        if (control && !inside && !internal && widget->isVisibleTo(&window))
            controls << widget;
    }
    return controls;
}

/// What it is to somebody who hears it, or empty.
QString nameOf(const QWidget& control) {
    const auto* button = qobject_cast<const QAbstractButton*>(&control);
    return control.accessibleName().isEmpty() && button ? button->text() : control.accessibleName();
}

QString describe(const QWidget& control) {
    return QString("%1 %2 %3").arg(control.metaObject()->className(), control.objectName(), nameOf(control));
}

/// Everything that Tab comes to, once around.
QSet<QWidget*> reachedByTab(QWidget& window) {
    constexpr int kSteps = 300; // more than a page has controls
    QSet<QWidget*> reached;
    for (int i = 0; i < kSteps; ++i) {
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &window, Qt::Key_Tab);
        reached << QApplication::focusWidget();
    }
    return reached;
}

/// Tab goes to one of a group of radio buttons, arrows to the others.
bool inReach(QWidget& control, const QSet<QWidget*>& reached) {
    const auto group = qobject_cast<QRadioButton*>(&control)
                           ? control.parentWidget()->findChildren<QRadioButton*>()
                           : QList<QRadioButton*>();
    return reached.contains(&control) ||
           std::ranges::any_of(group, [&](auto* each) { return reached.contains(each); });
}

int widestCell(const QTableView& table, int column) {
    int widest = 0;
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        const auto index = table.model()->index(row, column);
        QStyleOptionViewItem option;
        option.font = table.font();
        option.fontMetrics = QFontMetrics(option.font);
        widest = std::max(widest, table.itemDelegateForIndex(index)->sizeHint(option, index).width());
    }
    return widest;
}

} // namespace

class AccessTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void everyControlHasANameAndIsReachedByTab() {
        ui::MainWindow window;
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        RunSpec spec;
        spec.data.source = "synthetic:10x400";
        spec.sgd.epochs = 3;
        window.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            QTest::qWait(200); // what threads bring may add controls
            const auto reached = reachedByTab(window);
            for (auto* control : controlsOf(window)) {
                const QString what = page->card().name + ": " + describe(*control);
                QVERIFY2(!nameOf(*control).isEmpty(), qPrintable(what));
                if (control->isEnabled() && control->isVisibleTo(&window))
                    QVERIFY2(inReach(*control, reached), qPrintable(what));
            }
        }
    }

    void nothingIsClippedAt1280x800() {
        ui::MainWindow window;
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.startWelcome();
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            QStringList clipped;
            // What arrives from a thread is laid out an event later.
            const bool fits = QTest::qWaitFor([&] { return (clipped = clippedIn(window)).isEmpty(); });
            QVERIFY2(fits, qPrintable(page->card().name + ": " + clipped.join(", ")));
            QCOMPARE(window.size(), QSize(1280, 800)); // no page makes it wider
        }
    }

    void dialogsToo() {
        ui::ReproduceWorker worker;
        ui::GalleryDialog gallery(worker), experiments(worker);
        experiments.showExperiments();
        ui::ExportPlotDialog exporting;
        ui::FetchDialog fetch;
        for (QDialog* dialog : std::initializer_list<QDialog*>{&gallery, &experiments, &exporting, &fetch}) {
            dialog->show();
            QVERIFY(QTest::qWaitForWindowActive(dialog));
            const auto reached = reachedByTab(*dialog);
            for (auto* control : controlsOf(*dialog)) {
                QVERIFY2(!nameOf(*control).isEmpty(), qPrintable(describe(*control)));
                QVERIFY2(!control->isEnabled() || inReach(*control, reached), qPrintable(describe(*control)));
            }
            QCOMPARE(clippedIn(*dialog), QStringList());
        }
    }

  private:
    static QStringList clippedIn(QWidget& window) {
        QStringList clipped;
        for (auto* control : controlsOf(window)) {
            const QSize least = control->minimumSizeHint();
            const QRect inWindow(control->mapTo(&window, QPoint(0, 0)), control->size());
            if (control->width() < least.width() || control->height() < least.height() ||
                inWindow.left() < 0 || inWindow.right() > window.width())
                clipped << describe(*control);
        }
        for (auto* label : window.findChildren<QLabel*>())
            if (label->isVisibleTo(&window) && !label->wordWrap() &&
                label->width() < label->sizeHint().width())
                clipped << label->text();
        for (auto* table : window.findChildren<QTableView*>())
            for (int column = 0;
                 table->isVisibleTo(&window) && table->model() && column < table->model()->columnCount();
                 ++column)
                if (!table->isColumnHidden(column) && table->columnWidth(column) < widestCell(*table, column))
                    clipped << QString("column %1 of %2").arg(column).arg(table->objectName());
        return clipped;
    }
};

QTEST_MAIN(AccessTest)
#include "access_test.moc"
