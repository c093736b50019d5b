#include "core/data/report.h"
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

class ReportTest : public QObject {
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
        const auto summary = reportOn(loaded);
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
        QCOMPARE(summary.labelColumn.name, "label");
        QCOMPARE(summary.columns[1].bits, 0); // constant
        QCOMPARE(summary.columns[2].bits, 4); // two values: (1 / 15)^2 / 6 <= 0.01 / 4 < (1 / 7)^2 / 6
        QVERIFY(std::ranges::any_of(
            summary.warnings, [](const auto& warning) { return warning.starts_with("'x2' is constant"); }));
    }

    void missingValuesStandAside() {
        test::DataFiles files;
        const auto file = files.write("data", "a,b,c,y\n1,,,0\n3,NA,0,1\n?,NA,5,1\n");
        const auto summary = reportOn(file);
        QCOMPARE(summary.missing, 2U); // b is empty and left out
        QCOMPARE(summary.columns[0].missing, 1U);
        QCOMPARE(summary.columns[0].mean, 2.0);
        QCOMPARE(summary.columns[0].deviation, 1.0);
        QCOMPARE(summary.columns[1].missing, 3U); // nothing is left to measure
        QCOMPARE(summary.columns[1].role, ColumnRole::Ignored);
        QVERIFY(summary.columns[1].minimum == 0 && summary.columns[1].maximum == 0);
        QVERIFY(!summary.columns[1].constant);
        QCOMPARE(summary.columns[2].maximum, 5.0);
        QCOMPARE(summary.labelColumn.name, "y");
        using Counts = std::vector<std::pair<std::string, std::size_t>>;
        QVERIFY((summary.labelCounts == Counts{{"0", 1}, {"1", 2}}));
        QVERIFY(!summary.task);
        QVERIFY(summary.whyNot.find(":2: column 3 ('c'): a value is missing") != std::string::npos);
        LoadOptions options;
        options.missing = "median";
        const auto filled = reportOn(file, options);
        QCOMPARE(filled.task, Task::Classification);
        QVERIFY(filled.whyNot.empty());
    }

    void whatMayHarmTraining() {
        test::DataFiles files;
        std::string text = "far,a,twin,line,key_id,y\n";
        for (int i = 0; i < 200; ++i) {
            const std::string a = std::to_string(i * 37 % 101) + "." + std::to_string(i % 10);
            text += (i == 77 ? std::string("1e6") : std::to_string(i % 13)) + "," + a + "," + a + "," +
                    std::to_string(2 * (i * 37 % 101)) + "." + std::to_string(i % 10 * 2 % 10) + "," +
                    std::to_string(1000 + 7 * i) + "," +
                    (i < 4        ? "rare"
                     : i % 2 == 0 ? "b"
                                  : "c") +
                    "\n";
        }
        const auto report = reportOn(files.write("data", text));
        const auto warned = [&](const char* part) {
            return std::ranges::any_of(report.warnings,
                                       [&](const auto& w) { return w.find(part) != std::string::npos; });
        };
        QVERIFY(warned("far values waste uniform levels: 'far' ('far' reaches 1e+06"));
        QVERIFY(warned("equal columns: 'twin' = 'a'"));
        QVERIFY(warned("'key_id' looks like an id"));
        QVERIFY(warned("the class 'rare' is rare (2% of the rows)"));
        QCOMPARE(report.firstRows.size(), 10U);
        QCOMPARE(report.task, Task::Classification);
    }

    void labelCountsEndAt100() {
        for (const std::size_t kinds : {1U, 2U, 3U, 100U, 101U}) {
            LoadedData loaded;
            std::vector<float> labels;
            for (std::size_t r = 0; r < 300; ++r)
                labels.push_back(static_cast<float>(r % kinds) - 1);
            loaded.data = withLabels(labels);
            const auto summary = reportOn(loaded);
            QCOMPARE(summary.labelCounts.size(), kinds <= 100 ? kinds : 0);
            if (kinds == 1)
                QVERIFY(!summary.task && summary.whyNot.find("nothing to learn") != std::string::npos);
            else
                QCOMPARE(summary.task, kinds == 2 ? Task::Classification : Task::Regression);
            QCOMPARE(summary.mayBeClasses(), kinds == 3 || kinds == 100);
            loaded.data.labels.front() += 0.5F;
            QVERIFY(!reportOn(loaded).mayBeClasses());
            loaded.hasLabels = false;
            QVERIFY(reportOn(loaded).labelCounts.empty());
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

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
