#include "tests/support/exported_model.h"

using namespace zipml;

class NpzTest : public QObject {
    Q_OBJECT
  private slots:
    /// The four lines of docs/file-formats.md, as they stand there.
    void scikitLearnPredictsTheSame_data() { test::addRealModels(false); }
    void scikitLearnPredictsTheSame() {
        QFETCH(QString, name);
        QFETCH(int, scaling);
        NEEDS_REAL_DATA(name.toStdString());
        NEEDS_PYTHON_ENVIRONMENT();
        const QTemporaryDir folder;
        const auto real = test::trainedOn(name.toStdString(), static_cast<ScalingKind>(scaling));
        exportModel(real.model, modelFormatOf("m.npz"), {}, folder.filePath("model.npz").toStdString());
        test::writeRows(real.raw, folder.filePath("rows"));
        const bool classes = real.model.task == Task::Classification;
        runPython(folder, reader(classes ? "LogisticRegression" : "LinearRegression") +
                              "rows = np.fromfile('rows', np.float32).reshape(-1, reader.n_features_in_)\n"
                              "scores = reader.decision_function(rows) if hasattr(reader, 'classes_') else "
                              "reader.predict(rows)\n"
                              "scores.astype(np.float64).tofile('scores')\n"
                              "reader.predict(rows).astype(np.float64).tofile('labels')\n");
        const auto scores = test::readNumbers<double>(folder.filePath("scores"));
        QCOMPARE(scores.size(), real.raw.rows);
        const double difference = test::largestDifference(scores, real.scores);
        qInfo("%zu rows, largest difference %.2g", scores.size(), difference);
        QVERIFY2(difference <= 1e-6, qPrintable(QString::number(difference)));
        const auto labels = test::readNumbers<double>(folder.filePath("labels"));
        if (classes)
            for (std::size_t r = 0; r < labels.size(); ++r)
                QVERIFY(labels[r] == test::labelOf(real.model, real.scores[r]) ||
                        std::abs(real.scores[r]) < 1e-5);
    }

    void namedClasses() {
        NEEDS_PYTHON_ENVIRONMENT();
        const QTemporaryDir folder;
        LinearModel model;
        model.task = Task::Classification;
        model.classNames = {"straße", "b", "c"};
        model.featureNames = {"x", "größer 😀"};
        model.scaling = {ScalingKind::Standard, {1, -2}, {2, 0.5}};
        for (int c = 0; c < 3; ++c) {
            model.classLabels.push_back(c);
            model.perClass.push_back({0.1 * c, Eigen::Vector2d(c, 1 - c)});
        }
        model.parameters = LinearParameters::zero(2);
        const auto file = folder.filePath("model.npz").toStdString();
        exportModel(model, modelFormat("npz"), {}, file);
        runPython(folder, reader("LogisticRegression") +
                              "assert list(reader.predict([[0, 9], [9, -2]])) == ['straße', 'c']\n"
                              "assert list(reader.feature_names) == ['x', 'größer 😀']\n");
        const auto bytes = [&] {
            std::ifstream in(file, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        const std::string first = bytes();
        exportModel(model, modelFormat("npz"), {}, file);
        QVERIFY(bytes() == first);
    }

    void saysWhatItCannotHold() {
        LinearModel model;
        model.parameters = {0, Eigen::VectorXd::Ones(2)};
        model.scaling = {ScalingKind::RowUnit, {0, 0}, {1, 1}};
        const QTemporaryDir folder;
        const auto file = folder.filePath("m.npz").toStdString();
        QVERIFY_EXCEPTION_THROWN(exportModel(model, modelFormat("npz"), {}, file), InputError);
        QVERIFY(!std::filesystem::exists(file));
    }

  private:
    static QString reader(const QString& estimator) {
        QFile page(QString::fromStdString((test::sourceFolder() / "docs/file-formats.md").string()));
        if (!page.open(QIODevice::ReadOnly))
            return "raise SystemExit('no page')\n";
        const QString code =
            QString::fromUtf8(page.readAll()).section("```python\n", 1, 1).section("```", 0, 0);
        return QString(code).replace("LogisticRegression", estimator);
    }

    static void runPython(const QTemporaryDir& folder, const QString& code) {
        QProcess python;
        python.setWorkingDirectory(folder.path());
        python.start(qEnvironmentVariable("ZIPML_VENV") + "/bin/python", {"-c", code});
        QVERIFY(python.waitForFinished(240'000));
        QVERIFY2(python.exitCode() == 0, qPrintable(python.readAllStandardError()));
    }
};

QTEST_GUILESS_MAIN(NpzTest)
#include "npz_test.moc"
