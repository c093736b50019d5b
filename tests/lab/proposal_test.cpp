/// What is proposed for a file, from what is in it.

#include "core/lab/proposal.h"

#include <QtTest>

#include <QTemporaryDir>

#include <cmath>
#include <fstream>
#include <functional>

using namespace zipml;

namespace {

bool changes(const Proposal& proposal, std::string_view key) {
    return std::ranges::any_of(proposal.changes, [&](const auto& change) { return change.key == key; });
}

} // namespace

class ProposalTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    /// A table of 200 rows and 6 columns. @param zeros of 10 cells
    DataReport report(const std::function<std::string(int)>& label, int zeros = 0) {
        const QString file = folder_.filePath("data.csv");
        std::ofstream out(file.toStdString());
        out << "a,b,c,d,e,y\n";
        for (int row = 0; row < 200; ++row) {
            for (int column = 0; column < 5; ++column)
                out << ((row * 7 + column * 3) % 10 < zeros ? 0.0 : 1.5 + std::sin(row * 5 + column)) << ',';
            out << label(row) << '\n';
        }
        out.close();
        return reportOn(file.toStdString());
    }

  private slots:
    void tenDigitsAreClasses() {
        const auto proposal = proposalFor(report([](int row) { return std::to_string(row % 10); }), {});
        QVERIFY(proposal.spec.data.task == Task::Classification);
        QCOMPARE(proposal.spec.loss, LossKind::Logistic);
        QCOMPARE(proposal.spec.data.split, 0.8);
        QCOMPARE(proposal.spec.data.labelScaling, LabelScalingKind::None);
        QVERIFY(changes(proposal, "task") && changes(proposal, "loss") && changes(proposal, "split"));
        validate(proposal.spec);
    }

    void twoLabelsAreLogistic() {
        const auto proposal = proposalFor(report([](int row) { return row % 3 == 0 ? "yes" : "no"; }), {});
        QVERIFY(!proposal.spec.data.task); // as found
        QCOMPARE(proposal.spec.loss, LossKind::Logistic);
        QVERIFY(!changes(proposal, "scaling"));
    }

    // 3, 4, ... 8, as grades of wine: numbers, and so are labels with few rows.
    void otherWholeNumbersAreNumbers() {
        for (const auto& label : {std::function([](int row) { return std::to_string(3 + row % 6); }),
                                  std::function([](int row) { return std::to_string(row % 50); })}) {
            const auto proposal = proposalFor(report(label), {});
            QVERIFY(!proposal.spec.data.task);
            QCOMPARE(proposal.spec.loss, LossKind::LeastSquares);
        }
    }

    void labelsFarFromOneAreScaled() {
        const auto prices = [](int row) { return std::to_string(150'000.5 + 1000 * (row % 70)); };
        QCOMPARE(proposalFor(report(prices), {}).spec.data.labelScaling, LabelScalingKind::Standard);
        const auto near = [](int row) { return std::to_string(std::sin(row)); };
        QCOMPARE(proposalFor(report(near), {}).spec.data.labelScaling, LabelScalingKind::None);
    }

    void mostlyZerosKeepTheirZeros() {
        const auto label = [](int row) { return std::to_string(std::sin(row)); };
        QCOMPARE(proposalFor(report(label, 8), {}).spec.data.scaling, ScalingKind::MaxAbs);
        QCOMPARE(proposalFor(report(label, 2), {}).spec.data.scaling, ScalingKind::Standard);
    }

    // What a person chose stays; what an earlier proposal chose does not.
    void choicesAreKept() {
        const auto digits = report([](int row) { return std::to_string(row % 10); });
        RunSpec chosen;
        chosen.loss = LossKind::SquaredHinge;
        chosen.data.split = 0.6;
        chosen.data.scaling = ScalingKind::MinMax;
        RunSpec kept = proposalFor(digits, chosen).spec;
        QCOMPARE(kept.loss, LossKind::SquaredHinge);
        QCOMPARE(kept.data.split, 0.6);
        QCOMPARE(kept.data.scaling, ScalingKind::MinMax);
        const auto numbers = report([](int row) { return std::to_string(std::sin(row)); });
        RunSpec proposed;
        proposed.loss = LossKind::Logistic;
        // Taken back by the person, it is as in the beginning and no choice.
        QCOMPARE(proposalFor(digits, {}, proposed).spec.loss, LossKind::Logistic);
        const auto next = proposalFor(numbers, proposed, proposed);
        QCOMPARE(next.spec.loss, LossKind::LeastSquares);
        QVERIFY(changes(next, "loss"));
    }

    void anEstimatorGoesWithTheLoss() {
        RunSpec corrected;
        corrected.estimator = EstimatorKind::Corrected; // not for the logistic loss
        const auto proposal = proposalFor(report([](int row) { return std::to_string(row % 2); }), corrected);
        QCOMPARE(proposal.spec.estimator, EstimatorKind::Double);
        QVERIFY(changes(proposal, "estimator"));
    }
};

QTEST_GUILESS_MAIN(ProposalTest)
#include "proposal_test.moc"
