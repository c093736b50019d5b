// zipml reproduce as a person calls it.

#include "tests/support/zipml_process.h"

#include <QTemporaryDir>
#include <QXmlStreamReader>

using zipml::test::runZipml;

namespace {

QByteArray contents(const QString& file) {
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

} // namespace

class ReproduceTest : public QObject {
    Q_OBJECT
  private slots:
    void tomographyEndToEnd() {
        const QTemporaryDir data, out;
        const QStringList arguments{"reproduce", "tomography", "--quick",  "--data",
                                    data.path(), "-o",         out.path(), "--json"};
        const auto result = runZipml(arguments);
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        const auto claims = result.json()["claims"].toArray();
        QVERIFY(!claims.isEmpty());
        for (const auto& claim : claims)
            for (const char* key : {"name", "paper", "measured", "holds"})
                QVERIFY2(claim.toObject().contains(key), key);
        QVERIFY(QJsonDocument::fromJson(contents(out.filePath("claims.json"))).object()["complete"].toBool());
        const QByteArray html = contents(out.filePath("report.html"));
        QVERIFY(html.startsWith("<!DOCTYPE html>") && html.contains("<svg") &&
                html.trimmed().endsWith("</html>"));
        for (const char* outside : {"<script", "src=\"http", "href=\"http", "url(http"})
            QVERIFY2(!html.contains(outside), outside); // self-contained
        const QByteArray markdown = contents(out.filePath("report.md"));
        QVERIFY(markdown.contains("tomography-12-bits") && markdown.contains("figures/tomography-1.svg"));
        QXmlStreamReader svg(contents(out.filePath("figures/tomography-1.svg")));
        while (!svg.atEnd())
            svg.readNext();
        QVERIFY2(!svg.hasError(), qPrintable(svg.errorString()));
        // A second call measures nothing again.
        const QByteArray records = contents(out.filePath("records/tomography/runs.json"));
        QVERIFY(!records.isEmpty());
        QCOMPARE(runZipml(arguments).exitCode, 0);
        QVERIFY(contents(out.filePath("records/tomography/runs.json")) == records);
    }

    void missingDataIsSkippedByName() {
        const QTemporaryDir data, out;
        const auto result =
            runZipml({"reproduce", "refetch", "--quick", "--data", data.path(), "-o", out.path()});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        QVERIFY(result.out.contains("cod-rna.xz") && result.out.contains("http"));
        QVERIFY(contents(out.filePath("report.html")).contains("cod-rna.xz"));
    }

    void badUsageIsOneLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown") << QStringList{"reproduce", "nothing", "--data", ".", "-o", "out"};
        QTest::newRow("no data") << QStringList{"reproduce", "fpga", "-o", "out"};
        QTest::newRow("no folder") << QStringList{"reproduce", "fpga", "--data", "not-here", "-o", "out"};
        QTest::newRow("out is a file") << QStringList{"reproduce", "fpga", "--data", ".", "-o", "/dev/null"};
    }
    void badUsageIsOneLine() {
        QFETCH(QStringList, arguments);
        const QTemporaryDir folder;
        const auto result = runZipml(arguments, folder.path());
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.oneErrorLine(), qPrintable(result.error));
    }

    void listNamesTheExperiments() {
        const auto result = runZipml({"reproduce", "--list"});
        QCOMPARE(result.exitCode, 0);
        for (const char* name : {"regression", "levels", "refetch", "tomography", "fpga"})
            QVERIFY2(result.out.contains(
                         QRegularExpression(QString("^%1 ").arg(name), QRegularExpression::MultilineOption)),
                     name);
    }
};

QTEST_GUILESS_MAIN(ReproduceTest)
#include "reproduce_test.moc"
