#include "tests/support/exported_model.h"

#include <QStandardPaths>

using namespace zipml;

namespace {

constexpr const char* kProgram = R"(#include "m.h"
#include <stdio.h>
int main(int argc, char **argv) {
    float x[ZIPML_FEATURES], out[3];
    int8_t codes[ZIPML_FEATURES];
    FILE *in = fopen(argv[argc - 2], "rb"), *to = fopen(argv[argc - 1], "wb");
    if (!in || !to)
        return 1;
    while (fread(x, sizeof x, 1, in) == 1) {
        out[0] = zipml_predict_float(x);
        out[1] = (float)zipml_quantize(x, codes);
        out[2] = zipml_predict_int8(codes);
        if (fwrite(out, sizeof out, 1, to) != 1)
            return 1;
    }
    fclose(in);
    return fclose(to);
}
)";

/// Without the integer part, which a model on unscaled features does not have.
QString floatOnly() {
    QString text(kProgram);
    text.replace("(float)zipml_quantize(x, codes)", "0.0f").replace("zipml_predict_int8(codes)", "0.0f");
    return text.remove("    int8_t codes[ZIPML_FEATURES];\n");
}

void write(const QString& file, const QString& text) {
    std::ofstream(file.toStdString()) << text.toStdString();
}

double statedError(const QString& header) {
    QFile file(header);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QString text = QString::fromUtf8(file.readAll());
    return text.section("#define ZIPML_INT8_ERROR ", 1).section('\n', 0, 0).toDouble();
}

} // namespace

