#include "core/base/error.h"
#include "core/base/file.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

class FileTest : public QObject {
    Q_OBJECT
  private slots:
    void writesAndReadsBack() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "a.txt";
        writeFileAtomically(file, "one");
        writeFileAtomically(file, std::string("two\0three", 9));
        QCOMPARE(readFile(file), std::string("two\0three", 9));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // nothing is left beside it
    }

    void aFailureLeavesNothingBehind() {
        const QTemporaryDir folder;
        const auto missing = std::filesystem::path(folder.path().toStdString()) / "no" / "a.txt";
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically(missing, "x"), RunError);
        QVERIFY_EXCEPTION_THROWN(checkWritable(missing), InputError);
        const std::filesystem::path directory = folder.path().toStdString();
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically(directory, "x"), RunError);
        QVERIFY_EXCEPTION_THROWN(checkWritable(directory), InputError);
        QVERIFY_EXCEPTION_THROWN(readFile(directory), InputError);
        QVERIFY_EXCEPTION_THROWN(readFile(missing), InputError);
        QVERIFY(QDir(folder.path()).isEmpty());
        QVERIFY(!std::filesystem::exists(folder.path().toStdString() + ".part" + std::to_string(::getpid())));
    }
};

QTEST_APPLESS_MAIN(FileTest)
#include "file_test.moc"
