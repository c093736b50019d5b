#pragma once
/// Files that the reference writers of a format wrote, held against what its reference readers read
/// (write_references.py).

#include "tests/data/data_files.h"

#include <nlohmann/json.hpp>

#include <QProcess>

#include <cstring>

namespace zipml::test {

template <class Value>
std::vector<Value> valuesIn(const std::filesystem::path& file) {
    const std::string bytes = readFile(file);
    std::vector<Value> values(bytes.size() / sizeof(Value));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Value));
    return values;
}

inline LoadOptions optionsOf(const nlohmann::json& object) {
    LoadOptions options;
    options.labelColumn = object.value("label_column", options.labelColumn);
    options.matrix = object.value("matrix", "");
    options.labels = object.value("labels", "");
    options.upright = object.value("upright", false);
    options.times = object.value("times", options.times);
    return options;
}

/// What differs between a file and what the reference reader reads; empty: nothing.
inline std::string differenceIn(const std::filesystem::path& folder, const nlohmann::json& reference) {
    const std::string name = reference.at("file");
    const LoadOptions options = optionsOf(reference.at("options"));
    LoadContext context;
    context.offsets = false;
    const auto at = [&](const std::string& what) { return name + ": " + what; };
    try {
        const LoadedData loaded = loadData(folder / name, options, context);
        const Dataset& data = loaded.data;
        const auto rows = reference.at("rows").get<std::size_t>();
        const auto columns = reference.at("columns").get<std::size_t>();
        if (data.rows != rows || data.features != columns)
            return at(std::to_string(data.rows) + " x " + std::to_string(data.features));
        const auto values = valuesIn<float>(folder / (name + ".values"));
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::memcmp(&values[i], &data.values[i], sizeof(float)) != 0 &&
                !(values[i] == 0 && data.values[i] == 0))
                return at("row " + std::to_string(i / columns) + ", column " + std::to_string(i % columns) +
                          ": " + std::to_string(data.values[i]) + " for " + std::to_string(values[i]));
        if (loaded.hasLabels != reference.at("labelled").get<bool>())
            return at("labelled otherwise");
        const auto target =
            loaded.hasLabels ? valuesIn<double>(folder / (name + ".target")) : std::vector<double>();
        for (std::size_t r = 0; r < target.size(); ++r)
            if (data.exactLabels[r] + data.schema->labelOffset != target[r])
                return at("label of row " + std::to_string(r) + ": " + std::to_string(data.exactLabels[r]) +
                          " for " + std::to_string(target[r]));
        if (reference.at("classes").is_array() &&
            data.schema->classNames() != reference.at("classes").get<std::vector<std::string>>())
            return at("other classes");
        // Less an offset, which is subtracted from what the file has before that becomes a float.
        const LoadedData shifted = loadData(folder / name, options);
        const auto& offsets = shifted.data.schema->offsets;
        const auto exact = valuesIn<double>(folder / (name + ".exact"));
        for (std::size_t i = 0; i < exact.size() && !offsets.empty(); ++i)
            if (static_cast<float>(exact[i] - offsets[i % columns]) != shifted.data.values[i])
                return at("less an offset of " + std::to_string(offsets[i % columns]) + ": " +
                          std::to_string(shifted.data.values[i]) + " for " + std::to_string(exact[i]));
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

inline bool hasReferenceReaders() {
    QProcess process;
    process.start(qEnvironmentVariable("ZIPML_VENV") + "/bin/python",
                  {"-c", "import numpy, scipy, sklearn, arff"});
    return process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit &&
           process.exitCode() == 0;
}

/// Writes the files of a kind and adds a row for each to the test's table.
inline void addReferenceCases(const QTemporaryDir& folder, const char* kind) {
    QTest::addColumn<QString>("reference");
    if (!hasReferenceReaders())
        QSKIP("no Python environment with numpy, scipy, scikit-learn and liac-arff in build/venv: ./dev test "
              "makes "
              "it, from the network");
    QProcess process;
    process.start(qEnvironmentVariable("ZIPML_VENV") + "/bin/python",
                  {QString::fromStdString(
                       (std::filesystem::path(qEnvironmentVariable("ZIPML_SOURCE_DIR", ".").toStdString()) /
                        "tests/data/formats/write_references.py")
                           .string()),
                   kind, folder.path()});
    QVERIFY2(process.waitForFinished(240'000) && process.exitCode() == 0,
             process.readAllStandardError().constData());
    const auto cases = nlohmann::json::parse(readFile(folder.path().toStdString() + "/cases.json"));
    QVERIFY(!cases.empty());
    for (const auto& reference : cases)
        QTest::newRow(reference.at("file").get<std::string>().c_str())
            << QString::fromStdString(reference.dump());
}

#define COMPARE_WITH_REFERENCE(folder)                                                                       \
    do {                                                                                                     \
        QFETCH(QString, reference);                                                                          \
        const std::string difference = zipml::test::differenceIn(                                            \
            (folder).path().toStdString(), nlohmann::json::parse(reference.toStdString()));                  \
        QVERIFY2(difference.empty(), difference.c_str());                                                    \
    } while (false)

/// Loads what is left of a file when it is cut at every byte, and the whole one with each byte changed:
/// whatever happens, it is data or one line.
/// @return what went wrong; empty: nothing
inline QString damageIn(const DataFiles& files, const std::string& name, const std::string& bytes,
                        const LoadOptions& options, bool cutsFail) {
    LoadContext context;
    context.threads = 1;
    const auto messageOf = [&](const std::string& contents) {
        return files.errorOfFile(files.write(name, contents), options, context);
    };
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const QString message = messageOf(bytes.substr(0, cut));
        if (message.contains('\n') || (cutsFail && !message.startsWith(QString::fromStdString(name))))
            return QString("cut at %1: '%2'").arg(cut).arg(message);
    }
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (const int change : {0xFF, 0x01, 0x80}) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ change);
            const QString message = messageOf(changed);
            if (message.contains('\n'))
                return QString("byte %1: '%2'").arg(at).arg(message);
        }
    return {};
}

} // namespace zipml::test
