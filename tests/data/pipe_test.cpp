// Data through a named pipe: read once, kept, and waited for in a way that can be stopped.

#include "core/base/error.h"
#include "core/data/report.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <fstream>
#include <stop_token>
#include <sys/stat.h>
#include <thread>

using namespace zipml;

namespace {

std::string makePipe(const QTemporaryDir& folder, const char* name) {
    const std::string file = folder.filePath(name).toStdString();
    return ::mkfifo(file.c_str(), 0600) == 0 ? file : std::string();
}

} // namespace

class PipeTest : public QObject {
    Q_OBJECT
  private slots:
    // As a file with the same text would be, more than a pipe holds at once, and again without a writer.
    void isReadOnceAndKept() {
        const QTemporaryDir folder;
        const std::string pipe = makePipe(folder, "p.csv"), file = folder.filePath("f.csv").toStdString();
        std::string text = "a,b,y\n";
        for (int row = 0; row < 30'000; ++row)
            text += std::to_string(row % 97) + "," + std::to_string(row % 13) + "," +
                    std::to_string(row % 29) + "\n";
        std::ofstream(file) << text;
        std::jthread writer([&] { std::ofstream(pipe) << text; });
        const DataReport report = reportOn(pipe);
        QCOMPARE(report.rows, 30'000U);
        QCOMPARE(report.file, std::string("p.csv"));
        const LoadedData piped = loadData(pipe), read = loadData(file);
        QVERIFY(piped.data.labels == read.data.labels);
        QVERIFY(piped.data.features == 2);
    }

    void waitingForAWriterIsStopped() {
        const QTemporaryDir folder;
        const std::string pipe = makePipe(folder, "p.csv");
        for (int attempt = 0; attempt < 2; ++attempt) { // the first holds up no other
            std::stop_source stop;
            std::jthread stopper([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
                stop.request_stop();
            });
            const auto begin = std::chrono::steady_clock::now();
            const Job job{stop.get_token(), {}};
            QVERIFY_EXCEPTION_THROWN(reportOn(pipe, {}, {}, {}, job), Cancelled);
            QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
        }
    }
};

QTEST_GUILESS_MAIN(PipeTest)
#include "pipe_test.moc"
