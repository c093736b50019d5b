// A download arrives whole and checked or not at all, whatever the server, the disk and the person do.

#include "core/base/random.h"
#include "core/fetch/digest.h"
#include "core/fetch/download.h"
#include "core/fetch/partial_file.h"
#include "tests/support/http_server.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/resource.h>

using namespace zipml;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;

namespace {

constexpr std::size_t kBytes = 1'000'003;
constexpr std::size_t kBroken = 300'000; // bytes after which a connection breaks off

std::string randomBytes(std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::Synthetic, 9);
    std::string bytes(kBytes, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(256 * stream.uniform(static_cast<std::uint32_t>(i), 0));
    return bytes;
}

std::string contentsOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream contents;
    contents << in.rdbuf();
    return contents.str();
}

/// `handler`, whose first reply breaks off. @param hang the connection stays, and says nothing more
HttpServer::Handler brokenAtFirst(const HttpServer::Handler& handler, bool hang = false) {
    return [handler, hang, first = true](const HttpRequest& asked) mutable {
        HttpReply reply = handler(asked);
        if (std::exchange(first, false)) {
            reply.send = kBroken;
            reply.hang = hang;
        }
        return reply;
    };
}

/// What the download failed with; empty when it did not.
QString failure(const DownloadRequest& request, const Job& job = {}) {
    try {
        download(request, job);
    } catch (const RunError& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// The largest file this process may write, while it lives: then the disk is full.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

} // namespace

class DownloadTest : public QObject {
    Q_OBJECT

    std::string bytes_ = randomBytes(1), other_ = randomBytes(2);
    std::unique_ptr<QTemporaryDir> folder_;

    DownloadRequest request(const std::string& url) const {
        DownloadRequest wanted;
        wanted.url = url;
        wanted.file = (folder_->path() + "/file.bin").toStdString();
        wanted.retries = 0;
        return wanted;
    }
    /// Sends the file. @param version its ETag; empty: none
    HttpServer::Handler sends(const std::string& version) const {
        return [this, version](const HttpRequest& asked) { return test::fileReply(asked, bytes_, version); };
    }
    std::string checksumOf(const std::string& contents, const std::string& kind) const {
        const auto file = std::filesystem::path(folder_->path().toStdString()) / "copy";
        std::ofstream(file, std::ios::binary) << contents;
        const std::string checksum = fileChecksum(file, kind);
        std::filesystem::remove(file);
        return checksum;
    }
    QStringList entries() const { return QDir(folder_->path()).entryList(QDir::Files, QDir::Name); }
    void expectWhole(const DownloadRequest& wanted, const std::string& contents) const {
        QVERIFY(contentsOf(wanted.file) == contents);
        QCOMPARE(entries(), QStringList{"file.bin"});
    }
    void expectPartial() const { QCOMPARE(entries(), (QStringList{"file.bin.part", "file.bin.part.json"})); }
    void downloadWhole(const DownloadRequest& wanted, const std::string& contents) const {
        download(wanted);
        expectWhole(wanted, contents);
    }
    /// A connection breaks off and leaves a partial file; the next download has all of the contents.
    void breakOffAndGoOn(const HttpServer& server, const std::string& contents,
                         const std::string& checksum = {}) const {
        auto wanted = request(server.url("/broken"));
        const QString text = failure(wanted);
        QVERIFY2(text.contains("broke off") && text.contains("kept"), qPrintable(text));
        expectPartial();
        QCOMPARE(contentsOf(partialFile(wanted.file)).size(), kBroken);
        wanted.checksum = checksum;
        downloadWhole(wanted, contents);
    }

  private slots:
    void initTestCase() { qputenv("no_proxy", "*"); }
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(folder_->isValid());
    }

    void wholeFileWithProgress() {
        const HttpServer server(sends(""));
        double last = 0;
        bool ascends = true;
        const Job job{{}, [&](double share, std::string_view what) {
                          if (!what.starts_with("checking"))
                              ascends = ascends && share >= std::exchange(last, share);
                      }};
        auto wanted = request(server.url("/file"));
        wanted.bytes = kBytes;
        download(wanted, job);
        expectWhole(wanted, bytes_);
        QVERIFY(ascends);
        QCOMPARE(last, 1.0);
        QVERIFY(server.requests()[0].header("user-agent").starts_with("zipml/"));
    }

    // A server that does not say how much it sends is not read to its end.
    void moreThanTheCatalogueSaysIsNotRead() {
        const std::string chunk = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
        std::string body;
        for (int i = 0; i < 64; ++i)
            body += chunk;
        const HttpServer server([&](const HttpRequest&) {
            return HttpReply{
                200, {"Transfer-Encoding: chunked"}, body + "0\r\n\r\n", std::string::npos, false};
        });
        std::uintmax_t most = 0;
        auto wanted = request(server.url("/large"));
        wanted.bytes = 531;
        const Job job{{}, [&](double, std::string_view) {
                          std::error_code none;
                          const auto size = std::filesystem::file_size(partialFile(wanted.file), none);
                          most = std::max(most, none ? 0 : size);
                      }};
        const QString text = failure(wanted, job);
        QVERIFY2(text.contains("more than the 531 bytes"), qPrintable(text));
        QVERIFY2(most <= 531, qPrintable(QString::number(most)));
        QVERIFY(entries().isEmpty());
    }

    void emptyFile() {
        const HttpServer server([](const HttpRequest&) { return HttpReply{}; });
        const auto wanted = request(server.url("/empty"));
        downloadWhole(wanted, "");
    }

    void redirectsAreFollowedButNotForEver() {
        const HttpServer server([&](const HttpRequest& asked) {
            if (asked.path == "/file")
                return test::fileReply(asked, bytes_, "");
            // A body that is none of the file's.
            return HttpReply{302,
                             {"Location: " + std::string(asked.path == "/moved" ? "/file" : "/loop")},
                             "moved",
                             std::string::npos,
                             false};
        });
        const auto wanted = request(server.url("/moved"));
        downloadWhole(wanted, bytes_);
        std::filesystem::remove(wanted.file);
        const QString text = failure(request(server.url("/loop")));
        QVERIFY2(text.contains("redirected more than"), qPrintable(text));
        QVERIFY(entries().isEmpty());
    }

    // Equal bytes, of which the second request asks for the missing ones only.
    void brokenConnectionGoesOn() {
        const HttpServer server(brokenAtFirst(sends("\"one\"")));
        breakOffAndGoOn(server, bytes_);
        QCOMPARE(server.requests()[1].header("range"), std::string("bytes=300000-"));
        QCOMPARE(server.requests()[1].header("if-range"), std::string("\"one\""));
    }

    void triesAgainByItself() {
        int count = 0;
        const HttpServer server([&](const HttpRequest& asked) {
            ++count;
            if (count == 1)
                return HttpReply{503, {}, "busy", std::string::npos, false};
            auto reply = test::fileReply(asked, bytes_, "\"one\"");
            if (count == 2)
                reply.send = 123'456;
            return reply;
        });
        auto wanted = request(server.url("/file"));
        wanted.retries = 1;
        downloadWhole(wanted, bytes_);
        QCOMPARE(count, 3);
    }

    // The answer to a request for a range is the whole file: it replaces what was there.
    void serverWithoutRanges() {
        const HttpServer server(brokenAtFirst([&](const HttpRequest&) {
            return HttpReply{
                200, {"Last-Modified: Sat, 01 Jan 2011 00:00:00 GMT"}, bytes_, std::string::npos, false};
        }));
        breakOffAndGoOn(server, bytes_);
        QCOMPARE(server.requests()[1].header("if-range"), std::string("Sat, 01 Jan 2011 00:00:00 GMT"));
    }

    void changedFileStartsAnew_data() {
        QTest::addColumn<bool>("ignoresIfRange");
        QTest::newRow("a good server sends all") << false;
        QTest::newRow("one that ignores If-Range sends the rest of another file") << true;
    }
    void changedFileStartsAnew() {
        QFETCH(const bool, ignoresIfRange);
        int count = 0;
        const HttpServer server(brokenAtFirst([&](HttpRequest asked) {
            if (++count == 1)
                return test::fileReply(asked, bytes_, "\"one\"");
            if (ignoresIfRange)
                asked.headers.erase("if-range");
            return test::fileReply(asked, other_, "\"two\"");
        }));
        breakOffAndGoOn(server, other_);
        QCOMPARE(count, ignoresIfRange ? 3 : 2);
    }

    // Without ETag, date and checksum nothing says that two ends belong together.
    void unknownVersionStartsAnew_data() {
        QTest::addColumn<bool>("checksum");
        QTest::newRow("no checksum") << false;
        QTest::newRow("a checksum that tells") << true;
    }
    void unknownVersionStartsAnew() {
        QFETCH(const bool, checksum);
        const HttpServer server(brokenAtFirst(sends("")));
        breakOffAndGoOn(server, bytes_, checksum ? checksumOf(bytes_, "sha256") : "");
        QCOMPARE(server.requests()[1].header("range").empty(), !checksum);
    }

    // As after a stop between the last byte and the name.
    void wholePartialFile() {
        const HttpServer server(sends("\"one\""));
        const auto wanted = request(server.url("/file"));
        {
            PartialFile part(wanted.file);
            part.restart({wanted.url, "\"one\"", "", kBytes});
            QVERIFY(part.append(bytes_));
        }
        downloadWhole(wanted, bytes_);
        QCOMPARE(server.requests().size(), 1U);
    }

    void damagedNotesStartAnew() {
        const HttpServer server(sends("\"one\""));
        const auto wanted = request(server.url("/file"));
        std::ofstream(partialFile(wanted.file)) << "half of something";
        std::ofstream(partialFile(wanted.file).string() + ".json") << "{\"url\": 3";
        downloadWhole(wanted, bytes_);
    }

    void wrongContentsLeaveNothing_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"checksum", "md5", "bytes", "check"})
            QTest::newRow(what) << what;
    }
    void wrongContentsLeaveNothing() {
        QFETCH(const QString, what);
        const HttpServer server(sends(""));
        auto wanted = request(server.url("/file"));
        QStringList said;
        if (what == "checksum" || what == "md5") {
            const std::string kind = what == "md5" ? "md5" : "sha256";
            wanted.checksum = checksumOf(other_, kind);
            said << QString::fromStdString(wanted.checksum)
                 << QString::fromStdString(checksumOf(bytes_, kind));
        } else if (what == "bytes") {
            wanted.bytes = kBytes + 1;
            said << QString::number(kBytes) << QString::number(kBytes + 1);
        } else {
            wanted.check = [](const std::filesystem::path&) { throw InputError("no table"); };
            said << "no table";
        }
        const QString text = failure(wanted);
        for (const auto& each : said)
            QVERIFY2(text.contains(each), qPrintable(text));
        QVERIFY(!text.contains('\n'));
        QVERIFY2(entries().isEmpty(), qPrintable(entries().join(" ")));
    }

    void refusalsSayWhatToDo_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("said");
        QTest::newRow("404") << 404 << "no such file (404)";
        QTest::newRow("410") << 410 << "no such file (410)";
        QTest::newRow("403") << 403 << "does not give this file out (403)";
        QTest::newRow("503") << 503 << "busy or broken (503)";
        QTest::newRow("204") << 204 << "204";
    }
    void refusalsSayWhatToDo() {
        QFETCH(const int, status);
        QFETCH(const QString, said);
        const HttpServer server([&](const HttpRequest&) {
            return HttpReply{status, {}, "<html>no</html>", std::string::npos, false};
        });
        auto wanted = request(server.url("/file"));
        wanted.page = "https://page";
        const QString text = failure(wanted);
        QVERIFY2(text.contains(said) && text.startsWith("http://127.0.0.1"), qPrintable(text));
        QCOMPARE(text.contains("https://page"), status < 500);
        QVERIFY(entries().isEmpty());
    }

    void nobodyAnswers() {
        std::string url;
        {
            const HttpServer server([](const HttpRequest&) { return HttpReply{}; });
            url = server.url("/file");
        } // the port is free again
        const QString text = failure(request(url));
        QVERIFY2(text.contains("no connection") && text.contains("online"), qPrintable(text));
        QVERIFY(entries().isEmpty());
    }

    void silentServerIsGivenUp() {
        const HttpServer server(brokenAtFirst(sends("\"one\""), true));
        auto wanted = request(server.url("/file"));
        wanted.silenceSeconds = 2;
        const QString text = failure(wanted);
        QVERIFY2(text.contains("sent nothing for 2 s") && text.contains("kept"), qPrintable(text));
    }

    void fullDiskKeepsWhatCame() {
        const HttpServer server(sends("\"one\""));
        const auto wanted = request(server.url("/file"));
        {
            const FileSizeLimit limit(400'000);
            const QString text = failure(wanted);
            QVERIFY2(text.contains("disk is full") && text.contains("make room"), qPrintable(text));
        }
        expectPartial();
        downloadWhole(wanted, bytes_);
        QCOMPARE(server.requests().back().header("range"), std::string("bytes=400000-"));
    }

    void stopKeepsWhatCame() {
        const HttpServer server(brokenAtFirst(sends("\"one\""), true));
        const auto wanted = request(server.url("/file"));
        std::stop_source source;
        const Job job{source.get_token(), [&](double share, std::string_view) {
                          if (share > 0.29) // then the server is silent
                              std::thread([source]() mutable { source.request_stop(); }).detach();
                      }};
        QElapsedTimer timer;
        timer.start();
        QVERIFY_THROWS_EXCEPTION(Cancelled, download(wanted, job));
        QVERIFY(timer.elapsed() < 1000 * wanted.silenceSeconds);
        expectPartial();
        downloadWhole(wanted, bytes_);
        QCOMPARE(server.requests().back().header("range"), std::string("bytes=300000-"));
    }

    void oneDownloadAFile() {
        const auto wanted = request("http://127.0.0.1:1/file");
        const PartialFile held(wanted.file);
        const QString text = failure(wanted);
        QVERIFY2(text.contains("another process"), qPrintable(text));
    }

    void checksums() {
        const auto file = std::filesystem::path(folder_->path().toStdString()) / "abc";
        std::ofstream(file) << "abc"; // FIPS 180-2 and RFC 1321
        QCOMPARE(fileChecksum(file, "sha256"),
                 std::string("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(fileChecksum(file, "md5"), std::string("md5:900150983cd24fb0d6963f7d28e17f72"));
        QVERIFY_THROWS_EXCEPTION(InputError, fileChecksum(file, "sha1"));
        QVERIFY_THROWS_EXCEPTION(InputError, fileChecksum(file.string() + "x", "md5"));
        QVERIFY(isChecksum("md5:900150983cd24fb0d6963f7d28e17f72"));
        QVERIFY(!isChecksum("md5:900150983cd24fb0d6963f7d28e17f7"));
        QVERIFY(!isChecksum("md5:900150983CD24FB0D6963F7D28E17F72"));
        QVERIFY(!isChecksum("900150983cd24fb0d6963f7d28e17f72"));
    }
};

QTEST_GUILESS_MAIN(DownloadTest)
#include "download_test.moc"
