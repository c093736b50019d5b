#include "core/lab/run_spec.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <nlohmann/json.hpp>

using namespace zipml;
using nlohmann::json;

namespace {

std::string messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

/// Every setting away from its default.
RunSpec unusual() {
    RunSpec spec;
    spec.name = "it's \"odd\"";
    spec.data.source = "folder with space/cadata";
    spec.data.split = 0.75;
    LoadOptions& load = spec.data.load;
    load.format = "csv";
    load.delimiter = "semicolon";
    load.decimal = "comma";
    load.header = "no";
    load.encoding = "latin1";
    load.skipLines = 3;
    load.labelColumn = "price";
    load.features = "a,\"b, c\"";
    load.ignore = "id";
    load.weight = "n";
    load.categorical = "zip";
    load.categories = 7;
    load.times = "seconds";
    load.missing = "constant:-1";
    load.missingMarks = "-9,x";
    load.indexBase = "0";
    load.width = 12;
    load.labels = "labels.txt";
    load.matrix = "/X";
    load.upright = true;
    spec.data.task = Task::Regression;
    spec.data.scaling = ScalingKind::MaxAbs;
    spec.estimator = EstimatorKind::Naive;
    spec.bits = 7;
    spec.intercept = false;
    spec.sgd = {128, 9, 0.1, parseSchedule("list:1,0.3"), RowOrder::File, RoundingTime::Epoch, 0.25, 4};
    spec.grid = parseGrid("candidates:99");
    spec.sharedGrid = true;
    spec.copies = 5;
    spec.modelBits = 6;
    spec.gradientBits = 7;
    spec.vectorScale = VectorScale::Largest;
    spec.regularizer = parseRegularizer("elastic:0.1,0.25");
    spec.seed = 18'000'000'000'000'000'000ULL;
    spec.threads = 2;
    spec.biasDraws = 5;
    spec.biasRows = 77;
    return spec;
}

} // namespace

class RunSpecTest : public QObject {
    Q_OBJECT
  private slots:
    void jsonRoundTrips() {
        for (const RunSpec& spec : {RunSpec{}, unusual()})
            QVERIFY(specFromJson(json::parse(toJson(spec).dump())) == spec);
    }

    void everyKeyIsWrittenAndHasHelp() {
        const json written = toJson(RunSpec{});
        for (const auto& key : specKeys()) {
            QVERIFY(written.contains(std::string(key.name)));
            QVERIFY(!key.help.empty());
        }
        QCOMPARE(written.size(), specKeys().size() + 1); // and the version
    }

    void fileRoundTrips() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "spec.json";
        writeSpec(unusual(), file);
        QVERIFY(readSpec(file) == unusual());
    }

    void absentKeysKeepTheBase() {
        const auto spec = specFromJson(json{{"bits", 5}}, unusual());
        auto expected = unusual();
        expected.bits = 5;
        QVERIFY(spec == expected);
    }

    void errorsNameTheKeyAndWhatWouldBeRight_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << text << expected;
        };
        row(R"({"bitz": 3})", "'bitz' is not a setting");
        row(R"({"bits": "3"})", "bits: \"3\" is not a whole number");
        row(R"({"bits": 2.5})", "bits: 2.5 is not a whole number");
        row(R"({"bits": 17})", "bits: 17 is out of range; use 1 to 16, or 32");
        row(R"({"bits": 0})", "bits: 0 is out of range");
        row(R"({"bits": -1})", "bits: -1 is out of range");
        row(R"({"bits": 32})", "use estimator full, or 1 to 16 bits");
        row(R"({"estimator": "doubel"})",
            "estimator: 'doubel' is unknown; choose one of full, naive, nearest, double");
        row(R"({"intercept": 1})", "intercept: 1 is not true or false");
        row(R"({"step": -1})", "step: '-1'");
        row(R"({"step": "fast"})", "step: 'fast'");
        row(R"({"schedule": "often"})", "schedule: 'often' is unknown");
        row(R"({"split": 0})", "split: 0");
        row(R"({"split": 0.5, "test": "b"})", "split: a test file and a split");
        row(R"({"batch": 0})", "batch: must be at least 1");
        row(R"({"epochs": 0})", "epochs: must be at least 1");
        row(R"({"epochs": 99999999999})", "epochs: 99999999999 is out of range");
        row(R"({"device": "gpu"})", "device: 'gpu' is unknown");
        row(R"({"data": ""})", "data: no file is named");
        row(R"({"data": "synthetic:x"})", "data: 'synthetic:x'");
        row(R"({"bias_draws": 1})", "bias_draws: must be 0");
        row(R"({"bias_rows": 0})", "bias_rows: '0': write auto, or a whole number above 0");
        row(R"({"bias_rows": "many"})", "bias_rows: 'many': write auto");
        row(R"({"version": 3})", "version: 3 is newer");
        row(R"({"version": 18446744073709551615})", "version: 18446744073709551615 is newer");
        row(R"([1])", "a JSON object");
    }
    void errorsNameTheKeyAndWhatWouldBeRight() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto message = messageOf([&] { specFromJson(json::parse(text.toStdString())); });
        QVERIFY2(message.find(expected.toStdString()) != std::string::npos, message.c_str());
        QVERIFY(message.find('\n') == std::string::npos);
    }

    void brokenFilesSayWhere() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "spec.json";
        std::ofstream(file) << "{\"bits\": 3,\n  \"seed\": }";
        const auto message = messageOf([&] { readSpec(file); });
        QVERIFY2(message.starts_with(file.string() + ": is not JSON: at line 2, column"), message.c_str());
        QVERIFY(messageOf([&] { readSpec(file.string() + "x"); }).find("no such file") != std::string::npos);
        std::ofstream(file) << "{\"bits\": 3,\n  \"step\": 1e999}";
        const auto tooLarge = messageOf([&] { readSpec(file); });
        QVERIFY2(tooLarge.starts_with(file.string() + ":2: step: 1e999 is beyond"), tooLarge.c_str());
    }

    void theCommandLineNamesWhatDiffers() {
        RunSpec spec;
        spec.data.source = "my data/cadata";
        spec.bits = 6;
        spec.intercept = false;
        spec.sgd.step = 0.25;
        QCOMPARE(toCommandLine(spec),
                 std::string("zipml train 'my data/cadata' --bits 6 --no-intercept --step 0.25"));
        QCOMPARE(toCommandLine(RunSpec{}), std::string("zipml train synthetic:100"));
    }
};

QTEST_APPLESS_MAIN(RunSpecTest)
#include "run_spec_test.moc"
