// Loading bad files: always one clear line that starts with the file's name, never a crash, never a value
// that is not finite.

#include "core/base/random.h"
#include "core/data/load.h"
#include "tests/support/compress.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>

using namespace zipml;

class LoadHostileTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path write(const std::string& contents) const {
        const std::filesystem::path file = folder_.filePath("bad").toStdString();
        std::ofstream(file, std::ios::binary | std::ios::trunc) << contents;
        return file;
    }

    static std::string messageFor(const std::filesystem::path& file, const LoadOptions& options = {},
                                  const LoadContext& context = {}) {
        try {
            const auto loaded = loadData(file, options, context);
            for (const float value : loaded.data.values)
                if (!std::isfinite(value))
                    return "a value that is not finite";
            return {};
        } catch (const InputError& error) {
            return error.what();
        }
    }

  private slots:
    void everyFaultHasItsLine_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("expected"); // behind the file's name
        const auto row = [](const char* name, const QByteArray& contents, const char* expected) {
            QTest::newRow(name) << contents << expected;
        };
        row("empty", "", ": the file is empty");
        row("blank lines", "\n\n  \n", ": holds no rows");
        row("header only", "a,b,c\n", ": has a header and no rows");
        row("one column", "1\n2\n3\n", ": has one column");
        row("NUL", QByteArray("1,2\n\0,3\n", 8), ": is not a text file");
        row("control byte", "1,2\n\x01,3\n", ": is not a text file");
        row("short row", "1,2,3\n4,5\n", ":2: has 2 columns and the first line has 3");
        row("long row", "1,2,3\n4,5,6\n7,8,9,10\n", ":3: has 4 columns");
        row("ragged header", "a,b,c\n1,2,3,4\n", ":2: has 4 columns and the header has 3");
        row("text", "1,2,3\n4,5,6\n7,8,nine\n", ":3: column 3: 'nine' is not a number");
        row("two numbers", "1,2,3\n4,5 5,6\n", ":2: column 2: '5 5' is not a number");
        row("hexadecimal", "1,2,3\n4,0x5,6\n", ":2: column 2: '0x5' is not a number");
        row("missing", "1,2,3\n4,,6\n", ":2: column 2: a value is missing");
        row("missing label", "1,2,3\n4,5,\n", ":2: column 3: a value is missing");
        row("nan", "1,2,3\n4,NaN,6\n", ":2: column 2: 'NaN' is not a finite number");
        row("infinity", "1,2,3\n4,-Infinity,6\n", ":2: column 2: '-Infinity' is not a finite number");
        row("too large", "1,2,3\n4,1e39,6\n", ":2: column 2: '1e39' does not fit a 32-bit float");
        row("far too large", "1,2,3\n4,1e999,6\n", ":2: column 2: '1e999' does not fit a 32-bit float");
        row("libsvm index 0", "1 1:2\n2 0:3\n", ":2: index 0 in '0:3'");
        row("libsvm descending", "1 1:2\n2 3:1 2:1\n", ":2: index 2 comes after 3");
        row("libsvm repeated", "1 2:2 2:3\n", ":1: index 2 comes after 2");
        row("libsvm negative", "1 1:2\n1 -1:2\n", ":2: '-1' is not an index");
        row("libsvm no colon", "1 1:2\n1 2\n", ":2: '2' is not an entry");
        row("libsvm no value", "1 1:2\n1 2:\n", ":2: column 2: a value is missing");
        row("libsvm text", "1 1:2\n1 2:x\n", ":2: column 2: 'x' is not a number");
        row("libsvm nan", "1 1:2\n1 2:nan\n", ":2: column 2: 'nan' is not a finite number");
        row("libsvm label", "1 1:2\nyes 2:1\n", ":2: 'yes' is not a number");
        row("libsvm qid", "1 qid:3 1:2\n", ":1: 'qid:'");
        row("libsvm wide", "1 1:2\n1 4000000000:2\n", ": needs about");
        row("libsvm very wide", "1 1:2\n1 99999999999999999999:2\n",
            ":2: '99999999999999999999' is not an index");
    }
    void everyFaultHasItsLine() {
        QFETCH(QByteArray, contents);
        QFETCH(QString, expected);
        const auto file = write(contents.toStdString());
        const auto message = messageFor(file);
        QVERIFY2(message.starts_with(file.string() + expected.toStdString()), message.c_str());
        QVERIFY(message.find('\n') == std::string::npos);
    }

    void foldersAndMissingFiles() {
        const std::filesystem::path folder = folder_.path().toStdString();
        QVERIFY(messageFor(folder).find("is a directory") != std::string::npos);
        QVERIFY(messageFor(folder / "none").find("no such file") != std::string::npos);
    }

    void unknownOptionsListTheChoices() {
        const auto file = write("1,2,3\n4,5,6\n");
        for (const auto option : {&LoadOptions::format, &LoadOptions::delimiter, &LoadOptions::header,
                                  &LoadOptions::labelColumn}) {
            LoadOptions options;
            options.*option = "nonsense";
            const auto message = messageFor(file, options);
            QVERIFY2(message.find("'nonsense'") != std::string::npos &&
                         message.find("choose") != std::string::npos,
                     message.c_str());
        }
    }

    void cutCompressionIsReported() {
        std::string text;
        for (int i = 0; i < 20'000; ++i)
            text += std::to_string(i * 7919 % 10'007) + "," + std::to_string(i) + ",1\n";
        const std::filesystem::path file = folder_.filePath("cut").toStdString();
        for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
            test::writeCompressed(file, text, filter);
            std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
            const auto message = messageFor(file);
            QVERIFY2(message.starts_with(file.string() + ": is damaged or cut short"),
                     (filter + message).c_str());
        }
    }

    void memoryIsCheckedBeforeItRunsOut() {
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += "1,2,3,4,5,6,7,8,9,10\n";
        LoadContext context;
        context.memoryLimitBytes = 100'000;
        const auto message = messageFor(write(text), {}, context);
        QVERIFY2(message.find("of memory and") != std::string::npos, message.c_str());
        context.memoryLimitBytes = 10'000'000;
        QCOMPARE(messageFor(write(text), {}, context), std::string());
    }

    // 6,000 seeded mutations of good files: cut, bytes changed, bytes inserted. They load with finite values
    // or are refused with one line.
    void mutationsNeverCrash() {
        const std::string originals[] = {"a,b,c\n1,2,3\n4,5.5,6\n7,-8e2,9\n",
                                         "1 1:2 3:4\n-1 2:0.5\n1 1:1 2:2 3:3\n", "1\t2\t3\n4\t5\t6\n",
                                         "1;2;\"3\"\n4;5;6\n"};
        const RandomStream stream(99, Purpose::Synthetic);
        constexpr std::string_view kBytes("\0\n,:\"-.e9 \tx\xff;|#", 16);
        int loaded = 0;
        for (std::uint32_t i = 0; i < 6000; ++i) {
            std::string text = originals[i % 4];
            const auto words = stream.words(i, 0);
            const std::size_t at = words[0] % text.size();
            const char byte = kBytes[words[1] % kBytes.size()];
            switch (words[2] % 3) {
            case 0:
                text.resize(at);
                break;
            case 1:
                text[at] = byte;
                break;
            default:
                text.insert(at, 1 + words[3] % 3, byte);
            }
            const auto file = write(text);
            const auto message = messageFor(file);
            loaded += message.empty() ? 1 : 0;
            QVERIFY2(message.empty() || (message.starts_with(file.string() + ":") &&
                                         message.find('\n') == std::string::npos),
                     (text + "\n" + message).c_str());
        }
        QVERIFY(loaded > 500 && loaded < 5500); // the test reaches both outcomes
    }
};

QTEST_APPLESS_MAIN(LoadHostileTest)
#include "load_hostile_test.moc"
