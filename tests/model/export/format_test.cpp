#include "tests/support/exported_model.h"

#include <limits>

using namespace zipml;

namespace {

LinearModel smallModel() {
    LinearModel model;
    model.parameters = {0.1, Eigen::VectorXd::LinSpaced(3, -1.0 / 3, 2)};
    model.scaling = {ScalingKind::Standard, {1, 2, 1e-9}, {0.1, 7, 3}};
    model.task = Task::Classification;
    model.classLabels = {0, 4};
    model.featureNames = {"a", "b \"quoted\"", "ü"};
    model.spec = toJson(RunSpec{});
    return model;
}

} // namespace

class FormatTest : public QObject {
    Q_OBJECT
  private slots:
    void jsonRoundTrip() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.json").toStdString();
        const LinearModel model = smallModel();
        const auto bytes = exportModel(model, modelFormatOf(file), {}, file);
        QCOMPARE(bytes, std::filesystem::file_size(file));
        QVERIFY(toJson(readModel(file)) == toJson(model));
    }

    void jsonFollowsItsSchema() {
        NEEDS_PYTHON_ENVIRONMENT();
        const QTemporaryDir folder;
        LinearModel regression = smallModel();
        regression.task = Task::Regression;
        regression.classLabels.clear();
        regression.featureNames.clear();
        for (const auto& model : {smallModel(), regression}) {
            exportModel(model, modelFormat("json"), {}, folder.filePath("m.json").toStdString());
            const QString error =
                test::run(qEnvironmentVariable("ZIPML_VENV") + "/bin/python",
                          {"-c",
                           "import json, sys, jsonschema\n"
                           "schema, model = (json.load(open(f)) for f in sys.argv[1:])\n"
                           "jsonschema.Draft202012Validator.check_schema(schema)\n"
                           "jsonschema.validate(model, schema)",
                           QString::fromStdString(
                               (test::sourceFolder() / "resources/schema/model.schema.json").string()),
                           folder.filePath("m.json")});
            QVERIFY2(error.isEmpty(), qPrintable(error));
        }
    }

    void everyFormatIsFoundByNameAndEnding() {
        for (const auto& format : modelFormats()) {
            QCOMPARE(modelFormat(format.name).name, format.name);
            QCOMPARE(modelFormatOf("some/model." + std::string(format.extension)).name, format.name);
        }
        QVERIFY_EXCEPTION_THROWN(modelFormat("pickle"), InputError);
        QVERIFY_EXCEPTION_THROWN(modelFormatOf("model.pickle"), InputError);
    }

    // What float32 would make infinite, or nothing: refused with the reason, and no file is left.
    void numbersThatTheFormatCannotHoldAreRefused_data() {
        QTest::addColumn<double>("weight");
        QTest::addColumn<double>("intercept");
        QTest::addColumn<QString>("said");
        QTest::newRow("weight") << 1e39 << 0.0 << "the weight of feature 2 is 7e+39, beyond float32";
        QTest::newRow("negative") << -1e39 << 0.0 << "the weight of feature 2 is -7e+39, beyond float32";
        QTest::newRow("nothing") << 1e-48 << 0.0 << "the weight of feature 2 is 7e-48, too small for float32";
        QTest::newRow("intercept") << 1.0 << 1e40 << "the intercept of raw values is 1e+40, beyond float32";
        QTest::newRow("largest that is") << 4e37 << 0.0 << "";
    }
    void numbersThatTheFormatCannotHoldAreRefused() {
        QFETCH(const double, weight);
        QFETCH(const double, intercept);
        QFETCH(const QString, said);
        const QTemporaryDir folder;
        LinearModel model = smallModel();
        model.parameters.weights.setZero();
        model.parameters.weights[1] = weight;
        model.parameters.intercept = intercept;
        model.scaling.offset = {0, 0, 0};
        for (const auto& format : modelFormats()) {
            const QString file = folder.filePath("m." + QString::fromUtf8(format.extension.data()));
            QString failure;
            try {
                exportModel(model, format, {}, file.toStdString());
            } catch (const InputError& error) {
                failure = error.what();
            }
            const bool refused = !said.isEmpty() && !format.doubles;
            QVERIFY2(refused ? failure.contains(said) && failure.startsWith("to: ") : failure.isEmpty(),
                     qPrintable(failure));
            QCOMPARE(QFileInfo::exists(file), !refused);
        }
    }

    void whatCannotBeIsRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("m").toStdString();
        const LinearModel model = smallModel();
        const GridSpec optimal{GridKind::Optimal, 1024};
        const std::tuple<const char*, ExportOptions> refused[] = {
            {"json", {8, {}}},       {"liblinear", {8, {}}},  {"onnx", {0, {}}},
            {"onnx", {9, {}}},       {"c", {1, {}}},          {"c", {4, optimal}},
            {"onnx", {32, optimal}}, {"onnx", {8, {}, true}}, {"onnx", {32, {}, true}},
            {"c", {4, {}, true}},    {"qonnx", {9, {}}},      {"qonnx", {4, optimal}},
        };
        for (const auto& [name, options] : refused)
            QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat(name), options, file), InputError);
        LinearModel diverged = model;
        diverged.parameters.weights[1] = std::numeric_limits<double>::quiet_NaN();
        for (const auto& format : modelFormats())
            QVERIFY_EXCEPTION_THROWN(exportModel(diverged, format, {}, file), InputError);
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("json"), {}, "/no/such/folder/m.json"),
                                 InputError);
        QVERIFY(!std::filesystem::exists(file));
    }
};

QTEST_GUILESS_MAIN(FormatTest)
#include "format_test.moc"
