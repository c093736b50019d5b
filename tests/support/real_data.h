#pragma once
/// Where the shared real data sets are: ZIPML_DATA_DIR, or ../shared/data beside the source tree.

#include <QtTest>

#include <filesystem>

namespace zipml::test {

inline std::filesystem::path sourceFolder() {
    return qEnvironmentVariable("ZIPML_SOURCE_DIR", ".").toStdString();
}

inline std::filesystem::path dataFolder() {
    if (qEnvironmentVariableIsSet("ZIPML_DATA_DIR"))
        return qEnvironmentVariable("ZIPML_DATA_DIR").toStdString();
    return sourceFolder() / ".." / "shared" / "data";
}

} // namespace zipml::test

/// Skips the test function, with the reason, where `name` is not among the shared data sets.
#define NEEDS_REAL_DATA(name)                                                                                \
    do {                                                                                                     \
        if (!std::filesystem::exists(zipml::test::dataFolder() / (name)))                                    \
            QSKIP(qPrintable(QStringLiteral("the data set %1 is not in %2; set ZIPML_DATA_DIR")              \
                                 .arg(QString::fromStdString(name),                                          \
                                      QString::fromStdString(zipml::test::dataFolder().string()))));         \
    } while (false)
