#pragma once
/// Optima by scipy and cvxpy (tests/loss/optimum_oracle.py): no code is shared with the lab.

#include "core/loss/loss.h"
#include "core/loss/regularizer.h"
#include "tests/support/exported_model.h"
#include "tests/support/real_data.h"

#include <nlohmann/json.hpp>

namespace zipml::test {

struct OptimumProblem {
    Dataset data;
    Loss loss;
    Regularizer regularizer;
    bool intercept = true;
};

inline std::vector<double> numbersOf(const Regularizer& r) {
    switch (r.kind) {
    case RegularizerKind::None:
        return {};
    case RegularizerKind::L2:
        return {r.l2};
    case RegularizerKind::L1:
        return {r.l1};
    case RegularizerKind::Elastic:
        return {r.l1, r.l2};
    case RegularizerKind::Ball:
        return {r.radius};
    case RegularizerKind::Box:
        return {r.low, r.high};
    }
    return {};
}

/// The least mean minimised loss + regularizer of each; empty, with the reason in `error`, where Python
/// failed.
inline std::vector<double> oracleObjectives(const std::vector<OptimumProblem>& problems, QString& error) {
    const QTemporaryDir folder;
    nlohmann::json list = nlohmann::json::array();
    std::ofstream values((folder.path() + "/values.bin").toStdString(), std::ios::binary);
    const auto write = [&](const std::vector<float>& numbers) {
        values.write(reinterpret_cast<const char*>(numbers.data()),
                     static_cast<std::streamsize>(numbers.size() * sizeof(float)));
    };
    for (const auto& problem : problems) {
        list.push_back({{"loss", nameOf(problem.loss.kind)},
                        {"class_weights", {problem.loss.weights.positive, problem.loss.weights.negative}},
                        {"regularizer", nameOf(problem.regularizer.kind)},
                        {"numbers", numbersOf(problem.regularizer)},
                        {"intercept", problem.intercept},
                        {"rows", problem.data.rows},
                        {"features", problem.data.features}});
        write(problem.data.values);
        write(problem.data.labels);
    }
    values.close();
    std::ofstream((folder.path() + "/problems.json").toStdString()) << list;
    const QString script = QString::fromStdString((sourceFolder() / "tests/loss/optimum_oracle.py").string());
    error = run(qEnvironmentVariable("ZIPML_VENV") + "/bin/python", {script, folder.path()});
    std::ifstream result((folder.path() + "/objectives.txt").toStdString());
    std::vector<double> objectives;
    for (std::string word; result >> word;)
        objectives.push_back(word == "inf" ? HUGE_VAL : std::stod(word));
    if (error.isEmpty() && objectives.size() != problems.size())
        error = QString("%1 answers to %2 problems").arg(objectives.size()).arg(problems.size());
    return objectives;
}

} // namespace zipml::test

/// ./dev test makes the environment; without a network there is none.
#define NEEDS_OPTIMUM_ORACLE()                                                                               \
    do {                                                                                                     \
        if (!QFile::exists(qEnvironmentVariable("ZIPML_VENV") + "/complete"))                                \
            QSKIP("no Python environment with scipy and cvxpy in build/venv: ./dev test makes it, from the " \
                  "network");                                                                                \
    } while (false)
