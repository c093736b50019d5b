// Somebody who tries everything: seeded random actions on pages, menus, settings, runs, lessons and data. Runs that
// were not removed on purpose stay.

#include "core/lab/rules.h"
#include "tests/support/gui_test.h"
#include "ui/lessons/lesson_panel.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QMenu>
#include <QMenuBar>

#include <cstdio>
#include <random>
#include <set>

using namespace zipml;

namespace {

int numberFrom(const char* variable, int usual) {
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : usual;
}

/// Leave the program or the machine, take minutes, or put runs away in a later turn, as opening data does with the
/// welcome comparison's.
bool isTooFar(const QAction& action) {
    for (const char* word : {"Quit", "Close", "Download", "Measure", "Self-test", "Manual", "website",
                             "welcome", "session", "…", "..."})
        if (action.text().contains(QString::fromUtf8(word), Qt::CaseInsensitive))
            return true;
    return action.menu() != nullptr || action.isSeparator() || action.text().isEmpty();
}

class Monkey {
  public:
    Monkey(ui::MainWindow& window, const QString& folder, std::uint32_t seed)
        : window_(window), page_(window.page<ui::TrainingPage>()), folder_(folder), draw_(seed) {
        closer_.setInterval(20);
        QObject::connect(&closer_, &QTimer::timeout, [] { // what asks is told to go away
            if (auto* popup = QApplication::activePopupWidget())
                popup->close();
            if (auto* dialog = QApplication::activeModalWidget())
                dialog->close();
        });
        closer_.start();
    }

    /// @return what went wrong
    QString act() {
        const std::set<int> before = own();
        const bool purpose = tryOne();
        QTest::qWait(1);
        const std::set<int> after = own();
        if (!purpose)
            for (const int id : before)
                if (!after.contains(id))
                    return QString("run %1 is gone after: %2").arg(id).arg(did_);
        return {};
    }

  private:
    int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(draw_); }

    std::set<int> own() const {
        std::set<int> ids;
        for (int row = 0; row < page_.runs().size(); ++row)
            if (page_.runs().at(row).origin.group.isEmpty())
                ids.insert(page_.runs().at(row).id);
        return ids;
    }

    /// @return whether it may remove runs
    bool tryOne() {
        constexpr int kMostRuns = 30;
        if (page_.runs().size() > kMostRuns)
            return trigger("Reset"), true;
        switch (pick(10)) {
        case 0:
            return showPage(), false;
        case 1:
            return start(), false;
        case 2:
            return anyAction();
        case 3:
            return undoOrRedo(), true;
        case 4:
            return removeSome(), true;
        case 5:
            return lesson(), false;
        case 6:
            return openData(), false;
        case 7:
            return select(), false;
        default:
            return turnControl(), false;
        }
    }

    void showPage() {
        const auto& card = window_.pages()[pick(static_cast<int>(window_.pages().size()))]->card();
        did_ = QString("page ") + card.name;
        window_.showPage(card.name);
    }

    void start() {
        RunSpec spec;
        spec.data.source = "synthetic:5x200";
        spec.sgd.epochs = 1 + pick(30);
        spec.bits = 1 + pick(8);
        spec.estimator = pick(2) == 0 ? EstimatorKind::Double : EstimatorKind::Naive;
        spec.seed = static_cast<std::uint64_t>(pick(3));
        did_ = "start";
        page_.experiment().setSpec(spec);
        trigger("Start");
    }

    void trigger(const QString& text) {
        if (auto* action = test::actionNamed(page_, text); action != nullptr && action->isEnabled())
            action->trigger();
    }

    bool anyAction() {
        QList<QAction*> all;
        for (auto* action : window_.findChildren<QAction*>())
            if (action->isEnabled() && action->isVisible() && !isTooFar(*action))
                all << action;
        const auto& networks = window_.pages();
        for (auto* page : networks)
            if (QByteArray(page->metaObject()->className()).contains("Networks"))
                for (auto* action : page->barActions())
                    all.removeAll(action);
        if (all.isEmpty())
            return false;
        auto* action = all[pick(static_cast<int>(all.size()))];
        did_ = "action " + action->text();
        action->trigger();
        const auto removes = {"Undo", "Redo", "Reset",   "Remove", "Delete",
                              "New",  "Open", "session", "Recover"};
        return std::ranges::any_of(
            removes, [&](const char* word) { return did_.remove('&').contains(word, Qt::CaseInsensitive); });
    }

