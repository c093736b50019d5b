#pragma once
/// Models trained on real data, for tests that hand them to other programs.

#include "core/lab/run.h"
#include "core/model/export/format.h"
#include "tests/support/real_data.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

#include <cmath>
#include <fstream>

namespace zipml::test {

struct RealModel {
    LinearModel model;
    Dataset raw; ///< the rows as in the file
    std::vector<double> scores;
};

/// Three epochs: the weights matter, not how good they are.
inline RealModel trainedOn(const std::string& name, ScalingKind scaling) {
    RunSpec spec;
    spec.data.source = (dataFolder() / name).string();
    spec.data.scaling = scaling;
    spec.estimator = EstimatorKind::Full;
    spec.sgd.epochs = 3;
    spec.biasDraws = 0;
    RunObserver nobody;
    RunControl control;
    RealModel result{runExperiment(spec, nobody, control).model, loadData(spec.data.source).data, {}};
    result.scores = predict(result.model, result.raw);
    return result;
}

/// Sets of 10,000 rows and more, both tasks, every way to scale.
inline void addRealModels(bool unitRows = true) {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("scaling");
    const auto add = [](const char* name, ScalingKind kind) {
        QTest::addRow("%s, %s", name, std::string(nameOf(kind)).c_str()) << name << static_cast<int>(kind);
    };
    add("cadata", ScalingKind::Standard);
    add("cadata", ScalingKind::Unit);
    add("a9a", ScalingKind::None);
    add("susy_30k.csv.gz", ScalingKind::MinMax);
    add("susy_30k.csv.gz", ScalingKind::MaxAbs);
    if (unitRows)
        add("susy_30k.csv.gz", ScalingKind::RowUnit);
}

/// The most that a score differs, in units of the larger of itself and the scores' root mean square: a score
/// near 0 is a difference of large terms, each exact to float32's 6e-8.
inline double largestDifference(const std::vector<double>& scores, const std::vector<double>& expected) {
    double squares = 0;
    for (const double score : expected)
        squares += score * score;
    const double usual = std::sqrt(squares / static_cast<double>(expected.size()));
    double largest = 0;
    for (std::size_t r = 0; r < expected.size(); ++r)
        largest =
            std::max(largest, std::abs(scores.at(r) - expected[r]) / std::max(usual, std::abs(expected[r])));
    return largest;
}

/// Weights of all sizes, in the order of the features. @param classes 2 or more
inline LinearModel anyModel(Eigen::Index features, int classes) {
    LinearModel model;
    const auto parametersOf = [&](int k) -> LinearParameters {
        return {0.1 * k - 0.3,
                (Eigen::VectorXd::LinSpaced(features, -1.7, 0.9 + 0.1 * k).array().cube()).matrix()};
    };
    const auto count = static_cast<std::size_t>(features);
    model.parameters = classes == 2 ? parametersOf(0) : LinearParameters::zero(features);
    for (int k = 0; classes > 2 && k < classes; ++k)
        model.perClass.push_back(parametersOf(k));
    for (int k = 0; k < classes; ++k)
        model.classLabels.push_back(k);
    model.scaling = {ScalingKind::Standard, std::vector<double>(count, 0.25), std::vector<double>(count, 2)};
    model.task = Task::Classification;
    model.spec = toJson(RunSpec{});
    model.spec["loss"] = "logistic";
    return model;
}

inline double labelOf(const LinearModel& model, double score) {
    return model.classLabels[score >= 0 ? 1 : 0];
}

inline void writeRows(const Dataset& data, const QString& file) {
    std::ofstream out(file.toStdString(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(data.values.data()),
              static_cast<std::streamsize>(data.values.size() * sizeof(float)));
}

template <class Value>
std::vector<double> readNumbers(const QString& file) {
    std::ifstream in(file.toStdString(), std::ios::binary);
    std::vector<double> values;
    for (Value value; in.read(reinterpret_cast<char*>(&value), sizeof value);)
        values.push_back(static_cast<double>(value));
    return values;
}

/// @return what it wrote to standard error, or "" when it succeeded
inline QString run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(240'000))
        return program + ": did not run to its end";
    const QString error = QString::fromUtf8(process.readAllStandardError());
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0 ? QString()
                                                                                   : program + ": " + error;
}

inline QString python() {
    return qEnvironmentVariable("ZIPML_VENV") + "/bin/python";
}

inline QString sourceFile(const char* path) {
    return QString::fromStdString((sourceFolder() / path).string());
}

/// Whether the Python environment, which may be of an older list of modules, has this one.
inline bool hasPythonModule(const QString& name) {
    const QDir libraries(qEnvironmentVariable("ZIPML_VENV") + "/lib");
    return std::ranges::any_of(libraries.entryList({"python3*"}), [&](const QString& version) {
        return QFile::exists(libraries.filePath(version + "/site-packages/" + name));
    });
}

} // namespace zipml::test

/// ./dev test makes the environment; without a network there is none.
#define NEEDS_PYTHON_ENVIRONMENT()                                                                           \
    do {                                                                                                     \
        if (!QFile::exists(qEnvironmentVariable("ZIPML_VENV") + "/complete"))                                \
            QSKIP("no Python environment with ONNX Runtime in build/venv: ./dev test makes it, from the "    \
                  "network");                                                                                \
    } while (false)

#define NEEDS_PYTHON_MODULE(name)                                                                            \
    do {                                                                                                     \
        if (!zipml::test::hasPythonModule(name))                                                             \
            QSKIP("the Python environment in build/venv is without " name ": ./dev test completes it, from " \
                  "the network");                                                                            \
    } while (false)
