#include "core/base/child_process.h"

#include "core/base/error.h"

#include <QtTest>

#include <csignal>

using namespace zipml;
using namespace std::chrono_literals;

namespace {

struct Result {
    ChildEnd end;
    std::vector<std::string> lines;
};

Result shell(const char* script, std::chrono::milliseconds limit = 60s, const std::stop_token& stop = {}) {
    Result result{};
    result.end = runChild(
        "/bin/sh", {"-c", script}, limit, [&](const std::string& line) { result.lines.push_back(line); },
        stop);
    return result;
}

} // namespace

class ChildProcessTest : public QObject {
    Q_OBJECT
  private slots:
    void linesAndStatusAreHeard() {
        const Result result = shell("echo one; echo err >&2; printf 'two\\nrest without end'; exit 3");
        QCOMPARE(result.end.how, ChildEnd::How::Exited);
        QCOMPARE(result.end.code, 3);
        QCOMPARE(result.lines, (std::vector<std::string>{"one", "two"}));
    }
    void aCrashIsToldBySignal() {
        const Result result = shell("echo before; kill -ABRT $$");
        QCOMPARE(result.end.how, ChildEnd::How::Crashed);
        QCOMPARE(result.end.code, SIGABRT);
        QCOMPARE(result.lines, std::vector<std::string>{"before"});
    }
    void whatTakesTooLongIsEnded() {
        const auto begin = std::chrono::steady_clock::now();
        QCOMPARE(shell("exec sleep 1000", 200ms).end.how, ChildEnd::How::TookTooLong);
        QVERIFY(std::chrono::steady_clock::now() - begin < 100s);
    }
    void aStopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(shell("exec sleep 1000", 60s, stop.get_token()), Cancelled);
    }
    void aMissingProgramIsSaid() {
        const ChildEnd end = runChild("/no/such/program", {}, 1s, {});
        QCOMPARE(end.how, ChildEnd::How::NotStarted);
        QCOMPARE(end.code, ENOENT);
    }
    void noFileIsLeftOpen() {
        const auto open = [] {
            return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
        };
        const auto before = open();
        for (int i = 0; i < 20; ++i)
            shell("echo x");
        QCOMPARE(open(), before);
    }
};

QTEST_APPLESS_MAIN(ChildProcessTest)
#include "child_process_test.moc"
