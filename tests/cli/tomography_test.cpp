#include "tests/support/zipml_process.h"

#include <QFile>
#include <QTemporaryDir>

using namespace zipml;

namespace {

const QStringList kSmall{"tomography", "--size", "32", "--angles", "24", "--epochs", "4"};

QByteArray contentsOf(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TomographyCliTest : public QObject {
    Q_OBJECT
  private slots:
    void reportsErrorBytesAndSeconds() {
        const auto result = test::runZipml(kSmall + QStringList{"--bits", "3", "--json"});
        QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        const auto json = result.json();
        QCOMPARE(json["spec"].toObject()["bits"].toInt(), 3);
        QCOMPARE(json["store"].toObject()["bits_per_length"].toInt(), 4); // and the second rounding's
        const auto epochs = json["epochs"].toArray();
        QCOMPARE(epochs.size(), 4);
        const auto last = epochs[3].toObject();
        QVERIFY(last["psnr"].toDouble() > 15 && last["relative_error"].toDouble() < 0.7);
        QCOMPARE(last["bytes_moved"].toDouble(), 4 * epochs[0].toObject()["bytes_moved"].toDouble());
        QVERIFY(last["seconds"].toDouble() > 0);
        QCOMPARE(json["final"].toObject()["psnr"].toDouble(), last["psnr"].toDouble());
        QCOMPARE(json["geometry"].toObject()["rays"].toInt(), 24 * 46);
        const auto again = test::runZipml(kSmall + QStringList{"--bits", "3", "--threads", "1", "--json"});
        QCOMPARE(again.json()["final"].toObject()["psnr"].toDouble(), last["psnr"].toDouble());
    }

    void writesImages() {
        const QTemporaryDir folder;
        const QString png = folder.filePath("image.png"), pgm = folder.filePath("image.pgm");
        QCOMPARE(test::runZipml(kSmall + QStringList{"--image", png}).exitCode, 0);
        QCOMPARE(test::runZipml(kSmall + QStringList{"--image", pgm}).exitCode, 0);
        const QByteArray grey = contentsOf(pgm), header = "P5\n32 32\n255\n";
        QVERIFY(grey.startsWith(header));
        QCOMPARE(grey.size(), header.size() + 32 * 32);
        const auto pixel = [&](int column, int row) {
            return static_cast<int>(static_cast<unsigned char>(grey[header.size() + 32 * row + column]));
        };
        QVERIFY(pixel(16, 2) > pixel(0, 0) + 60); // skull against outside
        // Signature, then the header's width and height, 4 bytes each (PNG specification, 5.2 and 11.2.2).
        const QByteArray picture = contentsOf(png);
        QVERIFY(picture.startsWith("\x89PNG\r\n\x1a\n"));
        QCOMPARE(picture.mid(12, 12), QByteArray("IHDR\0\0\0\x20\0\0\0\x20", 12));
    }

    void linesForPeople() {
        const auto result = test::runZipml(kSmall + QStringList{"--estimator", "full"});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.out.contains("PSNR (dB)") && result.out.contains("Done: Full precision") &&
                result.out.contains("images/s"));
        QVERIFY(result.error.isEmpty()); // no progress bar when piped
    }

    void badInputIsOneLine() {
        for (const auto& [arguments, wanted] : {std::pair{QStringList{"--size", "7"}, "size: 7"},
                                                {QStringList{"--bits", "13"}, "bits: 13"},
                                                {QStringList{"--bits", "four"}, "--bits: 'four'"},
                                                {QStringList{"--noise", "salt"}, "noise: 'salt'"},
                                                {QStringList{"--image", "x.gif"}, ".png or .pgm"},
                                                {QStringList{"--image", "/none/x.png"}, "/none"}}) {
            const auto result = test::runZipml(QStringList{"tomography"} + arguments);
            QCOMPARE(result.exitCode, 2);
            QVERIFY2(result.oneErrorLine() && result.error.contains(wanted), qPrintable(result.error));
        }
    }

    void divergenceIsAFailedRun() {
        const auto result =
            test::runZipml({"tomography", "--size", "32", "--angles", "24", "--epochs", "3000", "--estimator",
                            "corrected", "--scale", "shared", "--bits", "1", "--step", "1.9", "--json"});
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine() && result.error.contains("more bits"), qPrintable(result.error));
        QCOMPARE(result.json()["status"].toString(), "diverged");
    }

    void helpNamesEverySetting() {
        const auto help = test::runZipml({"tomography", "--help"}).out;
        for (const char* flag : {"--phantom", "--size", "--angles", "--detectors", "--noise", "--bits",
                                 "--estimator", "--epochs", "--seed", "--nonnegative", "--json", "--image"})
            QVERIFY2(help.contains(flag), flag);
    }
};

QTEST_APPLESS_MAIN(TomographyCliTest)
#include "tomography_test.moc"
