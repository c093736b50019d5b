#include "core/deep/image_set.h"
#include "core/deep/minibatch.h"
#include "tests/support/compress.h"
#include "tests/support/real_data.h"

#include <QTemporaryDir>

#include <numeric>
#include <set>

using namespace zipml;
using namespace zipml::deep;
using Path = std::filesystem::path;

namespace {

/// Records of CIFAR's form, the pixels all different.
std::string cifarRecords(int count, int firstLabel = 0) {
    std::string bytes;
    for (int i = 0; i < count; ++i) {
        bytes.push_back(static_cast<char>((firstLabel + i) % 10));
        for (int p = 0; p < 3072; ++p)
            bytes.push_back(static_cast<char>((p * 7 + i * 31 + p / 256) % 256));
    }
    return bytes;
}

std::string bigEndian(std::initializer_list<std::uint32_t> numbers) {
    std::string bytes;
    for (const auto number : numbers)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<char>(number >> shift & 255U));
    return bytes;
}

std::string idxImages(std::uint32_t count, std::uint32_t side) {
    std::string bytes = bigEndian({2051, count, side, side});
    for (std::uint32_t i = 0; i < count * side * side; ++i)
        bytes.push_back(static_cast<char>(i % 251));
    return bytes;
}

std::string idxLabels(std::uint32_t count, int largest = 9) {
    std::string bytes = bigEndian({2049, count});
    for (std::uint32_t i = 0; i < count; ++i)
        bytes.push_back(static_cast<char>(i + 1 == count ? largest : static_cast<int>(i % 10)));
    return bytes;
}

void write(const Path& file, const std::string& bytes) {
    test::writeCompressed(file, bytes, "none");
}

