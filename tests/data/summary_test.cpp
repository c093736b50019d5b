#include "core/data/summary.h"
#include "tests/data/data_files.h"
#include "tests/support/random_data.h"

#include <algorithm>
#include <cmath>

using namespace zipml;

namespace {

Dataset withLabels(std::vector<float> labels) {
    Dataset data;
    data.name = "labels.csv";
    data.rows = labels.size();
    data.features = 1;
    data.values.assign(labels.size(), 1);
    data.labels = std::move(labels);
    return data;
}

QString errorOfTask(const std::vector<float>& labels, std::optional<Task> forced) {
    try {
        detectTask(withLabels(labels), forced);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

} // namespace

class SummaryTest : public QObject {
    Q_OBJECT

  private slots:
    void columnsAreMeasured() {
        LoadedData loaded;
        loaded.data = test::randomData(500, 6, 3);
        for (std::size_t r = 0; r < 500; ++r) {
            loaded.data.row(r)[1] = 0.1F;
            loaded.data.row(r)[2] = 1e7F + static_cast<float>(r % 2); // a large common part
            loaded.data.row(r)[3] = r % 4 == 0 ? 0 : loaded.data.row(r)[3];
        }
        const auto summary = summarize(loaded);
        QCOMPARE(summary.rows, 500U);
        QCOMPARE(summary.features, 6U);
        QCOMPARE(summary.columns.size(), 6U);
        for (std::size_t f = 0; f < 6; ++f) {
            std::vector<double> values;
            for (std::size_t r = 0; r < 500; ++r)
                values.push_back(loaded.data.row(r)[f]);
            double mean = 0;
            double squares = 0;
            for (const double value : values)
                mean += value / 500;
            for (const double value : values)
                squares += (value - mean) * (value - mean) / 500;
            const auto& column = summary.columns[f];
            QCOMPARE(column.name, "x" + std::to_string(f + 1));
            QCOMPARE(column.minimum, std::ranges::min(values));
            QCOMPARE(column.maximum, std::ranges::max(values));
            QVERIFY(std::abs(column.mean - mean) < 1e-9 * (1 + std::abs(mean)));
            QVERIFY(std::abs(column.deviation - std::sqrt(squares)) < 1e-7);
            QCOMPARE(column.constant, f == 1);
            QCOMPARE(column.missing, 0U);
        }
        QCOMPARE(summary.nonzeroShare, 1 - 125.0 / 3000);
        QVERIFY(summary.labelCounts.empty()); // 500 different labels
        QCOMPARE(summary.task, Task::Regression);
        QCOMPARE(summary.label.name, "label");
    }

    void missingValuesStandAside() {
        test::DataFiles files;
        LoadContext context;
        context.allowMissing = true;
        const auto summary = summarize(files.load("a,b,c,y\n1,,,0\n3,NA,0,1\n?,NA,5,1\n", {}, context));
        QCOMPARE(summary.missing, 5U);
        QCOMPARE(summary.columns[0].missing, 1U);
        QCOMPARE(summary.columns[0].mean, 2.0);
        QCOMPARE(summary.columns[0].deviation, 1.0);
        QCOMPARE(summary.columns[1].missing, 3U); // nothing is left to measure
        QVERIFY(summary.columns[1].minimum == 0 && summary.columns[1].maximum == 0);
        QVERIFY(!summary.columns[1].constant);
        QCOMPARE(summary.columns[2].maximum, 5.0);
        QCOMPARE(summary.nonzeroShare, 3.0 / 9);
        QCOMPARE(summary.label.name, "y");
        QVERIFY((summary.labelCounts == std::map<double, std::size_t>{{0, 1}, {1, 2}}));
        QCOMPARE(summary.task, Task::Classification);
    }

    void labelCountsEndAt32() {
        for (const std::size_t kinds : {1U, 2U, 3U, 32U, 33U}) {
            LoadedData loaded;
            std::vector<float> labels;
            for (std::size_t r = 0; r < 100; ++r)
                labels.push_back(static_cast<float>(r % kinds) - 1);
            loaded.data = withLabels(labels);
            const auto summary = summarize(loaded);
            QCOMPARE(summary.labelCounts.size(), kinds <= 32 ? kinds : 0);
            QCOMPARE(summary.task, kinds == 2 ? Task::Classification : Task::Regression);
            QCOMPARE(summary.mayBeClasses(), kinds == 3 || kinds == 32);
            loaded.data.labels.front() += 0.5F;
            QVERIFY(!summarize(loaded).mayBeClasses());
            loaded.hasLabels = false;
            QVERIFY(summarize(loaded).labelCounts.empty());
        }
    }

    void taskIsDetected() {
        QCOMPARE(detectTask(withLabels({1, -1, 1})), Task::Classification);
        QCOMPARE(detectTask(withLabels({1.5, 7, 7})), Task::Classification);
        QCOMPARE(detectTask(withLabels({1, 2, 3})), Task::Regression);
        QCOMPARE(detectTask(withLabels({0, 1, 1}), Task::Regression), Task::Regression);
        QCOMPARE(detectTask(withLabels({0, 1, 1}), Task::Classification), Task::Classification);
        for (const auto forced :
             {std::optional<Task>{}, std::optional{Task::Regression}, std::optional{Task::Classification}}) {
            const auto error = errorOfTask({4, 4, 4}, forced);
            QVERIFY2(error.startsWith("labels.csv: all labels are equal, so there is nothing to learn"),
                     qPrintable(error));
        }
        QVERIFY(errorOfTask({1.5F, 2, 3}, Task::Classification).contains("whole numbers"));
    }
};

QTEST_GUILESS_MAIN(SummaryTest)
#include "summary_test.moc"
