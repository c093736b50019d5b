// The experiment without a window: settings, what is wrong with them, their undo, and the runs that they start.

#include "ui/experiment/experiment_model.h"

#include "core/document/lesson.h"

#include <QAction>
#include <QtTest>

namespace zipml {

class ExperimentModelTest : public QObject {
    Q_OBJECT
  private slots:
    void settingsAreKeptAndTold() {
        ui::ExperimentModel experiment;
        QVERIFY(experiment.spec() == RunSpec{});
        QSignalSpy changed(&experiment, &ui::ExperimentModel::changed);
        RunSpec spec;
        spec.bits = 3;
        spec.name = "not a setting";
        experiment.setSpec(spec);
        QCOMPARE(experiment.spec().bits, 3);
        QVERIFY(experiment.spec().name.empty());
        DataSpec data;
        data.source = "synthetic:7x50";
        experiment.setData(data);
        QCOMPARE(experiment.spec().data.source, std::string("synthetic:7x50"));
        QCOMPARE(experiment.spec().bits, 3);
        experiment.chooseLoss(LossKind::Hinge);
        QVERIFY(whyNotWith(experiment.spec().estimator, LossKind::Hinge).empty());
        QCOMPARE(changed.size(), 3);
    }

    // What a view cannot read is an error of whoever asks for the settings; data and loss are known all the same.
    void whatIsWrongIsSaidToWhoAsks() {
        ui::ExperimentModel experiment;
        RunSpec draft;
        draft.data.source = "a.csv";
        draft.loss = LossKind::Hinge;
        experiment.edit(draft, "step: 'x' is no number", nullptr);
        QVERIFY_THROWS_EXCEPTION(InputError, (void)experiment.spec());
        QVERIFY_THROWS_EXCEPTION(InputError, experiment.start());
        QCOMPARE(experiment.data().source, std::string("a.csv"));
        QCOMPARE(experiment.loss(), LossKind::Hinge);
        draft = {};
        draft.sgd.epochs = -1; // understood, but not valid
        experiment.edit(draft, {}, nullptr);
        QVERIFY_THROWS_EXCEPTION(InputError, (void)experiment.spec());
        QVERIFY(experiment.history().settings() == RunSpec{}); // the last that were right
        QCOMPARE(experiment.runs().size(), 0);
    }

    void changesAreUndone() {
        ui::ExperimentModel experiment;
        auto& history = experiment.history();
        const auto setBits = [&](int bits) {
            RunSpec spec = experiment.spec();
            spec.bits = bits;
            experiment.edit(spec, {}, nullptr);
            QCOMPARE(history.settings().bits, bits);
        };
        setBits(2);
        setBits(5);
        QCOMPARE(history.undoAction()->text(), QString("Undo Bits"));
        history.undoAction()->trigger();
        QCOMPARE(experiment.spec().bits, 2);
        history.redoAction()->trigger();
        QCOMPARE(experiment.spec().bits, 5);
        history.undoAction()->trigger();
        history.undoAction()->trigger();
        QVERIFY(experiment.spec() == RunSpec{});
        QVERIFY(!history.undoAction()->isEnabled());
    }

    // A lesson's button replaces what it started itself; one's own runs stay, and wait without ticks.
    void lessonsKeepTheirRunsApart() {
        ui::ExperimentModel experiment;
        RunSpec spec;
        spec.data.source = "synthetic:5x100";
        spec.sgd.epochs = 1;
        experiment.startAll({spec});
        LessonAction action;
        spec.bits = 2;
        action.runs = {spec, spec};
        QSignalSpy look(&experiment, &ui::ExperimentModel::lookWanted);
        const ui::RunOrigin button{"Lesson 1", "1/1"};
        ui::RunList& runs = experiment.runs();
        experiment.show(action, button);
        QCOMPARE(runs.size(), 3);
        QVERIFY(!runs.at(0).visible && runs.at(1).visible && runs.at(2).visible);
        QVERIFY(runs.at(0).origin == ui::RunOrigin{} && runs.at(1).origin == button);
        QCOMPARE(experiment.spec().bits, 2);
        QCOMPARE(look.size(), 1);
        experiment.show({}, button); // a lesson without runs changes nothing
        QCOMPARE(runs.size(), 3);
        const QList<int> first = runs.ids();
        experiment.show(action, button);
        QCOMPARE(runs.size(), 3);
        QCOMPARE(runs.at(0).id, first[0]);
        QVERIFY(!first.contains(runs.at(1).id));
        runs.showOnly([](const ui::RunOrigin& origin) { return origin.group.isEmpty(); });
        QVERIFY(runs.at(0).visible && !runs.at(1).visible && !runs.at(2).visible);
        experiment.history().undoAction()->trigger(); // the second time, then the first
        QCOMPARE(runs.ids(), first);
        experiment.history().undoAction()->trigger();
        QCOMPARE(runs.ids(), first.mid(0, 1));
        QVERIFY(runs.at(0).visible);
        QVERIFY(experiment.spec() == RunSpec{});
        QVERIFY(!experiment.history().undoAction()->isEnabled());
        QVERIFY(QTest::qWaitFor([&] { return !experiment.runs().anyActive(); }, 60'000));
    }
};

} // namespace zipml

QTEST_MAIN(zipml::ExperimentModelTest)
#include "experiment_model_test.moc"
