#include "core/model/export/integer_model.h"
#include "tests/support/exported_model.h"

#include <QStandardPaths>

using namespace zipml;

namespace {

constexpr const char* kPrediction = R"(#include "m.h"
int predict_row(const zipml_input *x, int64_t *score);
int predict_row(const zipml_input *x, int64_t *score) { return zipml_predict_integer(x, score); }
)";

/// Reads doubles, writes for each row its scores and how many values were out of range, as 64-bit integers.
constexpr const char* kProgram = R"(#include "m.h"
#include <math.h>
#include <stdio.h>
#ifdef __cplusplus
extern "C"
#endif
int predict_row(const zipml_input *x, int64_t *score);
int main(int argc, char **argv) {
    double x[ZIPML_FEATURES];
    zipml_input inputs[ZIPML_FEATURES];
    int64_t out[ZIPML_SCORES + 1];
    FILE *in = fopen(argv[argc - 2], "rb"), *to = fopen(argv[argc - 1], "wb");
    if (!in || !to)
        return 1;
    while (fread(x, sizeof x, 1, in) == 1) {
        int f;
        for (f = 0; f < ZIPML_FEATURES; ++f)
            inputs[f] = (zipml_input)llround(ldexp(x[f], zipml_input_bits[f]));
        out[ZIPML_SCORES] = predict_row(inputs, out);
        if (fwrite(out, sizeof out, 1, to) != 1)
            return 1;
    }
    fclose(in);
    return fclose(to);
}
)";

void write(const QString& file, const QString& text) {
    std::ofstream(file.toStdString()) << text.toStdString();
}

std::int64_t defined(const QString& header, const QString& name) {
    QFile file(header);
    if (!file.open(QIODevice::ReadOnly))
        return INT64_MIN;
    QString value = QString::fromUtf8(file.readAll()).section("#define " + name + " ", 1).section('\n', 0, 0);
    return value.remove("INT64_C").remove('(').remove(')').toLongLong();
}

/// Rows as the file has them: doubles.
std::vector<double> exactRows(const Dataset& data) {
    std::vector<double> rows;
    for (std::size_t r = 0; r < data.rows; ++r)
        for (std::size_t f = 0; f < data.features; ++f)
            rows.push_back(double{data.row(r)[f]} + data.offset(f));
    return rows;
}

std::span<const LinearParameters> scoreParameters(const LinearModel& model) {
    return model.perClass.empty() ? std::span(&model.parameters, 1) : std::span(model.perClass);
}

/// The model's own scores, without float32.
std::vector<long double> exactScores(const LinearModel& model, const std::vector<double>& rows) {
    const std::size_t features = model.scaling.offset.size();
    std::vector<long double> scores;
    for (std::size_t at = 0; at < rows.size(); at += features)
        for (const LinearParameters& one : scoreParameters(model)) {
            long double score = one.intercept;
            for (std::size_t f = 0; f < features; ++f)
                score += static_cast<long double>(one.weights[static_cast<Eigen::Index>(f)]) *
                         (static_cast<long double>(rows[at + f]) - model.scaling.offset[f]) *
                         model.scaling.factor[f];
            scores.push_back(score);
        }
    return scores;
}

LinearModel someModel(std::size_t features, double offset, std::size_t classes) {
    LinearModel model;
    const auto weights = [&](double phase) {
        Eigen::VectorXd values(static_cast<Eigen::Index>(features));
        for (Eigen::Index f = 0; f < values.size(); ++f)
            values[f] = std::sin(phase + 1.7 * static_cast<double>(f));
        return LinearParameters{phase, values};
    };
    model.scaling.kind = ScalingKind::Standard;
    for (std::size_t f = 0; f < features; ++f) {
        model.scaling.offset.push_back(offset * (f % 2 == 0 ? 1 : -1));
        model.scaling.factor.push_back(std::pow(10.0, static_cast<double>(f % 7) - 3));
    }
    if (classes > 0) {
        model.task = Task::Classification;
        for (std::size_t c = 0; c < classes; ++c)
            model.classLabels.push_back(static_cast<double>(c) - 1);
    }
    model.parameters = weights(0.3);
    for (std::size_t c = 0; classes > 2 && c < classes; ++c)
        model.perClass.push_back(weights(static_cast<double>(c)));
    return model;
}

} // namespace

