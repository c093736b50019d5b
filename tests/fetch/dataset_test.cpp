// The catalogue, and whole data sets: fetched, unpacked, verified.

#include "core/base/error.h"
#include "core/fetch/digest.h"
#include "core/fetch/fetch.h"
#include "core/fetch/unpack.h"
#include "tests/support/catalogue_server.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>
#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <set>
#include <sstream>

using namespace zipml;
using nlohmann::json;
using test::CatalogueServer;

namespace {

using Path = std::filesystem::path;

std::string contentsOf(const Path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream contents;
    contents << in.rdbuf();
    return contents.str();
}

/// @param format "zip", or "gnutar" with gzip
std::string archiveOf(const QTemporaryDir& folder, const std::string& format,
                      const std::map<std::string, std::string>& members) {
    const std::string file = folder.filePath("archive").toStdString();
    archive* writer = archive_write_new();
    archive_write_set_format_by_name(writer, format.c_str());
    if (format == "gnutar")
        archive_write_add_filter_gzip(writer);
    archive_write_open_filename(writer, file.c_str());
    for (const auto& [name, contents] : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(contents.size()));
        archive_write_header(writer, entry);
        archive_write_data(writer, contents.data(), contents.size());
        archive_entry_free(entry);
    }
    archive_write_free(writer);
    const std::string bytes = contentsOf(file);
    std::filesystem::remove(file);
    return bytes;
}

QString failure(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

CatalogueEntry parsed(const json& entry) {
    return parseCatalogue(json{{"datasets", {entry}}}.dump(), "c.json").front();
}

} // namespace

class DatasetTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    Path target() const { return (folder_->path() + "/data").toStdString(); }
    QStringList files() const { return QDir(folder_->path() + "/data").entryList(QDir::Files, QDir::Name); }

  private slots:
    void initTestCase() { qputenv("no_proxy", "*"); }
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void builtInCatalogueIsSound() {
        std::set<std::string> names;
        std::set<Path> onDisk;
        for (const auto& entry : builtInCatalogue()) {
            names.insert(entry.name);
            QVERIFY2(entry.rows > 0 && entry.features > 0, entry.name.c_str());
            QVERIFY2(entry.page.starts_with("https://"), entry.name.c_str());
            std::size_t rows = 0, testRows = 0;
            for (const auto& file : filesOf(entry)) {
                QVERIFY2(onDisk.insert(file.file).second, file.file.c_str()); // no set overwrites another
                (file.part == DataPart::Test ? testRows : rows) += file.rows;
            }
            for (const auto& download : entry.downloads) {
                QVERIFY2(download.checksum.empty() == download.checksumSource.empty(), download.url.c_str());
                // Without a checksum the rows are counted.
                QVERIFY2(!download.checksum.empty() || download.contents.front().rows > 0,
                         download.url.c_str());
                // Over plain http only what a checksum vouches for.
                QVERIFY2(download.url.starts_with("https://") || download.checksum.starts_with("sha256:"),
                         download.url.c_str());
            }
            if (rows > 0) {
                QCOMPARE(rows, entry.rows);
                QCOMPARE(testRows, entry.testRows);
            }
        }
        for (const char* name : {"YearPredictionMSD", "cadata", "cpusmall", "cod-rna", "gisette", "a9a",
                                 "mnist", "fashion-mnist", "cifar10", "protein", "BlogFeedback", "epsilon"})
            QVERIFY2(names.contains(name), name);
        QCOMPARE(findEntry(builtInCatalogue(), "CADATA").name, std::string("cadata"));
        QVERIFY(failure([] { findEntry(builtInCatalogue(), "cadat"); }).contains("cpusmall"));
    }

    // The copies at hand, which came another way, are what the catalogue says.
    void copiesAtHandAreVerified_data() {
        QTest::addColumn<QString>("verified");
        QTest::newRow("cadata") << "rows and features";
        QTest::newRow("cpusmall") << "rows and features";
        QTest::newRow("a9a.t") << "sha256";
    }
    void copiesAtHandAreVerified() {
        const std::string file = QTest::currentDataTag();
        NEEDS_REAL_DATA(file);
        auto entry = findEntry(builtInCatalogue(), file.substr(0, file.find('.')));
        std::erase_if(entry.downloads, [&](const auto& download) { return download.file != file; });
        const auto fetched = fetchDataset(entry, test::dataFolder());
        QCOMPARE(fetched.size(), 1U);
        QVERIFY(fetched[0].wasHere);
        QFETCH(const QString, verified);
        QCOMPARE(QString::fromStdString(fetched[0].verified), verified);
    }

    void badCataloguesSayWhatIsWrong_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* key, const char* value, const char* said) {
            QTest::newRow(name) << key << value << said;
        };
        row("name", "/name", "null", "data set 1: name");
        row("task", "/task", "\"ranking\"", "s: task: 'ranking'");
        row("rows", "/rows", "-1", "rows is not a whole number");
        row("no files", "/files", "[]", "files is not a list");
        row("scheme", "/files/0/url", "\"ftp://x/y\"", "neither http nor https");
        row("outside", "/files/0/file", "\"a/../../y\"", "not a file below the data folder");
        row("absolute", "/files/0/file", "\"/etc/passwd\"", "not a file below the data folder");
        row("folder", "/files/0/file", "\"a/\"", "not a file below the data folder");
        row("checksum", "/files/0/checksum", "\"sha256:12\"", "checksum 'sha256:12'");
        row("part", "/files/0/part", "\"validation\"", "neither train nor test");
        row("member", "/files/0/unpack", R"([{"file": "x"}])", "member is missing");
    }
    void badCataloguesSayWhatIsWrong() {
        QFETCH(const QString, key);
        QFETCH(const QString, value);
        QFETCH(const QString, said);
        CatalogueServer server;
        json entry = server.entry("s");
        entry[json::json_pointer(key.toStdString())] = json::parse(value.toStdString());
        const QString text = failure([&] { parsed(entry); });
        QVERIFY2(text.startsWith("c.json: ") && text.contains(said) && !text.contains('\n'),
                 qPrintable(text));
    }

    void twoOfOneNameAndNoJson() {
        CatalogueServer server;
        const json entry = server.entry("s");
        QVERIFY(failure([&] {
                    parseCatalogue(json{{"datasets", {entry, entry}}}.dump(), "c");
                }).contains("two of this name"));
        QVERIFY(failure([&] { parseCatalogue("{", "c.json"); }).startsWith("c.json: "));
    }

    void setArrivesAndIsVerified() {
        CatalogueServer server;
        const auto entry = parsed(server.entry("s"));
        QCOMPARE(stateOf(entry, target()), FetchState::Absent);
        for (const bool again : {false, true}) {
            const auto fetched = fetchDataset(entry, target());
            QCOMPARE(files(), (QStringList{"s", "s.t"}));
            QCOMPARE(fetched.size(), 2U);
            for (const auto& file : fetched) {
                QCOMPARE(file.verified, std::string("rows and features"));
                QCOMPARE(file.wasHere, again);
            }
            QCOMPARE(stateOf(entry, target()), FetchState::Here);
        }
        QCOMPARE(server.requests(), 2U); // once a file
        const auto spec = dataSpecOf(entry, target());
        QVERIFY(spec);
        QCOMPARE(spec->source, (target() / "s").string());
        QCOMPARE(spec->test, (target() / "s.t").string());
        QCOMPARE(spec->task, Task::Classification);
    }

    // A page that says "sorry" with status 200 is not a data set.
    void otherTablesAreRejected_data() {
        QTest::addColumn<QString>("contents");
        QTest::addColumn<QString>("said");
        QTest::newRow("rows") << QString::fromStdString(test::libsvmText(59, 4)) << "59 rows x 4";
        QTest::newRow("features") << QString::fromStdString(test::libsvmText(60, 3)) << "60 rows x 3";
        QTest::newRow("page") << "<html><body>\nsorry\n</body></html>\n"
                              << "is not what was expected";
    }
    void otherTablesAreRejected() {
        QFETCH(const QString, contents);
        QFETCH(const QString, said);
        CatalogueServer server;
        const auto entry = parsed(server.entry("s"));
        server.put("/s", contents.toStdString());
        const QString text = failure([&] { fetchDataset(entry, target()); });
        QVERIFY2(text.contains(said) && text.contains("deleted"), qPrintable(text));
        QVERIFY(files().isEmpty());
        // And one that lies there is left alone.
        std::filesystem::create_directories(target());
        std::ofstream(target() / "s") << contents.toStdString();
        QVERIFY(failure([&] { fetchDataset(entry, target()); }).contains("move the file away"));
        QVERIFY(files().contains("s"));
    }

    // Rows and features may be right, and a number another one: a checksum that is known decides.
    void existingCopyOfOtherBytesIsRefused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("checksum") << "checksum" << QByteArray("\"md5:00000000000000000000000000000000\"")
                                  << "md5:0000";
        QTest::newRow("size") << "bytes" << QByteArray("531") << "531 bytes was expected";
    }
    void existingCopyOfOtherBytesIsRefused() {
        QFETCH(const QString, key);
        QFETCH(const QByteArray, value);
        QFETCH(const QString, said);
        CatalogueServer server;
        json described = server.entry("s");
        described["files"][0][key.toStdString()] = json::parse(value.toStdString());
        const auto entry = parsed(described);
        std::filesystem::create_directories(target());
        std::ofstream(target() / "s") << test::libsvmText(60, 4);
        const QString refusal = failure([&] { (void)fetchDataset(entry, target()); });
        QVERIFY2(refusal.contains("is there and is another file") && refusal.contains(said),
                 qPrintable(refusal));
        QCOMPARE(contentsOf(target() / "s"), test::libsvmText(60, 4)); // nothing is overwritten
    }

    void archivesAreUnpacked_data() {
        QTest::addColumn<QString>("format");
        QTest::newRow("zip") << "zip";
        QTest::newRow("tar.gz") << "gnutar";
    }
    void archivesAreUnpacked() {
        QFETCH(const QString, format);
        CatalogueServer server;
        json described = server.entry("s");
        server.put("/all.bin", archiveOf(*folder_, format.toStdString(),
                                         {{"d/other", "no"}, {"d/rows", test::libsvmText(60, 4)}}));
        described["files"] = {
            {{"url", server.url("/all.bin")},
             {"unpack", {{{"member", "d/rows"}, {"file", "deep/rows"}, {"part", "train"}, {"rows", 60}}}}}};
        const auto fetched = fetchDataset(parsed(described), target());
        QCOMPARE(contentsOf(target() / "deep" / "rows"), test::libsvmText(60, 4));
        QVERIFY(files().isEmpty()); // the archive is gone
        QCOMPARE(fetched[0].verified, std::string("rows and features"));

        // An archive that was left, as by a full disk, is not fetched again.
        std::filesystem::remove(target() / "deep" / "rows");
        const auto archive = folder_->filePath("data/all.bin").toStdString();
        std::ofstream(archive, std::ios::binary)
            << archiveOf(*folder_, format.toStdString(), {{"d/rows", "kept"}});
        described["files"][0]["checksum"] = fileChecksum(archive, "sha256");
        described["files"][0]["unpack"][0].erase("rows");
        fetchDataset(parsed(described), target());
        QCOMPARE(contentsOf(target() / "deep" / "rows"), std::string("kept"));
        QCOMPARE(server.requests(), 1U);
        described["files"][0].erase("checksum");

        described["files"][0]["unpack"][0] = {{"member", "d/none"}, {"file", "none"}};
        const QString text = failure([&] { fetchDataset(parsed(described), target()); });
        QVERIFY2(text.contains("no member d/none"), qPrintable(text));
        server.put("/all.bin", "no archive at all");
        QVERIFY(failure([&] { fetchDataset(parsed(described), target()); }).contains("cannot be unpacked"));
        QVERIFY(!QFile::exists(QString::fromStdString((target() / "none").string())));
    }

    void imagesAreForNetworks() {
        for (const auto& entry : builtInCatalogue()) {
            const std::string command = trainCommand(entry, "d");
            const bool images =
                entry.name == "mnist" || entry.name == "fashion-mnist" || entry.name == "cifar10";
            QCOMPARE(dataSpecOf(entry, "d").has_value(), !images);
            if (images)
                QCOMPARE(command, "zipml deep train --data d/" + entry.name);
            else
                QVERIFY2(command.starts_with("zipml train d/"), command.c_str());
        }
        QCOMPARE(dataSpecOf(findEntry(builtInCatalogue(), "protein"), "d")->load.labelColumn,
                 std::string("first"));
    }

    void defaultFolder() {
        const QByteArray before = qgetenv("ZIPML_DATA_DIR");
        const bool set = qEnvironmentVariableIsSet("ZIPML_DATA_DIR");
        qputenv("ZIPML_DATA_DIR", "/a");
        QCOMPARE(defaultDataFolder(), Path("/a"));
        qunsetenv("ZIPML_DATA_DIR");
        qputenv("XDG_DATA_HOME", "/b");
        QCOMPARE(defaultDataFolder(), Path("/b/zipml/data"));
        qputenv("XDG_DATA_HOME", "relative");
        qputenv("HOME", "/c");
        QCOMPARE(defaultDataFolder(), Path("/c/.local/share/zipml/data"));
        if (set)
            qputenv("ZIPML_DATA_DIR", before);
    }

    void sizes() {
        QCOMPARE(sizeText(0), std::string("unknown"));
        QCOMPARE(sizeText(999), std::string("999 bytes"));
        QCOMPARE(sizeText(999'600), std::string("1.0 MB"));
        QCOMPARE(sizeText(170'052'171), std::string("170 MB"));
        QCOMPARE(sizeText(4'300'000'000), std::string("4.3 GB"));
    }
};

QTEST_GUILESS_MAIN(DatasetTest)
#include "dataset_test.moc"
