// Every lesson as a reader would go through it: each button, each statement, each question.

#include "tests/support/gui_test.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/widgets/page.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>

using namespace zipml;

/// The button shows the page with the lesson beside it, on the experiment that the lesson speaks of.
void opensItsPage(ui::MainWindow& window, const ui::LessonActionBox& box) {
    const LessonAction& action = box.action();
    QVERIFY(action.claims.empty());
    QTest::mouseClick(box.button(), Qt::LeftButton);
    QCOMPARE(window.currentPage().card().name, QString::fromStdString(action.page));
    QVERIFY(box.isVisible());
    if (action.settings)
        QVERIFY(window.experiment().spec().data == action.settings->data);
}

class LessonsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void eachLessonHoldsInTheLab_data() {
        QTest::addColumn<int>("index");
        ui::ExperimentModel experiment;
        const ui::LessonPanel panel(experiment);
        QVERIFY(panel.count() >= 6);
        for (int i = 0; i < panel.count(); ++i)
            QTest::newRow(panel.lesson(i).title.c_str()) << i;
    }
    // The buttons lead to runs of which every statement of the lesson holds; before, none is shown as
    // holding. The question ends the lesson, and exactly one of its answers is right.
    void eachLessonHoldsInTheLab() {
        QFETCH(int, index);
        ui::MainWindow window;
        window.resize(1280, 800);
        window.show();
        auto& panel = window.lessons();
        panel.showLesson(index);
        const auto actions = panel.findChildren<ui::LessonActionBox*>();
        QVERIFY(!actions.isEmpty());
        for (auto* box : actions) {
            if (box->action().runs.empty()) {
                opensItsPage(window, *box);
                continue;
            }
            QVERIFY(!box->action().claims.empty());
            for (auto* label : box->findChildren<QLabel*>())
                QVERIFY2(!label->text().startsWith("✗"), qPrintable(label->text()));
            QTest::mouseClick(box->button(), Qt::LeftButton);
            QCOMPARE(window.page<ui::TrainingPage>().runs().size(),
                     static_cast<int>(box->action().runs.size()));
            QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>(), 120'000));
            QVERIFY(QTest::qWaitFor([&] {
                return std::ranges::all_of(box->findChildren<QLabel*>(),
                                           [](auto* label) { return !label->text().startsWith("○"); });
            }));
            for (auto* label : box->findChildren<QLabel*>())
                QVERIFY2(label->text().startsWith("✓"), qPrintable(label->text()));
        }

        QVERIFY(std::holds_alternative<LessonQuestion>(panel.lesson(index).parts.back()));
        auto* question = panel.findChild<ui::LessonQuestionBox*>();
        const auto choices = question->findChildren<QRadioButton*>();
        QVERIFY(choices.size() >= 2);
        QVERIFY(question->verdict().contains(QString::fromStdString(question->question().needs)) ||
                question->verdict().contains("has been measured"));
        QTest::mouseClick(question->findChild<QPushButton*>("runForMe"), Qt::LeftButton);
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>(), 120'000));
        QTest::qWait(100);
        int right = 0;
        for (auto* choice : choices) {
            choice->setFocus();
            QTest::keyClick(choice, Qt::Key_Space);
            right += question->verdict().startsWith("✓") ? 1 : 0;
            QVERIFY2(question->verdict().contains("measured"), qPrintable(question->verdict()));
        }
        QCOMPARE(right, 1);
    }

    void arrowsAndChooserTurnThePages() {
        ui::ExperimentModel experiment;
        ui::LessonPanel panel(experiment);
        auto* chooser = panel.findChild<QComboBox*>("lesson");
        const auto buttons = panel.findChildren<QToolButton*>(Qt::FindDirectChildrenOnly);
        QCOMPARE(buttons.size(), 2);
        QVERIFY(!buttons[0]->isEnabled());
        QTest::mouseClick(buttons[1], Qt::LeftButton);
        QCOMPARE(chooser->currentIndex(), 1);
        QTest::mouseClick(buttons[0], Qt::LeftButton);
        QCOMPARE(chooser->currentIndex(), 0);
        chooser->setCurrentIndex(panel.count() - 1);
        QVERIFY(!buttons[1]->isEnabled());
    }

    void presentingEnlargesTheTypeAndBack() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        const double before = QApplication::font().pointSizeF();
        QTest::keyClick(&window, Qt::Key_F11);
        QVERIFY(window.isFullScreen());
        QVERIFY(QApplication::font().pointSizeF() > 1.4 * before);
        QTest::keyClick(&window, Qt::Key_F11);
        QVERIFY(!window.isFullScreen());
        QCOMPARE(QApplication::font().pointSizeF(), before);
    }
};

QTEST_MAIN(LessonsTest)
#include "lessons_test.moc"
