#pragma once
/// Models trained on real data, for tests that hand them to other programs.

#include "core/lab/run.h"
#include "core/model/export/format.h"
#include "tests/support/real_data.h"

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

} // namespace zipml::test

/// ./dev test makes the environment; without a network there is none.
#define NEEDS_PYTHON_ENVIRONMENT()                                                                           \
    do {                                                                                                     \
        if (!QFile::exists(qEnvironmentVariable("ZIPML_VENV") + "/complete"))                                \
            QSKIP("no Python environment with ONNX Runtime in build/venv: ./dev test makes it, from the "    \
                  "network");                                                                                \
    } while (false)
