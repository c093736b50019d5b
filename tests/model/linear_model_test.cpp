#include "core/lab/run.h"
#include "core/model/linear_model.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace zipml;

class LinearModelTest : public QObject {
    Q_OBJECT

    RunSpec spec_;
    RunRecord record_;

  private slots:
    void initTestCase() {
        spec_.data.source = "synthetic:6x500";
        spec_.sgd.epochs = 3;
        RunObserver nobody;
        RunControl control;
        record_ = runExperiment(spec_, nobody, control);
    }

    // A model that was saved and read predicts on raw data what the run's loss says.
    void savedModelsPredictTheSame() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "m.json";
        writeModel(record_.model, file);
        const auto model = readModel(file);
        auto rawSpec = spec_;
        rawSpec.data.scaling = ScalingKind::None;
        const auto raw = prepareData(rawSpec, {});
        const auto predictions = predict(model, raw->test);
        QCOMPARE(predictions, predict(record_.model, raw->test));
        double squares = 0;
        for (std::size_t r = 0; r < predictions.size(); ++r)
            squares += std::pow(predictions[r] - raw->test.labels[r], 2);
        QVERIFY(std::abs(squares / 500 / *record_.epochs.back().testLoss - 1) < 1e-5);
    }

    void otherShapesAreRefused() {
        Dataset other;
        other.rows = 1;
        other.features = 5;
        other.values.resize(5);
        QVERIFY_EXCEPTION_THROWN(predict(record_.model, other), InputError);
    }

    void damagedFilesAreRefused_data() {
        QTest::addColumn<QString>("change");
        for (const char* change :
             {"", "{", "[]", "null", R"({"kind": "other"})", R"({"kind": "zipml-linear-model"})",
              R"({"kind": "zipml-linear-model", "version": 99})"})
            QTest::newRow(change) << change;
    }
    void damagedFilesAreRefused() {
        QFETCH(QString, change);
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.json").toStdString();
        std::ofstream(file) << change.toStdString();
        try {
            readModel(file);
            QFAIL("no error");
        } catch (const InputError& error) {
            QVERIFY(std::string(error.what()).starts_with(file + ": "));
        }
    }

    // Also those that wrap to one that is known.
    void versionsThatNobodyWroteAreRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.json").toStdString();
        for (const auto& [version, reason] : {std::pair{"3", "newer"},
                                              {"4294967297", "newer"},
                                              {"18446744073709551615", "newer"},
                                              {"1e300", "no whole number"},
                                              {"1.5", "no whole number"},
                                              {"0", "no whole number"},
                                              {"-1", "no whole number"},
                                              {"\"1\"", "no whole number"},
                                              {"null", "no whole number"}}) {
            auto json = toJson(record_.model);
            json["version"] = nlohmann::json::parse(version);
            std::ofstream(file) << json.dump();
            try {
                readModel(file);
                QFAIL(version);
            } catch (const InputError& error) {
                const std::string message = error.what();
                QVERIFY2(message.starts_with(file + ": "), error.what());
                QVERIFY2(message.find(reason) != std::string::npos, error.what());
            }
        }
    }

    void missingWeightsAreRefused() {
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.json").toStdString();
        auto json = toJson(record_.model);
        json["weights"].erase(0);
        std::ofstream(file) << json.dump();
        QVERIFY_EXCEPTION_THROWN(readModel(file), InputError);
    }
};

QTEST_APPLESS_MAIN(LinearModelTest)
#include "linear_model_test.moc"
