// Parsing in blocks: where blocks end and how many threads parse them decides nothing.

#include "tests/data/data_files.h"
#include "tests/support/random_data.h"
#include "tests/support/real_data.h"

#include <bit>
#include <fstream>

using namespace zipml;

namespace {

LoadContext inBlocks(int threads, std::size_t blockBytes) {
    LoadContext context;
    context.threads = threads;
    context.blockBytes = blockBytes;
    return context;
}

/// Small primes among them, so that borders fall everywhere in lines.
const std::vector<LoadContext>& waysToCut() {
    static const std::vector<LoadContext> all{inBlocks(1, 1),       inBlocks(2, 7),      inBlocks(3, 61),
                                              inBlocks(2, 1009),    inBlocks(3, 65'537), inBlocks(1, 100'000),
                                              inBlocks(2, 1 << 19), inBlocks(3, 8 << 20)};
    return all;
}

bool sameBits(std::span<const float> a, std::span<const float> b) {
    return std::ranges::equal(
        a, b, {}, [](float x) { return std::bit_cast<std::uint32_t>(x); },
        [](float x) { return std::bit_cast<std::uint32_t>(x); });
}

bool same(const LoadedData& a, const LoadedData& b) {
    return a.data.name == b.data.name && a.data.rows == b.data.rows && a.data.features == b.data.features &&
           a.data.featureNames == b.data.featureNames && a.format == b.format && a.delimiter == b.delimiter &&
           a.compression == b.compression && a.header == b.header && a.hasLabels == b.hasLabels &&
           a.labelColumn == b.labelColumn && a.labelName == b.labelName && a.missing == b.missing &&
           a.labelWhy == b.labelWhy && a.notes == b.notes && a.warnings == b.warnings &&
           a.options == b.options && a.rowsDropped == b.rowsDropped &&
           sameBits(a.data.values, b.data.values) && sameBits(a.data.labels, b.data.labels);
}

/// What scanData visits, put together again; rows narrower than the last are filled with zeros.
LoadedData scanned(const std::filesystem::path& file, const LoadOptions& options,
                   const LoadContext& context) {
    struct Row {
        std::vector<float> values;
        float label;
    };
    std::vector<Row> rows;
    const auto visitor = std::this_thread::get_id();
    bool good = true;
    const auto visit = [&](const RowBlock& block) {
        good = good && std::this_thread::get_id() == visitor && block.firstRow == rows.size() &&
               block.rows > 0 && block.labels.size() == block.rows &&
               block.values.size() == block.rows * block.features &&
               (rows.empty() || block.features >= rows.back().values.size()) &&
               (context.training == nullptr || block.features == context.training->features());
        for (std::size_t r = 0; r < block.rows && good; ++r) {
            const auto values = block.values.subspan(r * block.features, block.features);
            rows.push_back({{values.begin(), values.end()}, static_cast<float>(block.labels[r])});
        }
    };
    LoadedData whole = scanData(file, options, context, visit, [&] { rows.clear(); });
    if (!good || !whole.data.values.empty() || !whole.data.labels.empty() || rows.size() != whole.data.rows)
        throw std::logic_error("the blocks are not the file's rows in order");
    for (auto& row : rows) {
        row.values.resize(whole.data.features);
        whole.data.values.insert(whole.data.values.end(), row.values.begin(), row.values.end());
        whole.data.labels.push_back(row.label);
    }
    return whole;
}

/// Tables of every look: what takes the quick way through the parser, and what does not.
std::string tableText(std::uint64_t seed, std::size_t rows) {
    const std::size_t columns = 2 + seed % 5;
    const auto data = test::randomData(rows, columns, seed);
    const char delimiter = ",\t;| "[seed % 5];
    const std::string end = seed % 3 == 0 ? "\r\n" : "\n";
    std::string text = seed % 2 == 0 ? "" : "\xEF\xBB\xBF";
    if (seed % 4 == 1)
        for (std::size_t c = 0; c < columns; ++c)
            text += (c > 0 ? std::string(1, delimiter) : "") + "name" + std::to_string(c) +
                    (c + 1 == columns ? end : "");
    for (std::size_t r = 0; r < rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t c = 0; c < columns; ++c) {
            std::string field = test::textOf(row[c]);
            if (row[c] > 1.8F && delimiter != ' ')
                field = row[c] > 2.2F ? "  " + field + " " : "\"" + field + "\"";
            text += (c > 0 ? std::string(1, delimiter) : "") + field;
        }
        text += r + 1 < rows || seed % 7 > 0 ? end : "";
        if (row[0] > 1.5F)
            text += "  " + end;
    }
    return text;
}