/// The message of the InputError that loading the folder throws, or "".
std::string messageOf(const std::string& source) {
    try {
        loadImageData(source, 1);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

bool says(const std::string& message, std::initializer_list<const char*> parts) {
    return message.find('\n') == std::string::npos && std::ranges::all_of(parts, [&](const char* part) {
               return message.find(part) != std::string::npos;
           });
}

} // namespace

#define SAYS(source, ...)                                                                                    \
    do {                                                                                                     \
        const std::string message = messageOf(source);                                                       \
        QVERIFY2(says(message, __VA_ARGS__), message.c_str());                                               \
    } while (false)

class ImagesTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    Path at(const char* name) const { return folder_.filePath(name).toStdString(); }
    /// An empty folder.
    Path fresh(const char* name) const {
        std::filesystem::remove_all(at(name));
        std::filesystem::create_directory(at(name));
        return at(name);
    }
  private slots:
    void readsCifarPlainAndPacked_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("ending");
        QTest::newRow("plain") << "none"
                               << "";
        QTest::newRow("gzip") << "gzip"
                              << ".gz";
        QTest::newRow("bzip2") << "bzip2"
                               << ".bz2";
        QTest::newRow("xz") << "xz"
                            << ".xz";
        QTest::newRow("zstd") << "zstd"
                              << ".zst";
    }
    void readsCifarPlainAndPacked() {
        QFETCH(QString, filter);
        QFETCH(QString, ending);
        const Path folder = fresh("cifar");
        const auto pack = [&](const std::string& name, const std::string& bytes) {
            test::writeCompressed(folder / (name + ending.toStdString()), bytes, filter.toStdString());
        };
        pack("data_batch_1.bin", cifarRecords(7));
        pack("data_batch_2.bin", cifarRecords(5, 3));
        pack("test_batch.bin", cifarRecords(4, 6));
        const ImageData data = loadImageData(folder.string(), 1);
        QCOMPARE(data.train.size(), std::size_t(12));
        QCOMPARE(data.test.size(), std::size_t(4));
        QCOMPARE(data.train.labels, (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 7}));
        const std::string expected = cifarRecords(5, 3);
        const auto image = data.train.image(7 + 2);
        for (std::size_t p = 0; p < 3072; ++p)
            QCOMPARE(image[p], static_cast<std::uint8_t>(expected[2 * 3073 + 1 + p]));
        const ImageData few = loadImageData(folder.string(), 1, 3, 2);
        QCOMPARE(few.train.size(), std::size_t(3));
        QCOMPARE(few.train.pixels.size(), std::size_t(3 * 3072));
        QCOMPARE(few.test.size(), std::size_t(2));
    }

    void readsIdx() {
        const Path folder = fresh("mnist");
        for (const char* part : {"train", "t10k"}) {
            write(folder / (std::string(part) + "-images-idx3-ubyte"), idxImages(12, 9));
            test::writeCompressed(folder / (std::string(part) + "-labels-idx1-ubyte.gz"), idxLabels(12),
                                  "gzip");
        }
        const ImageData data = loadImageData(folder.string() + "/", 1);
        QCOMPARE(data.name, std::string("mnist"));
        QVERIFY(!data.mirrorable);
        QCOMPARE(data.train.shape, (Shape{1, 9, 9}));
        QCOMPARE(data.train.size(), std::size_t(12));
        QCOMPARE(data.train.image(2)[5], std::uint8_t((2 * 81 + 5) % 251));
        QCOMPARE(data.train.labels[3], std::uint8_t(3));
    }

    void readsCifar100WithFineOrCoarseLabels() {
        const Path folder = fresh("cifar100");
        const auto records = [](int count, int first) {
            std::string bytes;
            for (int i = 0; i < count; ++i) {
                bytes += static_cast<char>((first + i) / 5);
                bytes += static_cast<char>(first + i);
                for (int p = 0; p < 3072; ++p)
                    bytes += static_cast<char>(p % 251 + i);
            }
            return bytes;
        };
        write(folder / "train.bin", records(6, 90));
        test::writeCompressed(folder / "test.bin.gz", records(3, 97), "gzip");
        ImageData data = loadImageData(folder.string(), 1, 5, 0);
        QCOMPARE(data.name, std::string("cifar100"));
        QCOMPARE(data.classes.size(), std::size_t(100));
        QCOMPARE(data.train.size(), std::size_t(5));
        QCOMPARE(data.test.labels, (std::vector<std::uint8_t>{97, 98, 99}));
        QVERIFY(data.train.image(2)[0] == 2 && data.train.image(2)[1024] == 1024 % 251 + 2);
        std::string names;
        for (int i = 0; i < 20; ++i)
            names += "coarse" + std::to_string(i) + "\n";
        write(folder / "coarse_label_names.txt", names);
        data = loadImageData(folder.string() + ":coarse", 1);
        QCOMPARE(data.test.labels, (std::vector<std::uint8_t>{19, 19, 19}));
        QCOMPARE(data.classes.back(), std::string("coarse19"));
        write(folder / "data_batch_1.bin", cifarRecords(2));
        SAYS(folder.string(), {"test.bin.gz", "CIFAR-100", "keep them apart"});
        std::filesystem::remove(folder / "train.bin");
        SAYS(folder.string() + ":coarse", {"data_batch_1.bin", "CIFAR-10,", ":coarse"});
    }

    void readsStl10Upright() {
        const Path folder = fresh("stl10");
        const std::size_t plane = std::size_t{96} * 96;
        std::string pixels(2 * 3 * plane, '\0');
        pixels[1 * plane + 5 * 96 + 7] = 42; // green, column 5, row 7
        pixels[4 * plane + 95 * 96] = 43;    // the second image's green, last column, first row
        for (const std::string part : {"train", "test"}) {
            write(folder / (part + "_X.bin"), pixels);
            write(folder / (part + "_y.bin"), "\1\xA");
        }
        const ImageData data = loadImageData(folder.string(), 1, 0, 1);
        QCOMPARE(data.name, std::string("stl10"));
        QCOMPARE(data.train.labels, (std::vector<std::uint8_t>{0, 9}));
        QCOMPARE(data.test.size(), std::size_t(1));
        QVERIFY(data.train.shape == (Shape{3, 96, 96}));
        QCOMPARE(data.train.image(0)[plane + 7 * 96 + 5], std::uint8_t(42));
        QCOMPARE(data.train.image(1)[plane + 95], std::uint8_t(43));
        QCOMPARE(std::accumulate(data.train.pixels.begin(), data.train.pixels.end(), 0), 85);
        write(folder / "test_y.bin", "\1");
        SAYS(folder.string(), {"test_y.bin", "1 labels for the 2 images"});
        write(folder / "test_y.bin", std::string("\1\0", 2));
        SAYS(folder.string(), {"test_y.bin", "image 2", "label 0", "1 to 10"});
        write(folder / "test_X.bin", pixels.substr(1));
        SAYS(folder.string(), {"test_X.bin", "27648", "cut short"});
        std::filesystem::remove(folder / "test_X.bin");
        SAYS(folder.string(), {"test_X.bin is missing"});
    }

    void badFilesAreRefusedInOneLine() {
        SAYS(at("nowhere").string(), {"is not a folder", "'shapes'"});
        Path folder = fresh("bad");
        SAYS(folder.string(), {"neither CIFAR-10", "nor MNIST"});
        write(folder / "train.bin", cifarRecords(3));
        SAYS(folder.string(), {"no test images"});
        write(folder / "test.bin", cifarRecords(3).substr(0, 4000));
        SAYS(folder.string(), {"test.bin", "4000 bytes", "3073", "cut short"});
        std::string wrong = cifarRecords(3);
        wrong[3073] = 10;
        write(folder / "test.bin", wrong);
        SAYS(folder.string(), {"test.bin", "image 2", "label 10", "0 to 9"});
        test::writeCompressed(folder / "whole", cifarRecords(3), "xz");
        std::filesystem::remove(folder / "test.bin");
        std::filesystem::rename(folder / "whole", folder / "test.bin.xz");
        std::filesystem::resize_file(folder / "test.bin.xz",
                                     std::filesystem::file_size(folder / "test.bin.xz") / 2);
        SAYS(folder.string(), {"test.bin.xz", "damaged or cut short"});
        std::filesystem::remove(folder / "test.bin.xz");
        write(folder / "test.bin", "");
        SAYS(folder.string(), {"test.bin", "empty"});

        folder = fresh("idx");
        const auto images = [&](const std::string& bytes) {
            write(folder / "train-images-idx3-ubyte", bytes);
        };
        const auto labels = [&](const std::string& bytes) {
            write(folder / "train-labels-idx1-ubyte", bytes);
        };
        images(idxImages(5, 9));
        SAYS(folder.string(), {"train-labels-idx1-ubyte is missing"});
        labels(idxLabels(4));
        SAYS(folder.string(), {"4 labels", "5 images"});
        labels(idxLabels(5, 17));
        SAYS(folder.string(), {"image 5", "label 17"});
        labels("label,value\n1,2\n");
        SAYS(folder.string(), {"is not an IDX file of labels"});
        labels(idxLabels(5));
        images(idxImages(5, 9).substr(0, 100));
        SAYS(folder.string(), {"announces 5 images", "cut short"});
        images(bigEndian({2051, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}) + "abc");
        SAYS(folder.string(), {"cut short"});
        images(idxLabels(5));
        SAYS(folder.string(), {"is not an IDX file of images"});
        images(bigEndian({2051, 0, 9, 9}));
        labels(bigEndian({2049, 0}));
        SAYS(folder.string(), {"0 images"});
        SAYS("shapes:0", {"shapes:0", "1 to"});
        SAYS("shapes:12x", {"shapes:12x"});
    }

    void shapesAreAFunctionOfTheSeed() {
        const ImageSet all = drawShapes(60, 5);
        QCOMPARE(drawShapes(60, 5).pixels, all.pixels);
        const ImageSet later = drawShapes(20, 5, 40); // image by image, not in a row of draws
        QVERIFY(std::ranges::equal(later.pixels, std::span(all.pixels).subspan(40 * all.shape.size())));
        QVERIFY(drawShapes(60, 6).pixels != all.pixels);
        QCOMPARE(std::set<int>(all.labels.begin(), all.labels.end()).size(), shapeClasses().size());
        const ImageData data = loadImageData("shapes:100", 5, 0, 100);
        QVERIFY(data.train.pixels != data.test.pixels);
    }

    void realFilesHaveTheirKnownValues() {
        NEEDS_REAL_DATA("mnist");
        NEEDS_REAL_DATA("cifar10");
        const ImageData digits = loadImageData((test::dataFolder() / "mnist").string(), 1);
        QCOMPARE(digits.train.size(), std::size_t(60000));
        QCOMPARE(std::accumulate(digits.train.pixels.begin(), digits.train.pixels.end(), std::uint64_t{0}),
                 std::uint64_t{1567298545});
        QVERIFY(std::ranges::equal(std::span(digits.train.labels).first(10),
                                   std::vector<std::uint8_t>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}));
        QVERIFY(std::ranges::equal(std::span(digits.test.labels).first(10),
                                   std::vector<std::uint8_t>{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}));
        const ImageData photos = loadImageData((test::dataFolder() / "cifar10").string(), 1, 5000);
        QCOMPARE(photos.train.size(), std::size_t(5000));
        QCOMPARE(photos.test.size(), std::size_t(9966));
        const auto mean = meanImage(photos.train, MeanKind::Channel);
        const double official[] = {0.4914, 0.4822, 0.4465};
        for (std::size_t c = 0; c < 3; ++c)
            QVERIFY(std::abs(mean[c * 1024] / 255 - official[c]) < 0.01);
    }

    void anEpochHasEachImageAtMostOnce() {
        const ImageSet set = drawShapes(53, 1);
        std::vector<float> zero(set.shape.size());
        MinibatchSource source(set, zero, 1, 10, Augmentation::None, 3);
        QCOMPARE(source.batchesAnEpoch(), 5);
        std::vector<std::set<std::vector<float>>> epochs(2);
        std::vector<float> first;
        for (int i = 0; i < 10; ++i) {
            source.fill(i);
            for (std::size_t k = 0; k < 10; ++k) {
                const auto image = source.images().subspan(k * set.shape.size(), set.shape.size());
                epochs[static_cast<std::size_t>(i / 5)].emplace(image.begin(), image.end());
            }
            if (i == 0)
                first.assign(source.images().begin(), source.images().end());
        }
        QCOMPARE(epochs[0].size(), std::size_t(50));
        QCOMPARE(epochs[1].size(), std::size_t(50));
        source.fill(0); // a function of the iteration
        QVERIFY(std::ranges::equal(first, source.images()));
        source.fill(5);
        QVERIFY(!std::ranges::equal(first, source.images()));
    }

    // Every varied image is one of the 2 * 9 * 9 possible variations of its original, and all kinds occur.
    void variationsAreMirroredShifts_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("distinct"); // variations of one image over 400 epochs, at least
        QTest::newRow("flip") << static_cast<int>(Augmentation::Flip) << 2;
        QTest::newRow("crop") << static_cast<int>(Augmentation::Crop) << 70;
        QTest::newRow("crop-flip") << static_cast<int>(Augmentation::CropFlip) << 130;
    }
    void variationsAreMirroredShifts() {
        QFETCH(int, kind);
        QFETCH(int, distinct);
        const auto augmentation = static_cast<Augmentation>(kind);
        const ImageSet set = drawShapes(1, 1);
        const std::vector<float> mean(set.shape.size(), 128);
        MinibatchSource source(set, mean, 1, 1, augmentation, 3);
        const auto original = [&](int c, int y, int x) {
            return y < 0 || x < 0 || y > 31 || x > 31
                       ? 0.0F
                       : set.pixels[static_cast<std::size_t>((c * 32 + y) * 32 + x)] - 128.0F;
        };
        const auto variation = [&](bool flip, int down, int right) {
            std::vector<float> pixels;
            for (int c = 0; c < 3; ++c)
                for (int y = 0; y < 32; ++y)
                    for (int x = 0; x < 32; ++x)
                        pixels.push_back(original(c, y - down, (flip ? 31 - x : x) - right));
            return pixels;
        };
        std::set<std::vector<float>> possible;
        for (const bool flip : {false, true})
            for (int down = -4; down <= 4; ++down)
                for (int right = -4; right <= 4; ++right)
                    if ((!flip || augmentation != Augmentation::Crop) &&
                        ((down == 0 && right == 0) || augmentation != Augmentation::Flip))
                        possible.insert(variation(flip, down, right));
        std::set<std::vector<float>> found;
        for (int epoch = 0; epoch < 400; ++epoch) {
            source.fill(epoch);
            std::vector<float> image(source.images().begin(), source.images().end());
            QVERIFY(possible.contains(image));
            found.insert(std::move(image));
        }
        QVERIFY2(static_cast<int>(found.size()) >= distinct, qPrintable(QString::number(found.size())));
    }

    void meanIsSubtracted() {
        const ImageSet set = drawShapes(40, 2);
        for (const auto kind : {MeanKind::Pixel, MeanKind::Channel}) {
            const auto mean = meanImage(set, kind);
            std::vector<double> sums(set.shape.size());
            std::vector<float> out(set.shape.size());
            for (std::size_t i = 0; i < set.size(); ++i) {
                normalise(set.image(i), mean, 0.5, out);
                QVERIFY(std::abs(out[7] - 0.5 * (set.image(i)[7] - mean[7])) < 1e-4);
                for (std::size_t p = 0; p < out.size(); ++p)
                    sums[p] += out[p];
            }
            for (std::size_t c = 0; c < 3; ++c)
                QVERIFY(std::abs(std::accumulate(sums.begin() + static_cast<std::ptrdiff_t>(c * 1024),
                                                 sums.begin() + static_cast<std::ptrdiff_t>(c * 1024 + 1024),
                                                 0.0)) < 1);
            if (kind == MeanKind::Pixel)
                for (const double sum : sums)
                    QVERIFY(std::abs(sum) < 1e-2);
        }
    }
};

QTEST_GUILESS_MAIN(ImagesTest)
#include "images_test.moc"
