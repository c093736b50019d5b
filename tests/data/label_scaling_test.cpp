#include "core/data/label_scaling.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace zipml;

class LabelScalingTest : public QObject {
    Q_OBJECT
  private slots:
    void labelsGetTheirRange() {
        const std::vector<float> labels{3, -1, 7, 2.5F, 0};
        const auto scaled = [&](LabelScalingKind kind) {
            auto result = labels;
            fitLabelScaling(labels, kind).apply(result);
            return result;
        };
        QCOMPARE(scaled(LabelScalingKind::None), labels);
        QCOMPARE(std::ranges::min(scaled(LabelScalingKind::Unit)), 0.0F);
        QCOMPARE(std::ranges::max(scaled(LabelScalingKind::Unit)), 1.0F);
        QCOMPARE(std::ranges::min(scaled(LabelScalingKind::Symmetric)), -1.0F);
        QCOMPARE(std::ranges::max(scaled(LabelScalingKind::Symmetric)), 1.0F);
        double sum = 0, squares = 0;
        for (const float label : scaled(LabelScalingKind::Standard)) {
            sum += label;
            squares += label * label;
        }
        QVERIFY(std::abs(sum) < 1e-6 && std::abs(squares / 5 - 1) < 1e-6);
    }

    void aLargeCommonPartDoesNotCancel() {
        std::vector<float> labels{1e6F, 1e6F + 1, 1e6F + 2, 1e6F + 3};
        fitLabelScaling(labels, LabelScalingKind::Standard).apply(labels);
        double squares = 0;
        for (const float label : labels)
            squares += label * label;
        QVERIFY(std::abs(squares / 4 - 1) < 1e-5);
    }
};

QTEST_APPLESS_MAIN(LabelScalingTest)
#include "label_scaling_test.moc"
