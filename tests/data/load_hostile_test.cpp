// Loading bad files: always one clear line that starts with the file's name, never a crash, never a value
// that is not finite.

#include "core/data/load.h"
#include "tests/data/data_files.h"
#include "tests/support/changed_bytes.h"
#include "tests/support/random_data.h"

#include <algorithm>
#include <cmath>
#include <unistd.h>

using namespace zipml;

namespace {

/// Valid files, one a way of reading; the first three are not packed.
std::vector<std::string> validFiles() {
    std::string csv = "\"a, b\",b,c,y\r\n";
    std::string tsv;
    std::string libsvm = "# rows\n";
    const auto data = test::randomData(60, 3, 5);
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        const std::string a = test::textOf(row[0]);
        const std::string b = test::textOf(row[1]);
        const std::string label = r % 2 == 0 ? "1" : "-1";
        csv += a + "," + b + "," + test::textOf(row[2]) + "," + label + "\r\n";
        tsv += label + "\t" + a + "\t" + b + "\n";
        libsvm += label + " 1:" + a + " 7:" + b + "\n";
    }
    std::vector<std::string> files;
    for (const auto& compression : test::compressions())
        for (const auto& text : {csv, tsv, libsvm})
            files.push_back(test::packed(text, compression));
    return files;
}

bool allFinite(const std::vector<float>& values) {
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

} // namespace

class LoadHostileTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    test::DataFiles files_;

    std::filesystem::path write(const std::string& contents) const {
        const std::filesystem::path file = folder_.filePath("bad").toStdString();
        std::filesystem::remove(file); // ext4 waits for the disk when a file is cut and written again
        std::ofstream(file, std::ios::binary) << contents;
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
        row("nan", "1,2,3\n4,NaN,6\n", ":2: column 2: a value is missing");
        row("infinity", "1,2,3\n4,-Infinity,6\n", ":2: column 2: '-Infinity' is not a finite number");
        row("too large", "1,2,3\n4,1e39,6\n", ":2: column 2: '1e39' does not fit a 32-bit float");
        row("far too large", "1,2,3\n4,1e999,6\n", ":2: column 2: '1e999' does not fit a 32-bit float");
        row("libsvm repeated", "1 2:2 2:3\n", ":1: index 2 stands twice in the row");
        row("libsvm negative", "1 1:2\n1 -1:2\n", ":2: '-1' is not an index");
        row("libsvm no colon", "1 1:2\n1 2\n", ":2: '2' is not an entry");
        row("libsvm no value", "1 1:2\n1 2:\n", ":2: column 2: a value is missing");
        row("libsvm text", "1 1:2\n1 2:x\n", ":2: column 2: 'x' is not a number");
        row("libsvm nan", "1 1:2\n1 2:nan\n", ":2: column 2: a value is missing");
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
        std::filesystem::create_directory(folder / "empty");
        QVERIFY(messageFor(folder / "empty").find("is a folder without files") != std::string::npos);
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

    void unreadableFile() {
        if (::geteuid() == 0)
            return; // root can read every file
        const auto file = files_.write("secret.csv", "1,2\n");
        std::filesystem::permissions(file, std::filesystem::perms::none);
        QCOMPARE(files_.errorOfFile(file), "secret.csv: cannot be read; check its permissions");
    }

    void emptyFiles_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("newline") << QByteArray("\n");
        QTest::newRow("blank lines") << QByteArray("  \n\t\r\n\r\n");
        QTest::newRow("byte-order mark") << QByteArray("\xEF\xBB\xBF");
        for (const auto& name : test::compressions())
            QTest::newRow(("packed with " + name).c_str())
                << QByteArray::fromStdString(test::packed("", name));
    }
    void emptyFiles() {
        QFETCH(QByteArray, contents);
        const auto error = files_.errorOf(contents.toStdString());
        QVERIFY2(error.startsWith("data: the file is empty") || error.startsWith("data: holds no rows"),
                 qPrintable(error));
    }

    void everythingSkipped() {
        LoadOptions options;
        options.skipLines = 1'000'000'000;
        QVERIFY(
            files_.errorOf("1,2\n3,4\n", options).startsWith("data: holds no rows behind the skipped lines"));
    }

    void binaryFiles_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::newRow("program") << QByteArray("\x7f"
                                               "ELF\x02\x01\x00\x00\x00\xff\xfe\x80 12",
                                               15);
        QTest::newRow("NUL in a table") << QByteArray("1,2\n3,\0\n", 8);
        QTest::newRow("UTF-16") << QByteArray("\xFF\xFE\x31\x00\x2C\x00\x32\x00", 8);
    }
    void binaryFiles() {
        QFETCH(QByteArray, contents);
        const auto error = files_.errorOf(contents.toStdString());
        QVERIFY2(error.startsWith("data: is not a text file (it has a byte 0x"), qPrintable(error));
        QVERIFY(error.endsWith("was expected, plain or packed with gzip, bzip2, xz or zstd"));
    }

    void otherFormatsAreNamed_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("expected");
        QTest::newRow("zip") << QByteArray("PK\x03\x04\x14\x00\x00\x00\x08\x00", 10) << "is a zip archive";
        QTest::newRow("parquet") << QByteArray("PAR1\x15\x04", 6) << "is a Parquet file";
        QTest::newRow("feather") << QByteArray("ARROW1\0\0", 8) << "is a Feather (Arrow) file";
        QTest::newRow("safetensors") << QByteArray("\x10\0\0\0\0\0\0\0{\"a\":1}", 15)
                                     << "is a safetensors file";
        QTest::newRow("pickle") << QByteArray("\x80\x04\x95\x10", 4) << "is a Python pickle";
        QTest::newRow("gzip without an end") << QByteArray("\x1F\x8B\x08", 3) << "is damaged or cut short";
        QTest::newRow("packed twice")
            << QByteArray::fromStdString(test::packed(test::packed("1,2\n", "gzip"), "gzip"))
            << "is packed twice";
    }
    void otherFormatsAreNamed() {
        QFETCH(QByteArray, contents);
        QFETCH(QString, expected);
        const auto error = files_.errorOf(contents.toStdString());
        QVERIFY2(error.startsWith("data: " + expected), qPrintable(error));
    }

    void everyFlippedBitInGzipIsNoticed() {
        // Single digits: a flipped bit often makes another valid table, which only the checksum tells.
        std::string text;
        for (std::size_t i = 0; i < 40; ++i)
            text += std::to_string(i * i % 10) + "," + std::to_string(i * 7 % 10) + "\n";
        const auto valid = test::packed(text, "gzip");
        const auto right = files_.load(valid).data;
        for (std::size_t bit = 0; bit < 8 * valid.size(); ++bit) {
            auto bytes = valid;
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
            if (files_.errorOf(bytes).isEmpty()) // the header's time, name and system do not matter
                QVERIFY(files_.load(bytes).data.values == right.values);
        }
    }

    void gzipFilesOfSeveralMembers() {
        const auto loaded = files_.load(test::packed("1,2\n3,", "gzip") + test::packed("4\n5,6\n", "gzip"));
        QVERIFY((loaded.data.values == std::vector<float>{1, 3, 5}));
        QVERIFY((loaded.data.labels == std::vector<float>{2, 4, 6}));
        // Members are walked, not guessed: each with a wrong checksum is damage; zeros may follow the last.
        auto second = test::packed("4\n5,6\n", "gzip");
        QVERIFY(files_.errorOf(test::packed("1,2\n3,", "gzip") + second + std::string(512, '\0')).isEmpty());
        second[second.size() - 8] = static_cast<char>(second[second.size() - 8] ^ 1);
        QVERIFY(files_.errorOf(test::packed("1,2\n3,", "gzip") + second).contains("its checksum is wrong"));
        QVERIFY(files_.errorOf(test::packed("1,2\n3,4\n", "gzip") + "1,2\n")
                    .contains("something that is no gzip follows its end"));
    }

    void externalProgramsAreNotRun() {
        const auto error = files_.errorOf("begin 644 data.csv\n#,2PR\n`\nend\n");
        QVERIFY2(!error.isEmpty(), "uuencoded text was unpacked");
        QVERIFY(files_.errorOf(std::string("LRZI\0\6\0\0\0\0\0\0", 12)).contains("not a text file"));
    }

    void longLinesAreRefused() {
        const auto bomb = test::packed(std::string(101'000'000, '1'), "zstd");
        QVERIFY(bomb.size() < 1'000'000);
        QVERIFY(files_.errorOf(bomb).startsWith("data:1: the line is longer than 100 MB"));
    }

    void damagedFilesLoadOrAreOneClearLine_data() {
        QTest::addColumn<bool>("allowMissing");
        QTest::newRow("strict") << false;
        QTest::newRow("missing values allowed") << true;
    }
    void damagedFilesLoadOrAreOneClearLine() {
        QFETCH(bool, allowMissing);
        const auto valid = validFiles();
        for (const auto& bytes : valid)
            QVERIFY(files_.errorOf(bytes).isEmpty());
        const RandomStream random(2026, Purpose::Synthetic, allowMissing ? 2 : 1);
        LoadOptions options;
        options.missing = allowMissing ? "mean" : "refuse";
        LoadContext context;
        context.memoryLimitBytes = 50'000'000;
        int loads = 0;
        int refusals = 0;
        for (std::uint32_t i = 0; i < 3000; ++i) {
            // Damage in packed files is mostly found while unpacking, so every other file is plain text.
            const auto bytes = test::changed(valid[i % 2 == 0 ? i / 2 % 3 : i / 2 % valid.size()], random, i);
            const auto file = files_.write("data", bytes);
            try {
                const auto loaded = loadData(file, options, context);
                const Dataset& data = loaded.data;
                QVERIFY(data.rows > 0 && data.features > 0);
                QCOMPARE(data.values.size(), data.rows * data.features);
                QCOMPARE(data.labels.size(), data.rows);
                QVERIFY(allFinite(data.labels) && (allowMissing || allFinite(data.values)));
                std::size_t missing = 0;
                for (const std::size_t count : loaded.missing)
                    missing += count;
                QCOMPARE(static_cast<std::size_t>(std::ranges::count_if(
                             data.values, [](float value) { return !std::isfinite(value); })),
                         missing);
                ++loads;
            } catch (const InputError& error) {
                const std::string line = error.what();
                QVERIFY2(line.starts_with(file.string() + ":"), line.c_str());
                QVERIFY2(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }),
                         line.c_str());
                QVERIFY2(line.size() < file.string().size() + 400, line.c_str());
                ++refusals;
            }
        }
        QVERIFY2(loads > 100 && refusals > 100, qPrintable(QString("%1 %2").arg(loads).arg(refusals)));
    }
};

QTEST_APPLESS_MAIN(LoadHostileTest)
#include "load_hostile_test.moc"
