#pragma once
/// Runs the built `zipml` as another program would.

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

namespace zipml::test {

/// The programs of a sanitizer's build want an address space without limits and the place in front of all
/// libraries.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

struct ProcessResult {
    int exitCode = -1;
    QString out, error;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
    /// What a person reads when it failed: exactly one line.
    [[nodiscard]] bool oneErrorLine() const { return error.startsWith("zipml: ") && error.count('\n') == 1; }
};

/// Programs that a test starts keep nothing in the person's history; a test of it says where.
inline const bool kNoHistory = qEnvironmentVariableIsSet("ZIPML_HISTORY") || qputenv("ZIPML_HISTORY", "off");

inline QString zipmlProgram() {
    return QFileInfo(qEnvironmentVariable("ZIPML_BIN", "build/bin") + "/zipml").absoluteFilePath();
}

inline ProcessResult resultOf(QProcess& process) {
    process.waitForFinished(120'000);
    const bool crashed = process.exitStatus() != QProcess::NormalExit;
    return {crashed ? -1 : process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

inline ProcessResult runZipml(const QStringList& arguments, const QString& folder = {}) {
    QProcess process;
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(zipmlProgram(), arguments);
    return resultOf(process);
}

/// With an address space of this many kilobytes, as after `ulimit -v`.
inline ProcessResult runZipmlWithin(int kilobytes, const QStringList& arguments) {
    QProcess process;
    process.start(
        "sh", QStringList{"-c", QString("ulimit -v %1; exec \"$@\"").arg(kilobytes), "sh", zipmlProgram()} +
                  arguments);
    return resultOf(process);
}

} // namespace zipml::test
