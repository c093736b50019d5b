// Every lesson as a reader would go through it: each button, each statement, each question.

#include "tests/support/gui_test.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/widgets/page.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScreen>
#include <QToolButton>

#include <set>

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
            const auto& runs = window.page<ui::TrainingPage>().runs();
            int shown = 0;
            for (int row = 0; row < runs.size(); ++row)
                shown += runs.at(row).visible ? 1 : 0;
            QCOMPARE(shown, static_cast<int>(box->action().runs.size()));
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

    // A goal looks only at the runs that its button made, and stays as it was measured: whatever else runs,
    // and whatever becomes of them.
    void tickedGoalsStayTicked() {
        ui::MainWindow window;
        window.show();
        auto& panel = window.lessons();
        auto& page = window.page<ui::TrainingPage>();
        panel.showLesson(1);
        const auto goals = [&](qsizetype index) {
            QStringList texts;
            for (auto* label : panel.findChildren<ui::LessonActionBox*>()[index]->findChildren<QLabel*>())
                texts << label->text();
            return texts;
        };
        for (auto* box : panel.findChildren<ui::LessonActionBox*>()) {
            QTest::mouseClick(box->button(), Qt::LeftButton);
            QVERIFY(test::waitUntilIdle(page, 120'000));
            QTest::qWait(100);
        }
        const QStringList first = goals(0), second = goals(1);
        for (const QString& goal : first + second)
            QVERIFY2(goal.startsWith("✓"), qPrintable(goal));
        QTest::mouseClick(panel.findChild<ui::LessonQuestionBox*>()->findChild<QPushButton*>("runForMe"),
                          Qt::LeftButton);
        QVERIFY(test::waitUntilIdle(page, 120'000));
        QTest::qWait(100);
        QCOMPARE(goals(0), first);
        QCOMPARE(goals(1), second);
        // The other lessons have not been begun.
        for (int index = 0; index < panel.count(); ++index) {
            panel.showLesson(index);
            for (qsizetype box = 0; index != 1 && box < panel.findChildren<ui::LessonActionBox*>().size();
                 ++box)
                for (const QString& goal : goals(box))
                    QVERIFY2(goal.startsWith("○"), qPrintable(goal));
        }
        panel.showLesson(1);
        QCOMPARE(goals(0), first);
        test::actionNamed(page, "Reset")->trigger();
        QTest::qWait(100);
        QCOMPARE(goals(0), first);
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

    // Runs on other data are not drawn beside each other unasked: neither one's own when a question's runs start,
    // nor a lesson's when one starts an own one. The question's own kind stays.
    void otherDataIsNotDrawnTogether() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        const auto& runs = page.runs();
        const auto shown = [&] {
            std::set<std::string> sources;
            for (int row = 0; row < runs.size(); ++row)
                if (runs.at(row).visible)
                    sources.insert(runs.at(row).spec.data.source);
            return sources;
        };
        RunSpec own;
        own.data.source = "synthetic:7x300";
        own.sgd.epochs = 3;
        window.experiment().setSpec(own);
        test::actionNamed(page, "Start")->trigger();
        QVERIFY(test::waitUntilIdle(page));
        window.lessons().showLesson(0);
        auto* question = window.lessons().findChild<ui::LessonQuestionBox*>();
        QTest::mouseClick(question->findChild<QPushButton*>("runForMe"), Qt::LeftButton);
        QVERIFY(test::waitUntilIdle(page, 120'000));
        QCOMPARE(shown(), std::set<std::string>{"synthetic:100"});
        test::actionNamed(page, "Start")->trigger(); // its settings are one's own still
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(shown(), std::set<std::string>{"synthetic:7x300"});
        RunSpec same = question->question().runs.front();
        same.bits = 5;
        window.experiment().setSpec(same);
        QTest::mouseClick(question->findChild<QPushButton*>("runForMe"), Qt::LeftButton);
        test::actionNamed(page, "Start")->trigger();
        QVERIFY(test::waitUntilIdle(page, 120'000));
        int visible = 0;
        for (int row = 0; row < runs.size(); ++row)
            visible += runs.at(row).visible ? 1 : 0;
        QCOMPARE(visible, 2);
    }

    // Lessons call things what the window calls them.
    void estimatorsAreNamedAsOnTheScreen() {
        ui::ExperimentModel model;
        const ui::LessonPanel panel(model);
        int named = 0;
        for (int index = 0; index < panel.count(); ++index)
            for (const auto& part : panel.lesson(index).parts) {
                const auto* question = std::get_if<LessonQuestion>(&part);
                const QString needs =
                    question == nullptr ? QString() : QString::fromStdString(question->needs);
                const QString name =
                    needs.section("Estimator to ", 1).section(" and ", 0, 0).section(',', 0, 0);
                if (name.isEmpty())
                    continue;
                ++named;
                QVERIFY2(std::ranges::any_of(namesOf<EstimatorKind>(),
                                             [&](const auto& entry) {
                                                 return name == QString::fromUtf8(entry.title.data(),
                                                                                  static_cast<qsizetype>(
                                                                                      entry.title.size()));
                                             }),
                         qPrintable(name));
            }
        QVERIFY(named >= 3);
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

    // Closed by its own button it stays closed, whatever page comes between; large type on a small screen has no
    // room for it.
    void closedLessonsStayClosed() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* dock = window.findChild<QDockWidget*>("lessons");
        window.resize(700, 700);
        QTRY_VERIFY(!dock->isVisible()); // no room for both
        window.resize(1280, 700);
        QTRY_VERIFY(dock->isVisible());
        window.resize(700, 700);
        QTRY_VERIFY(!dock->isVisible());
        dock->toggleViewAction()->trigger(); // who asks for them has them
        QVERIFY(dock->isVisible());
        QVERIFY(QApplication::primaryScreen()->availableSize().width() < 1600);
        QTest::keyClick(&window, Qt::Key_F11);
        QVERIFY(!dock->isVisible());
        QTest::keyClick(&window, Qt::Key_F11);
        QVERIFY(dock->isVisible());
        dock->close();
        window.showPage("quantizer");
        window.showPage("training");
        QVERIFY(!dock->isVisible());
        dock->toggleViewAction()->trigger();
        window.showPage("quantizer");
        window.showPage("training");
        QVERIFY(dock->isVisible());
    }
};

QTEST_MAIN(LessonsTest)
#include "lessons_test.moc"