class CHeaderTest : public QObject {
    Q_OBJECT
  private slots:
    void predictsTheSame_data() { test::addRealModels(); }
    void predictsTheSame() {
        QFETCH(QString, name);
        QFETCH(int, scaling);
        NEEDS_REAL_DATA(name.toStdString());
        const QTemporaryDir folder;
        const auto real = test::trainedOn(name.toStdString(), static_cast<ScalingKind>(scaling));
        QVERIFY(real.raw.rows >= 10'000);
        exportModel(real.model, modelFormat("c"), {}, folder.filePath("m.h").toStdString());
        const bool integer = real.model.scaling.kind != ScalingKind::None;
        write(folder.filePath("p.c"), integer ? QString(kProgram) : floatOnly());
        test::writeRows(real.raw, folder.filePath("rows"));
        const QStringList strict{"-Wall", "-Wextra", "-pedantic", "-Werror", "-O2"};
        int compilers = 0;
        for (const auto& [names, language] :
             {std::pair{QStringList{"gcc"}, QStringList{"-std=c99"}},
              std::pair{QStringList{"clang", "clang-14"}, QStringList{"-std=c99"}},
              std::pair{QStringList{"g++"}, QStringList{"-x", "c++", "-std=c++11"}}}) {
            QString compiler;
            for (const auto& candidate : names)
                if (compiler.isEmpty())
                    compiler = QStandardPaths::findExecutable(candidate);
            if (compiler.isEmpty())
                continue;
            ++compilers;
            const QString program = folder.filePath("program");
            QString error = test::run(
                compiler, strict + language + QStringList{folder.filePath("p.c"), "-o", program, "-lm"});
            QVERIFY2(error.isEmpty(), qPrintable(error));
            error = test::run(program, {folder.filePath("rows"), folder.filePath("out")});
            QVERIFY2(error.isEmpty(), qPrintable(error));
            compare(real, test::readNumbers<float>(folder.filePath("out")),
                    integer ? statedError(folder.filePath("m.h")) : 0, compiler);
        }
        QVERIFY2(compilers >= 2, "gcc and g++ built this test and should be found");
    }

    /// Centres that are no floats: at 1e6 a float is 0.06 wide, which is six of these features' ranges.
    void farFromZero() {
        constexpr std::size_t kFeatures = 3, kRows = 10'000;
        const QTemporaryDir folder;
        LinearModel model;
        model.parameters = {0.5, Eigen::Vector3d(1, -2, 0.25)};
        model.scaling = {ScalingKind::Standard, {1e6 + 0.03, -1e6 + 0.017, 3e5 + 0.001}, {1000, 1000, 500}};
        auto schema = std::make_shared<Schema>();
        schema->offsets = {1e6, -1e6, 3e5};
        model.schema = schema;
        exportModel(model, modelFormat("c"), {}, folder.filePath("m.h").toStdString());
        std::vector<double> rows, expected;
        for (std::size_t r = 0; r < kRows; ++r) {
            double score = model.parameters.intercept;
            for (std::size_t f = 0; f < kFeatures; ++f) {
                const double scaled = 7.9 * std::sin(static_cast<double>(r * (f + 1)) * 0.37);
                rows.push_back(model.scaling.offset[f] + scaled / model.scaling.factor[f]);
                score += model.parameters.weights[static_cast<Eigen::Index>(f)] *
                         (rows.back() - model.scaling.offset[f]) * model.scaling.factor[f];
            }
            expected.push_back(score);
        }
        std::ofstream(folder.filePath("rows").toStdString(), std::ios::binary)
            .write(reinterpret_cast<const char*>(rows.data()),
                   static_cast<std::streamsize>(rows.size() * sizeof(double)));
        write(folder.filePath("p.c"), QString(kProgram).replace("float x[ZIPML_FEATURES], out[3];",
                                                                "double x[ZIPML_FEATURES]; float out[3];"));
        for (const QStringList& step :
             {QStringList{"gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O2",
                          folder.filePath("p.c"), "-o", folder.filePath("program"), "-lm"},
              QStringList{folder.filePath("program"), folder.filePath("rows"), folder.filePath("out")}}) {
            const QString error = test::run(step.first(), step.mid(1));
            QVERIFY2(error.isEmpty(), qPrintable(error));
        }
        const auto out = test::readNumbers<float>(folder.filePath("out"));
        const double stated = statedError(folder.filePath("m.h"));
        QCOMPARE(out.size(), 3 * kRows);
        for (std::size_t r = 0; r < kRows; ++r) {
            QVERIFY(std::abs(out[3 * r] - expected[r]) <= 1e-5);
            QCOMPARE(out[3 * r + 1], 0.0); // none out of range
            QVERIFY(std::abs(out[3 * r + 2] - expected[r]) <= stated);
        }
    }

    void oddModelsCompile_data() {
        QTest::addColumn<int>("features");
        QTest::addColumn<double>("weight");
        QTest::newRow("one feature") << 1 << -0.25;
        QTest::newRow("all weights zero") << 3 << 0.0;
        QTest::newRow("more than 32 bits' worth of products") << 140'000 << 1.5;
    }
    void oddModelsCompile() {
        QFETCH(int, features);
        QFETCH(double, weight);
        const auto count = static_cast<std::size_t>(features);
        const QTemporaryDir folder;
        LinearModel model;
        model.parameters = {1e20, Eigen::VectorXd::Constant(features, weight)};
        model.scaling = {ScalingKind::MinMax, std::vector<double>(count), std::vector<double>(count, 1e-7)};
        model.task = Task::Classification;
        model.classLabels = {-1, 1e6};
        model.spec = {{"data", "ends a comment */ \n and a line \\"}};
        exportModel(model, modelFormat("c"), {2, {}}, folder.filePath("m.h").toStdString());
        write(folder.filePath("p.c"), QString(kProgram));
        const QString error = test::run("gcc", {"-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-c",
                                                folder.filePath("p.c"), "-o", folder.filePath("p.o")});
        QVERIFY2(error.isEmpty(), qPrintable(error));
    }

  private:
    static void compare(const test::RealModel& real, const std::vector<double>& out, double stated,
                        const QString& compiler) {
        QCOMPARE(out.size(), real.raw.rows * 3);
        std::vector<double> floats;
        std::size_t inRange = 0;
        double largest = 0;
        for (std::size_t r = 0; r < real.raw.rows; ++r) {
            floats.push_back(out[3 * r]);
            if (stated == 0 || out[3 * r + 1] > 0)
                continue;
            ++inRange;
            largest = std::max(largest, std::abs(out[3 * r + 2] - real.scores[r]));
        }
        const double difference = test::largestDifference(floats, real.scores);
        qInfo("%s: %zu rows, float differs by %.2g; int8: %zu rows in range, error %.3g of %.3g stated",
              qPrintable(compiler), real.raw.rows, difference, inRange, largest, stated);
        QVERIFY2(difference <= 1e-5, qPrintable(QString::number(difference)));
        if (stated > 0) {
            QVERIFY(inRange >= 10'000);
            QVERIFY2(largest <= stated, qPrintable(QString::number(largest)));
            QVERIFY(largest > stated / 1000); // the bound says something
        }
    }
};

QTEST_GUILESS_MAIN(CHeaderTest)
#include "c_header_test.moc"
