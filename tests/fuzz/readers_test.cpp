// Every reader of files that others made: valid files and those that once made one fail (corpus/READER), and
// random changes of them, are read or refused in one line. ./dev fuzz looks for more, under sanitizers.
#include "tests/fuzz/readers.h"

#include "core/base/file.h"
#include "tests/support/changed_bytes.h"
#include "tests/support/real_data.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace zipml;

class FuzzReadersTest : public QObject {
    Q_OBJECT
  private slots:
    void readsOrRefuses_data() {
        QTest::addColumn<int>("reader");
        for (int i = 0; i < static_cast<int>(fuzz::readers().size()); ++i)
            QTest::newRow(std::string(fuzz::readers()[static_cast<std::size_t>(i)].name).c_str()) << i;
    }
    void readsOrRefuses() {
        QFETCH(int, reader);
        const fuzz::Reader& tried = fuzz::readers()[static_cast<std::size_t>(reader)];
        const QDir corpus(
            QString::fromStdString((test::sourceFolder() / "tests/fuzz/corpus" / tried.name).string()));
        const QStringList names = corpus.entryList(QDir::Files);
        QVERIFY2(!names.isEmpty(), qPrintable(corpus.path()));
        const QTemporaryDir folder;
        const RandomStream random(7, Purpose::Synthetic);
        const bool all = qEnvironmentVariableIsSet("ZIPML_ALL_FAULTS");
        const std::uint32_t changes = all ? 20'000 : 100;
        for (const QString& name : names) {
            const std::string whole = readFile(corpus.filePath(name).toStdString());
            const std::string file = folder.filePath(name).toStdString();
            for (std::uint32_t number = 0; number <= changes; ++number) {
                { // not waiting for the disk, as the lab's own writing does
                    std::ofstream out(file, std::ios::binary);
                    out << (number == 0 ? whole : test::changed(whole, random, number));
                }
                QElapsedTimer timer;
                timer.start();
                try {
                    tried.read(file);
                } catch (const std::exception& error) { // the file stays for who looks into it
                    const QString kept = QDir::temp().filePath("fuzz-" + name);
                    QFile::remove(kept);
                    QFile::copy(folder.filePath(name), kept);
                    QFAIL(qPrintable(QString("%1: %2 (%3)").arg(kept, error.what()).arg(number)));
                }
                constexpr int kMost = 45'000; // milliseconds: longer than a trial of an outside library
                QVERIFY2(timer.elapsed() < kMost, qPrintable(name));
            }
        }
    }
};

QTEST_GUILESS_MAIN(FuzzReadersTest)
#include "readers_test.moc"
