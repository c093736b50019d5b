#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/output_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace zipml;
namespace fs = std::filesystem;

namespace {

int modeOf(const fs::path& file) {
    struct stat status {};
    ::stat(file.c_str(), &status);
    return static_cast<int>(status.st_mode);
}

} // namespace

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

    // The name stays what it was: a link, with the file behind it written.
    void linksAreFollowed() {
        const QTemporaryDir folder;
        const fs::path in = folder.path().toStdString();
        fs::create_directory(in / "sub");
        writeFileAtomically(in / "sub" / "real", "old");
        fs::create_symlink("sub/real", in / "link");
        fs::create_symlink("link", in / "link2");
        fs::create_symlink("sub/new", in / "dangling");
        writeFileAtomically(in / "link2", "new");
        writeFileAtomically(in / "dangling", "made");
        QVERIFY(fs::is_symlink(in / "link") && fs::is_symlink(in / "link2") &&
                fs::is_symlink(in / "dangling"));
        QCOMPARE(readFile(in / "sub" / "real"), std::string("new"));
        QCOMPARE(readFile(in / "sub" / "new"), std::string("made"));
        fs::create_symlink("b", in / "a");
        fs::create_symlink("a", in / "b");
        QVERIFY_EXCEPTION_THROWN(checkWritable(in / "a"), InputError);
        fs::create_symlink("nowhere/file", in / "lost");
        QVERIFY_EXCEPTION_THROWN(checkWritable(in / "lost"), InputError);
    }

    void modesAreKept_data() {
        QTest::addColumn<int>("mode");
        for (const int mode : {0600, 0640, 0604, 0777, 0200, 02660})
            QTest::addRow("%o", mode) << mode;
    }
    void modesAreKept() {
        QFETCH(int, mode);
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "f";
        writeFileAtomically(file, "old");
        ::chmod(file.c_str(), static_cast<mode_t>(mode));
        writeFileAtomically(file, "new");
        QCOMPARE(modeOf(file) & 07777, mode);
    }

    // Never, not even before it is complete, may others read what the owner alone could.
    void whatIsNotYetCompleteIsNotOpenToOthers() {
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "f";
        writeFileAtomically(file, "old");
        ::chmod(file.c_str(), 0600);
        OutputFile output(file);
        output.write("half");
        for (const auto& entry : fs::directory_iterator(file.parent_path()))
            QCOMPARE(modeOf(entry.path()) & 0777, 0600);
        QCOMPARE(readFile(file), std::string("old"));
    }

    void readOnlyFilesAreNotReplaced() {
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "f";
        writeFileAtomically(file, "kept");
        ::chmod(file.c_str(), 0444);
        QVERIFY_EXCEPTION_THROWN(checkWritable(file), InputError);
    }

    void pipesAndDevicesAreWrittenInto() {
        const QTemporaryDir folder;
        const fs::path pipe = fs::path(folder.path().toStdString()) / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        checkWritable(pipe);
        std::string got;
        std::jthread reader([&] { got = readFile(pipe); });
        writeFileAtomically(pipe, "through");
        reader.join();
        QCOMPARE(got, std::string("through"));
        QVERIFY(fs::is_fifo(pipe));

        const fs::path null = fs::path(folder.path().toStdString()) / "null"; // a device by another name
        fs::create_symlink("/dev/null", null);
        checkWritable(null);
        writeFileAtomically(null, "gone");
        QVERIFY(fs::is_character_file("/dev/null"));
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically("/dev/full", "x"), RunError);
        QVERIFY(fs::is_character_file("/dev/full"));
    }

    // As a shell's /dev/stdout and >(...): what is written follows what was written before.
    void openFilesAreWrittenOn() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath("f").toStdString();
        const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
        QCOMPARE(::write(descriptor, "one ", 4), 4);
        const std::string name = "/dev/fd/" + std::to_string(descriptor);
        checkWritable(name);
        writeFileAtomically(name, "two ");
        QCOMPARE(::write(descriptor, "three", 5), 5);
        ::close(descriptor);
        QCOMPARE(readFile(file), std::string("one two three"));
        const int reading = ::open(file.c_str(), O_RDONLY);
        QVERIFY_EXCEPTION_THROWN(checkWritable("/proc/self/fd/" + std::to_string(reading)), InputError);
        ::close(reading);
    }

    void longNamesCanBeWritten() {
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / std::string(255, 'n');
        checkWritable(file);
        writeFileAtomically(file, "x");
        QCOMPARE(readFile(file), std::string("x"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }
};

QTEST_APPLESS_MAIN(FileTest)
#include "file_test.moc"
