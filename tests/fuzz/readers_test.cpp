// Every reader of files that others made: valid files and those that once made one fail (corpus/READER), and
// random changes of them, are read or refused in one line. ./dev fuzz looks for more, under sanitizers.
#include "tests/fuzz/readers.h"

#include "core/base/file.h"
#include "core/base/random.h"
#include "tests/support/real_data.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace zipml;

namespace {

/// A few bytes flipped, removed, repeated or made extreme, or the file cut.
std::string changed(std::string bytes, const RandomStream& random, std::uint32_t number) {
    std::uint32_t draw = 0;
    const auto pick = [&](std::size_t below) {
        return static_cast<std::size_t>(random.uniform(number, draw++) * static_cast<double>(below));
    };
    for (std::size_t changes = 1 + pick(4); changes > 0 && !bytes.empty(); --changes) {
        const std::size_t at = pick(bytes.size());
        switch (pick(6)) {
        case 0:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick(8)));
            break;
        case 1:
            bytes.erase(at, 1 + pick(30));
            break;
        case 2:
            bytes.insert(at, bytes.substr(pick(bytes.size()), pick(50)));
            break;
        case 3:
            bytes.replace(at, std::min<std::size_t>(bytes.size() - at, 1 + pick(8)), 8, '\xFF');
            break;
        case 4:
            bytes.insert(at, std::string("-1e999,\"[{:\n0 nan")).resize(bytes.size());
            break;
        default:
            bytes.resize(at);
        }
    }
    return bytes;
}

} // namespace

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
                    out << (number == 0 ? whole : changed(whole, random, number));
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