std::string sparseText(std::uint64_t seed, std::size_t rows) {
    const auto data = test::randomData(rows, 6, seed);
    const std::string end = seed % 3 == 0 ? "\r\n" : "\n";
    std::string text = "# made for a test" + end;
    for (std::size_t r = 0; r < rows; ++r) {
        const auto row = data.row(r);
        text += row[0] > 0 ? "+1" : "-1";
        for (std::size_t f = 1; f < data.features; ++f)
            if (row[f] > 0) // later rows are wider
                text += (row[f] > 1.5F ? "\t " : " ") + std::to_string(f * (1 + r / 50)) + ":" +
                        (row[f] < 0.5F                 ? "1"
                         : row[f] > 2 && seed % 2 == 0 ? "NA"
                                                       : test::textOf(row[f]));
        text += (row[0] > 1.5F ? " # comment: 1:2" : "") + end;
        if (row[0] < -1.5F)
            text += "#1 2:3" + end;
    }
    return text;
}

} // namespace

class LoadBlocksTest : public QObject {
    Q_OBJECT
    test::DataFiles files_;

    struct Outcome {
        LoadedData loaded;
        QString error;
    };
    template <class Load>
    Outcome outcomeOf(Load load) const {
        try {
            return {load(), {}};
        } catch (const InputError& error) {
            return {{}, QString::fromUtf8(error.what())};
        }
    }

    /// The same result, or the same error, for every way to cut the file.
    void verifySame(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    std::size_t smallestBlock) const {
        LoadContext whole = context;
        whole.threads = 1;
        whole.blockBytes = 1 << 30;
        const auto expected = outcomeOf([&] { return loadData(file, options, whole); });
        for (LoadContext cut : waysToCut()) {
            if (cut.blockBytes < smallestBlock)
                continue;
            cut.training = context.training;
            const auto loaded = outcomeOf([&] { return loadData(file, options, cut); });
            const auto visited = outcomeOf([&] { return scanned(file, options, cut); });
            QCOMPARE(loaded.error, expected.error);
            QCOMPARE(visited.error, expected.error);
            QVERIFY(same(loaded.loaded, expected.loaded));
            QVERIFY(same(visited.loaded, expected.loaded));
        }
        if (expected.loaded.format == "libsvm") {
            const Schema wider = test::sparseSchema(expected.loaded.data.features + 1);
            whole.training = &wider;
            QVERIFY(same(scanned(file, options, whole), loadData(file, options, whole)));
        }
    }

