#include "core/base/file.h"
#include "core/base/stale_parts.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <unistd.h>

using namespace zipml;

namespace {

/// The number of a process that has ended.
qint64 endedProcess() {
    QProcess process;
    process.start("true", QStringList{});
    process.waitForStarted();
    const qint64 number = process.processId();
    process.waitForFinished();
    return number;
}

} // namespace

class StalePartsTest : public QObject {
    Q_OBJECT
  private slots:
    void whatEndedProcessesLeftGoes() {
        const QTemporaryDir folder;
        QProcess living;
        living.start("sleep", {"60"});
        QVERIFY(living.waitForStarted());
        const auto put = [&](const QString& name) {
            std::ofstream(folder.filePath(name).toStdString()) << "half";
            return name;
        };
        const QString dead = QString::number(endedProcess());
        put("a.json.part" + dead);
        QStringList kept{put("a.json.part" + QString::number(living.processId())), put("b.json.part" + dead),
                         put("a.json.part"), put("a.json.party" + dead), put("a.json.part" + dead + "x")};
        writeFileAtomically(folder.filePath("a.json").toStdString(), "whole");
        kept << "a.json";
        kept.sort();
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name), kept);
        living.kill();
        living.waitForFinished();
    }

    // Numbers of processes come again: one that began after the file was written has not written it.
    void aNumberThatCameAgainIsNoWriter() {
        const QTemporaryDir folder;
        QProcess living;
        living.start("sleep", {"60"});
        QVERIFY(living.waitForStarted());
        const auto part = std::filesystem::path(folder.path().toStdString()) /
                          ("c.json.part" + std::to_string(living.processId()));
        std::ofstream(part) << "half";
        std::filesystem::last_write_time(part, std::filesystem::file_time_type::clock::now() -
                                                   std::chrono::hours(1));
        removeStaleParts(part.parent_path() / ("c.json.part" + std::to_string(::getpid())));
        QVERIFY(!std::filesystem::exists(part));
        living.kill();
        living.waitForFinished();
    }
};

QTEST_APPLESS_MAIN(StalePartsTest)
#include "stale_parts_test.moc"
