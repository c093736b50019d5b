// A file that is cut off while it is mapped: zeros and a flag, from any thread, instead of a signal.

#include "core/base/file.h"
#include "core/base/mapped_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace zipml;

namespace {

constexpr std::size_t kBytes = 1 << 20;

class OpenFile {
  public:
    explicit OpenFile(const QTemporaryDir& folder) {
        const std::string name = folder.filePath("data").toStdString();
        writeFileAtomically(name, std::string(kBytes, 'x'));
        descriptor = ::open(name.c_str(), O_RDWR | O_CLOEXEC);
    }
    ~OpenFile() { ::close(descriptor); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor;
};

std::size_t countOf(const MappedFile& mapped, std::size_t begin, std::size_t end, unsigned char wanted) {
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i)
        count += mapped.data()[i] == wanted ? 1U : 0U;
    return count;
}

} // namespace

class MappedFileTest : public QObject {
    Q_OBJECT
  private slots:
    void bytesAreTheFiles() {
        const QTemporaryDir folder;
        const OpenFile file(folder);
        std::atomic<bool> lost = false;
        MappedFile mapped(file.descriptor, 5000, 3000, lost); // at no page's begin
        QCOMPARE(countOf(mapped, 0, 3000, 'x'), 3000U);
        const MappedFile moved = std::move(mapped);
        QVERIFY(!mapped.mapped()); // NOLINT: what a move leaves
        QCOMPARE(countOf(moved, 0, 3000, 'x'), 3000U);
        QVERIFY(!lost);
        QVERIFY_THROWS_EXCEPTION(std::system_error, MappedFile(-1, 0, 10, lost));
    }

    void whatIsCutOffIsZeros() {
        const QTemporaryDir folder;
        const OpenFile file(folder);
        std::atomic<bool> lost = false, other = false;
        const MappedFile mapped(file.descriptor, 0, kBytes, lost), whole(file.descriptor, 0, 4096, other);
        QCOMPARE(::ftruncate(file.descriptor, 8192), 0);
        QCOMPARE(countOf(mapped, 0, 8192, 'x'), 8192U);
        QVERIFY(!lost);
        std::vector<std::size_t> zeros(4);
        {
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < zeros.size(); ++t)
                threads.emplace_back([&, t] { zeros[t] = countOf(mapped, 8192, kBytes, 0); });
        }
        for (const std::size_t each : zeros)
            QCOMPARE(each, kBytes - 8192);
        QVERIFY(lost);
        QVERIFY(!other); // of another mapping
        QCOMPARE(countOf(whole, 0, 4096, 'x'), 4096U);
    }

    // Again and again: guards are used again, and hold no memory of mappings that are gone.
    void mappingsComeAndGo() {
        const QTemporaryDir folder;
        for (int turn = 0; turn < 50; ++turn) {
            const OpenFile file(folder);
            std::atomic<bool> lost = false;
            MappedFile mapped(file.descriptor, 0, kBytes, lost);
            QCOMPARE(::ftruncate(file.descriptor, 0), 0);
            QCOMPARE(countOf(mapped, kBytes - 10, kBytes, 0), 10U);
            QVERIFY(lost);
            mapped = {};
        }
    }

    // What is no mapping of ours still ends the program.
    void othersSignalsPass() {
        const QTemporaryDir folder;
        const OpenFile file(folder);
        std::atomic<bool> lost = false;
        const MappedFile mapped(file.descriptor, 0, kBytes, lost); // the handler is there
        const pid_t child = ::fork();
        if (child == 0) {
            ::alarm(20);
            ::raise(SIGBUS);
            ::_exit(0);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
    }
};

QTEST_APPLESS_MAIN(MappedFileTest)
#include "mapped_file_test.moc"