  private slots:
    void cutsAndThreadsDoNotMatter_data() {
        QTest::addColumn<bool>("sparse");
        QTest::addColumn<QString>("compression");
        for (const auto& compression : test::compressions()) {
            QTest::addRow("tables, %s", compression.c_str()) << false << QString::fromStdString(compression);
            QTest::addRow("sparse, %s", compression.c_str()) << true << QString::fromStdString(compression);
        }
    }
    void cutsAndThreadsDoNotMatter() {
        QFETCH(bool, sparse);
        QFETCH(QString, compression);
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const std::size_t rows = 1 + seed * 67; // from less than the head to more
            const auto text = sparse ? sparseText(seed, rows) : tableText(seed, rows);
            LoadOptions options;
            options.skipLines = seed % 3 == 2 ? 1 + seed : 0;
            options.missing = seed % 4 == 0 ? "mean" : seed % 4 == 2 ? "drop" : "refuse";
            verifySame(files_.write("data", test::packed(text, compression.toStdString())), options, {}, 1);
        }
    }

    void theFirstBadLineIsReported() {
        const RandomStream random(5, Purpose::Synthetic);
        for (std::uint32_t i = 0; i < 150; ++i) {
            const std::size_t rows = 200 + i % 3 * 2000; // beyond the head's lines too
            std::string text = i % 2 == 0 ? tableText(i / 2, rows) : sparseText(i / 2, rows);
            for (std::uint32_t fault = 0; fault <= i % 3; ++fault) {
                const auto words = random.words(i, fault);
                text.insert(words[0] % text.size(), 1, ":,x?#\"\x01 e"[words[1] % 9]);
            }
            LoadOptions options;
            options.missing = i / 2 % 2 == 0 ? "mean" : "refuse";
            verifySame(files_.write("data", text), options, {}, 7);
        }
    }

    void numbersOfLinesAreExact() {
        // In files of this size each block has its own count of lines.
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += i % 10 == 3 ? "\r\n" : i % 7 == 2 ? " \n" : "0.5,1.25,3\n";
        for (const std::size_t bad : {1500U, 2345U, 4999U}) {
            std::size_t at = 0;
            for (std::size_t line = 1; line < bad; ++line)
                at = text.find('\n', at) + 1;
            std::string broken = text;
            broken.insert(at, "1,2,x\n");
            broken += "1,y,3\n";
            const auto file = files_.write("data", broken);
            for (const LoadContext& cut : waysToCut())
                QVERIFY(files_.errorOfFile(file, {}, cut)
                            .startsWith(QString("data:%1: column 3: 'x' is not a number").arg(bad)));
        }
    }

    void realFiles_data() {
        QTest::addColumn<QString>("path");
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(test::dataFolder(), none))
            if (entry.is_regular_file() && entry.path().extension() != ".md")
                QTest::newRow(entry.path().filename().c_str())
                    << QString::fromStdString(entry.path().string());
        if (none)
            QTest::newRow("none") << QString();
    }
    void realFiles() {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("no shared data sets; set ZIPML_DATA_DIR");
        const std::filesystem::path file = path.toStdString();
        verifySame(file, {}, {}, 100'000);
    }

    void memoryStaysBounded() {
        // Rows of 40,000 features of which text tells three: 480 MB when spread out.
        std::string text;
        for (int i = 0; i < 3000; ++i)
            text += "1 1:1 7:2.5 40000:" + std::to_string(i) + "\n";
        LoadContext context;
        context.memoryLimitBytes = 100'000'000;
        const auto file = files_.write("data", text);
        QVERIFY(files_.errorOfFile(file, {}, context).contains("of memory and 100 MB is available"));
        std::size_t rows = 0;
        std::size_t largest = 0;
        scanData(
            file, {}, context,
            [&](const RowBlock& block) {
                rows += block.rows;
                largest = std::max(largest, block.values.size());
            },
            [] {});
        QCOMPARE(rows, 3000U);
        QVERIFY(largest <= 10'000'000);
        QVERIFY_EXCEPTION_THROWN(
            scanData(
                files_.write("data", "1 1:1\n1 4294967294:1\n"), {}, context, [](const RowBlock&) {}, [] {}),
            InputError);
    }

    void scansStopAndReport() {
        const auto file = files_.write("data", tableText(2, 100'000));
        double last = 0;
        Job job;
        job.onProgress = [&](double share, std::string_view) {
            QVERIFY(share >= last && share <= 1);
            last = share;
        };
        scanData(
            file, {}, {}, [](const RowBlock&) {}, [] {}, job);
        QCOMPARE(last, 1.0);
        job.onProgress = nullptr;
        std::stop_source stopping;
        job.stop = stopping.get_token();
        std::size_t visited = 0;
        const auto visit = [&](const RowBlock& block) {
            visited += block.rows;
            stopping.request_stop();
        };
        QVERIFY_EXCEPTION_THROWN(scanData(
                                     file, {}, inBlocks(2, 10'000), visit, [] {}, job),
                                 Cancelled);
        QVERIFY(visited > 0 && visited < 1000);
        QVERIFY_EXCEPTION_THROWN(
            scanData(
                file, {}, {}, [](const RowBlock&) { throw std::runtime_error("no"); }, [] {}),
            std::runtime_error);
    }
};

QTEST_GUILESS_MAIN(LoadBlocksTest)
#include "load_blocks_test.moc"