    void undoOrRedo() {
        auto& history = page_.experiment().history();
        did_ = "undo or redo";
        (pick(3) > 0 ? history.undoAction() : history.redoAction())->trigger();
    }

    void removeSome() {
        select();
        trigger(pick(4) == 0 ? "Reset" : "Remove");
        did_ = "remove";
    }

    void select() {
        did_ = "select";
        if (const int rows = page_.table().model()->rowCount(); rows > 0)
            page_.table().selectRow(pick(rows));
    }

    void lesson() {
        auto& lessons = window_.lessons();
        did_ = "lesson";
        lessons.showLesson(pick(lessons.count()));
        QList<QAbstractButton*> buttons;
        for (auto* button : lessons.findChildren<QAbstractButton*>())
            if (button->isVisibleTo(&lessons) && button->isEnabled())
                buttons << button;
        if (!buttons.isEmpty() && pick(4) == 0) // their runs take a while
            buttons[pick(static_cast<int>(buttons.size()))]->click();
    }

    void openData() {
        did_ = "open data";
        window_.open(folder_ + (pick(2) == 0 ? "/numbers.csv" : "/classes.csv"));
        QTest::qWait(20);
    }

    void turnControl() {
        QList<QWidget*> controls;
        for (auto* widget : window_.currentPage().findChildren<QWidget*>())
            if (widget->isVisible() && widget->isEnabled() && widget->focusPolicy() != Qt::NoFocus &&
                (qobject_cast<QComboBox*>(widget) != nullptr || widget->inherits("QAbstractSpinBox") ||
                 qobject_cast<QCheckBox*>(widget) != nullptr || widget->inherits("QAbstractSlider")))
                controls << widget;
        if (controls.isEmpty())
            return;
        auto* control = controls[pick(static_cast<int>(controls.size()))];
        did_ = "control " + control->objectName() + " " + control->accessibleName();
        constexpr Qt::Key kKeys[] = {Qt::Key_Up, Qt::Key_Down, Qt::Key_Space, Qt::Key_PageUp,
                                     Qt::Key_PageDown};
        const Qt::Key key = kKeys[pick(5)];
        if (!(key == Qt::Key_Space && qobject_cast<QComboBox*>(control) != nullptr)) // a popup
            QTest::keyClick(control, key);
    }

    ui::MainWindow& window_;
    ui::TrainingPage& page_;
    const QString folder_;
    std::mt19937 draw_;
    QTimer closer_;
    QString did_;
};

} // namespace

class MonkeyTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void runsStay_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= numberFrom("ZIPML_MONKEY_SEEDS", 1); ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void runsStay() {
        QFETCH(int, seed);
        QTemporaryDir folder;
        QFile numbers(folder.filePath("numbers.csv")), classes(folder.filePath("classes.csv"));
        QVERIFY(numbers.open(QIODevice::WriteOnly) && classes.open(QIODevice::WriteOnly));
        numbers.write("a,b,label\n");
        classes.write("a,b,label\n");
        std::mt19937 draw(7);
        for (int row = 0; row < 100; ++row) {
            const double a = std::uniform_real_distribution<double>(-1, 1)(draw);
            const double b = std::uniform_real_distribution<double>(-1, 1)(draw);
            numbers.write(QByteArray::number(a) + ',' + QByteArray::number(b) + ',' +
                          QByteArray::number(2 * a - b) + '\n');
            classes.write(QByteArray::number(a) + ',' + QByteArray::number(b) + ',' + (a > b ? "yes" : "no") +
                          '\n');
        }
        numbers.close();
        classes.close();
        ui::MainWindow window;
        window.show();
        Monkey monkey(window, folder.path(), static_cast<std::uint32_t>(seed));
        for (int action = 0; action < numberFrom("ZIPML_MONKEY_ACTIONS", 300); ++action)
            if (const QString wrong = monkey.act(); !wrong.isEmpty())
                QFAIL(qPrintable(QString("action %1: %2").arg(action).arg(wrong)));
        QVERIFY(!QApplication::activeModalWidget());
    }
};

QTEST_MAIN(MonkeyTest)
#include "monkey_test.moc"