class CIntegerTest : public QObject {
    Q_OBJECT
  private slots:
    void realModelsAreWithinTheBound_data() { test::addRealModels(false); }
    void realModelsAreWithinTheBound() {
        QFETCH(QString, name);
        QFETCH(int, scaling);
        NEEDS_REAL_DATA(name.toStdString());
        if (static_cast<ScalingKind>(scaling) == ScalingKind::None)
            return; // refused, below
        const auto real = test::trainedOn(name.toStdString(), static_cast<ScalingKind>(scaling));
        QVERIFY(real.raw.rows >= 10'000);
        for (const int bits : {ExportOptions::kFloat, 8})
            compare(real.model, exactRows(real.raw), bits);
    }

    void madeModelsAreWithinTheBound_data() {
        QTest::addColumn<double>("offset");
        QTest::addColumn<int>("classes");
        for (const double offset : {0.0, 1e6, 1e12})
            for (const int classes : {0, 2, 10})
                QTest::addRow("offset %g, %d classes", offset, classes) << offset << classes;
    }
    void madeModelsAreWithinTheBound() {
        QFETCH(double, offset);
        QFETCH(int, classes);
        const LinearModel model = someModel(13, offset, static_cast<std::size_t>(classes));
        std::vector<double> rows;
        for (int r = 0; r < 10'000; ++r)
            for (std::size_t f = 0; f < 13; ++f)
                rows.push_back(model.scaling.offset[f] +
                               8 * std::sin(r * (1.1 + 0.37 * static_cast<double>(f))) /
                                   model.scaling.factor[f]);
        compare(model, rows, ExportOptions::kFloat);
    }

    /// What is clamped is said, whatever the number, and nothing overflows.
    void extremesAreClamped() {
        const LinearModel model = someModel(3, 0, 0);
        const auto whole = exported::integerModel(model, 16);
        const std::int64_t reach = exported::IntegerModel::kReach;
        std::vector<std::int64_t> most, beyond;
        for (const auto zero : whole.zero) {
            most.push_back(zero + reach);
            beyond.push_back(INT32_MAX);
        }
        QCOMPARE(whole.scoresOf(most), whole.scoresOf(beyond));
    }

    void oddModels_data() {
        QTest::addColumn<int>("features");
        QTest::addColumn<double>("weight");
        QTest::addColumn<double>("intercept");
        QTest::newRow("one feature") << 1 << -0.25 << 0.0;
        QTest::newRow("all weights zero") << 3 << 0.0 << 2.5;
        QTest::newRow("all is zero") << 3 << 0.0 << 0.0;
        QTest::newRow("a large intercept") << 3 << 1e-6 << 1e20;
        QTest::newRow("tiny weights") << 3 << 1e-200 << 0.0;
        QTest::newRow("many features") << 140'000 << 1.5 << 1.0;
    }
    void oddModels() {
        QFETCH(int, features);
        QFETCH(double, weight);
        QFETCH(double, intercept);
        const auto count = static_cast<std::size_t>(features);
        LinearModel model;
        model.parameters = {intercept, Eigen::VectorXd::Constant(features, weight)};
        model.scaling = {ScalingKind::MinMax, std::vector<double>(count, 0.5), std::vector<double>(count, 2)};
        model.spec = {{"data", "ends a comment */ \n and /* a line \\"}};
        std::vector<double> rows;
        for (int r = 0; r < 5; ++r)
            for (int f = 0; f < features; ++f)
                rows.push_back(0.25 * r);
        compare(model, rows, ExportOptions::kFloat, false);
    }

    void saysWhatItCannotHold() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.h").toStdString();
        LinearModel model = someModel(3, 0, 0);
        for (const char* name : {"c-integer", "systemverilog"}) {
            for (const ScalingKind kind : {ScalingKind::None, ScalingKind::RowUnit}) {
                model.scaling.kind = kind;
                QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat(name), {}, file), InputError);
            }
            model.scaling.kind = ScalingKind::Standard;
            QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat(name), {1, {}}, file), InputError);
        }
        QVERIFY(!std::filesystem::exists(file));
    }

  private:
    /// Compiles without floating point, by each compiler, and holds all rows against the model.
    static void compare(const LinearModel& model, const std::vector<double>& rows, int bits,
                        bool tells = true) {
        const QTemporaryDir folder;
        const QString header = folder.filePath("m.h");
        exportModel(model, modelFormat("c-integer"), {bits, {}}, header.toStdString());
        write(folder.filePath("f.c"), kPrediction);
        write(folder.filePath("p.c"), kProgram);
        std::ofstream(folder.filePath("rows").toStdString(), std::ios::binary)
            .write(reinterpret_cast<const char*>(rows.data()),
                   static_cast<std::streamsize>(rows.size() * sizeof(double)));
        const auto expected = exactScores(model, rows);
        const int scoreBits = static_cast<int>(defined(header, "ZIPML_SCORE_BITS"));
        const auto bound = defined(header, "ZIPML_SCORE_ERROR");
        QVERIFY(bound > 0);
        int compilers = 0;
        for (const QStringList& names : {QStringList{"gcc"}, QStringList{"clang", "clang-14"}}) {
            QString compiler;
            for (const auto& candidate : names)
                if (compiler.isEmpty())
                    compiler = QStandardPaths::findExecutable(candidate);
            if (compiler.isEmpty())
                continue;
            ++compilers;
            const QStringList strict{"-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2"};
            for (const QStringList& step :
                 {strict + QStringList{"-mgeneral-regs-only", "-c", folder.filePath("f.c"), "-o",
                                       folder.filePath("f.o")},
                  strict + QStringList{folder.filePath("p.c"), folder.filePath("f.o"), "-o",
                                       folder.filePath("program"), "-lm"}}) {
                const QString error = test::run(compiler, step);
                QVERIFY2(error.isEmpty(), qPrintable(error));
            }
            const QString error =
                test::run(folder.filePath("program"), {folder.filePath("rows"), folder.filePath("out")});
            QVERIFY2(error.isEmpty(), qPrintable(error));
            check(folder.filePath("out"), expected, scoreParameters(model).size(), scoreBits, bound,
                  tells ? compiler : QString());
        }
        QVERIFY2(compilers >= 1, "gcc built this test and should be found");
    }

    static void check(const QString& file, const std::vector<long double>& expected, std::size_t scores,
                      int scoreBits, std::int64_t bound, const QString& compiler) {
        std::ifstream in(file.toStdString(), std::ios::binary);
        std::vector<std::int64_t> out(expected.size() / scores * (scores + 1));
        in.read(reinterpret_cast<char*>(out.data()),
                static_cast<std::streamsize>(out.size() * sizeof(std::int64_t)));
        QVERIFY(in.good());
        long double largest = 0;
        std::size_t inRange = 0;
        for (std::size_t r = 0; r < expected.size() / scores; ++r) {
            const auto* row = &out[r * (scores + 1)];
            if (row[scores] != 0)
                continue;
            ++inRange;
            for (std::size_t k = 0; k < scores; ++k)
                largest = std::max(largest, std::abs(static_cast<long double>(row[k]) -
                                                     std::ldexp(expected[r * scores + k], scoreBits)));
        }
        QVERIFY2(largest <= static_cast<long double>(bound),
                 qPrintable(QString("%1 of %2").arg(static_cast<double>(largest)).arg(bound)));
        QVERIFY(inRange > 0);
        if (compiler.isEmpty())
            return;
        qInfo("%s: %zu rows in range, largest error %.3g of %lld stated (units of 2^-%d)",
              qPrintable(compiler), inRange, static_cast<double>(largest), static_cast<long long>(bound),
              scoreBits);
        QVERIFY(inRange >= 9'900);
        QVERIFY(largest > static_cast<long double>(bound) / 1000); // the bound says something
    }
};

QTEST_GUILESS_MAIN(CIntegerTest)
#include "c_integer_test.moc"
