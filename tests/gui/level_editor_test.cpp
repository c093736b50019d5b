// Levels that a person moves, adds and removes: they stay in order, and every step can be undone.

#include "core/base/random.h"
#include "ui/quantizer/level_editor.h"

#include <QtTest>

#include <algorithm>

using namespace zipml;

class LevelEditorTest : public QObject {
    Q_OBJECT
  private slots:
    void randomEditsKeepOrderAndEndsAndCanBeUndone() {
        const std::vector<double> base{-1, 0, 0.5, 2, 7};
        const RandomStream stream(1, Purpose::Synthetic);
        ui::LevelEditor editor;
        editor.setBase(base);
        std::vector<std::vector<double>> states{base};
        for (std::uint32_t i = 0; i < 2000 && states.size() < 900; ++i) {
            const auto index =
                static_cast<std::size_t>(stream.uniform(i, 0) * static_cast<double>(editor.levels().size()));
            const double place = -3 + 12 * stream.uniform(i, 1);
            const double what = stream.uniform(i, 2);
            if (what < 0.4)
                editor.move(index, place);
            else if (what < 0.6)
                editor.remove(index);
            else if (what < 0.98)
                editor.insert(place);
            else
                editor.reset();
            const auto& now = editor.levels();
            QVERIFY(std::ranges::is_sorted(now));
            QVERIFY(std::ranges::adjacent_find(now) == now.end());
            QCOMPARE(now.front(), -1.0);
            QCOMPARE(now.back(), 7.0);
            QVERIFY(now.size() <= ui::LevelEditor::kMost);
            if (now != states.back())
                states.push_back(now);
        }
        QVERIFY(states.size() > 500);
        for (std::size_t i = states.size() - 1; i > 0; --i) {
            QVERIFY(editor.levels() == states[i]);
            editor.undo();
        }
        QVERIFY(editor.levels() == base && !editor.canUndo() && !editor.edited());
        for (const auto& state : states) {
            QVERIFY(editor.levels() == state);
            editor.redo();
        }
        QVERIFY(!editor.canRedo());
    }

    void aDragIsOneStep() {
        ui::LevelEditor editor;
        editor.setBase({0, 1, 2});
        editor.beginDrag();
        for (int i = 0; i < 10; ++i)
            editor.move(1, 1 + i / 20.0);
        editor.endDrag();
        QCOMPARE(editor.levels()[1], 1.45);
        editor.undo();
        QCOMPARE(editor.levels()[1], 1.0);
        QVERIFY(!editor.canUndo());
        editor.move(1, 1.5); // a new step forgets what was undone
        QVERIFY(!editor.canRedo());
        editor.beginDrag();
        editor.endDrag(); // nothing moved: no step
        editor.undo();
        QVERIFY(!editor.edited());
    }

    void whatCannotBeDoneIsNotDone() {
        ui::LevelEditor editor;
        editor.setBase({0, 1, 2});
        QVERIFY(!editor.insert(1));
        QVERIFY(!editor.insert(-1));
        QVERIFY(!editor.insert(2.5));
        editor.remove(0);
        editor.move(2, 9);
        QVERIFY(!editor.edited() && !editor.canUndo());
        QCOMPARE(editor.insert(1.5).value(), 2UL);
    }
};

QTEST_APPLESS_MAIN(LevelEditorTest)
#include "level_editor_test.moc"
