#include "accel/accel.h"
#include "accel/fpga/fit.h"
#include "accel/fpga/image.h"
#include "accel/fpga/kernel_source.h"
#include "accel/fpga/self_test.h"
#include "core/base/file.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

template <class Work>
QString messageOf(Work&& work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

/// Images that a driver takes are PoCL's own; those of Intel and Xilinx are only checked from outside.
class ImageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        qputenv("XDG_CACHE_HOME", folder_.filePath("cache").toUtf8());
        const auto devices = listOpenClDevices();
        if (devices.empty() || devices.front().platform != "Portable Computing Language")
            QSKIP("this machine has no PoCL as its first OpenCL device, whose binaries serve as images here");
        context_ = std::make_unique<ComputeContext>(devices.front());
        const auto binary = binaryOf(buildProgram(*context_, "fpga", fpgaKernelSource(),
                                                  "-cl-std=CL1.2 " + fpgaBuildOptions(design_)));
        image_.assign(binary.begin(), binary.end());
    }
    void init() {
        QVERIFY(QDir(images()).removeRecursively());
        QVERIFY(QDir().mkpath(images()));
    }

    void loadedImageEqualsTheReference() {
        put(".poclbin", image_);
        put(".poclbin.cksum", sumsOf(image_));
        qputenv("ZIPML_FPGA_IMAGES", images().toUtf8());
        FpgaPipeline pipeline(*context_, design_, fpgaImageFolder());
        const FpgaLines lines =
            packFpgaLines(design_, std::vector<float>(90 * 7, 0.3F), std::vector<float>(7, 2.0F), 90, 1);
        std::vector<std::int32_t> model(90, 1 << 20), expected = model;
        pipeline.load(lines);
        for (const std::size_t delay : {1U, 3U}) {
            pipeline.run(FpgaEpoch{6, 1, delay}, std::span(model));
            runFpgaReference(lines, {6, 1, delay}, expected);
            QCOMPARE(model, expected);
        }
    }

    void checksumIsThatOfCksum() {
        for (const QByteArray& text : {QByteArray(), QByteArray("a"), QByteArray(1000, '\xfe')}) {
            QProcess cksum;
            cksum.start("cksum", QStringList{});
            cksum.write(text);
            cksum.closeWriteChannel();
            QVERIFY(cksum.waitForFinished());
            QCOMPARE(posixChecksum({text.data(), static_cast<std::size_t>(text.size())}),
                     cksum.readAllStandardOutput().split(' ').front().toUInt());
        }
    }

    void damagedImagesAreRefused() {
        put(".poclbin", image_);
        QCOMPARE(load(),
                 file(".poclbin.cksum") + ": there is no checksum of the image; write it by 'cksum < IMAGE'");
        put(".poclbin.cksum", sumsOf(image_));
        QCOMPARE(load(), "no error");
        put(".poclbin", image_.substr(0, image_.size() / 2));
        QCOMPARE(load(), file(".poclbin") + ": the FPGA image is damaged: it has " +
                             QString::number(image_.size() / 2) + " bytes instead of " +
                             QString::number(image_.size()) + "; copy or build it anew");
        std::string flipped = image_;
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
        put(".poclbin", flipped);
        QCOMPARE(load(), file(".poclbin") + ": the FPGA image is damaged: its checksum is not that of "
                                            "zipml_q4_unit.poclbin.cksum; copy or build it anew");
        put(".poclbin.cksum", "nonsense");
        QVERIFY(load().contains("this is not what cksum prints"));
    }

    void truncatedXclbinIsSeenByItsHeader() {
        std::string bytes("xclbin2\0", 8);
        bytes.resize(1000);
        bytes[304 + 1] = 8; // states 2048 bytes
        put(".xclbin", bytes);
        QVERIFY2(load().contains("it has 1000 bytes and states 2048"), qPrintable(load()));
        put(".xclbin", bytes.substr(0, 20));
        QVERIFY2(load().contains("it has 20 bytes and states 0"), qPrintable(load()));
    }

    void truncatedAocxIsSeenByItsHeader() {
        std::string bytes("\177ELF\2", 5);
        bytes.resize(1000);
        bytes[0x28 + 1] = 4; // section headers at 1024
        put(".aocx", bytes);
        QVERIFY2(load().contains("it has 1000 bytes and states 1024"), qPrintable(load()));
    }

    void foreignFilesAreRefused() {
        for (const char* extension : {".aocx", ".xclbin", ".poclbin"}) {
            init();
            put(extension, "#!/bin/sh\n");
            QVERIFY2(load().startsWith(file(extension) + ": this is no FPGA image"), qPrintable(load()));
            put(extension, "");
            QVERIFY2(load().startsWith(file(extension) + ": this is no FPGA image"), qPrintable(load()));
        }
    }

    /// Whole, and of another vendor: PoCL says no.
    void anotherDevicesImageIsRefused() {
        put(".aocx", std::string("\177ELF\2", 5) + std::string(100, '\0'));
        QVERIFY2(
            load().contains("cannot load the image " + file(".aocx") + ", which is damaged or not made for "),
            qPrintable(load()));
    }

    /// What settings show of a folder.
    void foldersAreDescribed() {
        const std::filesystem::path folder = images().toStdString();
        QVERIFY(messageOf([&] { describeFpgaImages(folder); }).contains("no FPGA image is here"));
        put(".poclbin", image_);
        put(".poclbin.cksum", sumsOf(image_));
        QCOMPARE(describeFpgaImages(folder), std::string("1 image, made by PoCL: q4_unit"));
        put(".aocx", std::string("\177ELF\2", 5) + std::string(100, '\0'));
        QCOMPARE(describeFpgaImages(folder), std::string("2 images, made by aoc and PoCL: q4_unit, q4_unit"));
        put(".poclbin", image_.substr(0, 100));
        QVERIFY(messageOf([&] { describeFpgaImages(folder); }).contains("the FPGA image is damaged"));
    }

    /// Its sums are right and its name is not: seen before anything is trained.
    void anotherDesignUnderThisNameIsRefused() {
        for (const FpgaDesign& inside : fpgaDesigns()) {
            const auto binary = binaryOf(buildProgram(*context_, "fpga", fpgaKernelSource(),
                                                      "-cl-std=CL1.2 " + fpgaBuildOptions(inside)));
            const std::string bytes(binary.begin(), binary.end());
            put(".poclbin", bytes);
            put(".poclbin.cksum", sumsOf(bytes));
            FpgaPipeline pipeline(*context_, design_, std::filesystem::path(images().toStdString()));
            const QString found = QString::fromStdString(fpgaDesignMismatch(pipeline));
            if (inside.name() == design_.name())
                QCOMPARE(found, QString());
            else
                QVERIFY2(found.contains(QString::fromStdString(inside.name())), qPrintable(found));
        }
        setFpgaImageFolder(images().toStdString()); // of which the last is not the design of the name
        Dataset train;
        train.name = "rows";
        train.rows = 32;
        train.features = 3;
        train.values.assign(96, 0.5F);
        train.labels.assign(32, 1.0F);
        const Dataset none;
        const GradientMethod method(EstimatorKind::DoublePlain);
        const std::vector<Grid> grids(train.features, fpgaGrid(design_));
        const StoreOptions store{design_.bits, 2, Rounding::Stochastic, 9};
        const auto device = fpgaBackend()->open("0", {});
        const QString message = messageOf([&] {
            (void)device->makeTrainer({train, none, grids, method, store, 16, true, 1});
        });
        setFpgaImageFolder({});
        QVERIFY2(message.startsWith(file(".poclbin")) &&
                     message.contains("is no image of the design q4_unit"),
                 qPrintable(message));
    }

    /// A device whose images are in the folder is a board; another one is emulated. What was set wins over
    /// the environment, and can be taken back.
    void theFolderDecidesWhatIsABoard() {
        qunsetenv("ZIPML_FPGA_IMAGES");
        QVERIFY(listFpgaDevices().front().emulated);
        put(".poclbin", image_);
        put(".poclbin.cksum", sumsOf(image_));
        qputenv("ZIPML_FPGA_IMAGES", "/nowhere");
        QVERIFY(listFpgaDevices().front().emulated);
        setFpgaImageFolder(images().toStdString());
        const FpgaDevice board = fpgaDevice("0");
        QVERIFY(!board.emulated);
        QCOMPARE(board.images, std::filesystem::path(images().toStdString()));
        const auto designs = designsOf(board);
        QCOMPARE(designs.size(), std::size_t{1});
        QCOMPARE(designs.front().name(), design_.name());
        const auto results = fpgaSelfTest(*context_, board, {true});
        QCOMPARE(results.size(), std::size_t{1});
        QVERIFY2(results.front().passed(), results.front().failure.c_str());
        setFpgaImageFolder({});
        QCOMPARE(fpgaImageFolder(), std::filesystem::path("/nowhere"));
        qunsetenv("ZIPML_FPGA_IMAGES");
    }

    void missingImagesAndFoldersAreSaid() {
        QCOMPARE(load(), images() + ": no image of the design q4_unit; looked for zipml_q4_unit.aocx, "
                                    "zipml_q4_unit.xclbin, zipml_q4_unit.poclbin");
        QVERIFY(messageOf([&] {
                    loadFpgaImage(*context_, design_, "/nowhere");
                }).startsWith("/nowhere: no such folder of FPGA images; set ZIPML_FPGA_IMAGES"));
        qunsetenv("ZIPML_FPGA_IMAGES");
        QVERIFY(fpgaImageFolder().empty());
    }

  private:
    QString images() const { return folder_.filePath("images"); }
    QString file(const QString& extension) const { return images() + "/zipml_q4_unit" + extension; }
    void put(const QString& extension, const std::string& bytes) {
        writeFileAtomically(file(extension).toStdString(), bytes);
    }
    static std::string sumsOf(const std::string& bytes) {
        return std::to_string(posixChecksum(bytes)) + " " + std::to_string(bytes.size()) + "\n";
    }
    QString load() {
        return messageOf([this] { loadFpgaImage(*context_, design_, images().toStdString()); });
    }

    QTemporaryDir folder_;
    const FpgaDesign design_{4, true};
    std::unique_ptr<ComputeContext> context_;
    std::string image_; ///< PoCL's binary of the design
};

QTEST_APPLESS_MAIN(ImageTest)
#include "image_test.moc"
