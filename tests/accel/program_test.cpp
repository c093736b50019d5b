#include "accel/buffer.h"
#include "accel/program.h"
#include "core/base/file.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

constexpr const char* kSource = "kernel void twice(global int* v) { v[get_global_id(0)] *= 2; }";

int twice(const ComputeContext& context, const cl::Program& program, int value) {
    DeviceBuffer<int> buffer(context, std::span<const int>(&value, 1));
    cl::Kernel kernel(program, "twice");
    kernel.setArg(0, buffer.get());
    context.queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1), cl::NullRange);
    return buffer.read().front();
}

template <class Work>
std::string messageOf(Work&& work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class ProgramTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_;
    std::unique_ptr<ComputeContext> context_;

  private slots:
    void initTestCase() {
        qputenv("XDG_CACHE_HOME", cache_.path().toUtf8());
        const auto devices = listOpenClDevices();
        if (devices.empty())
            QSKIP("this machine has no OpenCL driver");
        context_ = std::make_unique<ComputeContext>(devices.front());
        context_->info.keepsPrograms = false; // the cache is what is tested
    }

    void isCachedAndDamageIsRepaired() {
        const auto file = cachedBinary(*context_, kSource, "");
        QVERIFY(!exists(file));
        QCOMPARE(twice(*context_, buildProgram(*context_, "twice", kSource), 21), 42);
        const std::string entry = readFile(file);
        QCOMPARE(twice(*context_, buildProgram(*context_, "twice", kSource), 4), 8);
        for (const std::string& damaged :
             {std::string{}, std::string("foreign"), entry.substr(0, entry.size() / 2), entry + "x"}) {
            writeFileAtomically(file, damaged);
            QCOMPARE(twice(*context_, buildProgram(*context_, "twice", kSource), 5), 10);
            QVERIFY(readFile(file).size() > damaged.size() || damaged == entry + "x");
            QVERIFY(readFile(file) != damaged);
        }
    }

    // PoCL has a cache of its own; for a binary it would compile every kernel once more.
    void whatTheDriverKeepsIsNotKeptTwice() {
        const std::string source = std::string(kSource) + "\n";
        ComputeContext keeping(context_->info);
        keeping.info.keepsPrograms = true;
        QCOMPARE(twice(keeping, buildProgram(keeping, "twice", source), 21), 42);
        QVERIFY(!exists(cachedBinary(keeping, source, "")));
        QCOMPARE(twice(*context_, buildProgram(*context_, "twice", source), 21), 42);
        QVERIFY(exists(cachedBinary(*context_, source, "")));
    }

    void optionsAndSourceHaveEntriesOfTheirOwn() {
        const auto file = cachedBinary(*context_, kSource, "");
        QVERIFY(file != cachedBinary(*context_, kSource, "-DX"));
        QVERIFY(file != cachedBinary(*context_, std::string(kSource) + " ", ""));
    }

    void failedBuildNamesErrorAndLine() {
        try {
            buildProgram(*context_, "broken", "kernel void broken() { nonsense; }");
            QFAIL("was built");
        } catch (const OpenClError& error) {
            const std::string what = error.what();
            QVERIFY2(what.find("CL_BUILD_PROGRAM_FAILURE") != std::string::npos, what.c_str());
            QVERIFY2(what.find("nonsense") != std::string::npos, what.c_str());
            QCOMPARE(what.find('\n'), std::string::npos);
            QVERIFY(error.log().find("nonsense") != std::string::npos);
        }
    }

    void ownImageLoads() {
        const auto binary = binaryOf(buildProgram(*context_, "twice", kSource));
        const std::filesystem::path file = cache_.filePath("image.bin").toStdString();
        writeFileAtomically(file, {reinterpret_cast<const char*>(binary.data()), binary.size()});
        QCOMPARE(twice(*context_, programFromFile(*context_, file), 3), 6);
    }

    void foreignAndEmptyImagesAreRefused() {
        const std::filesystem::path file = cache_.filePath("fake.aocx").toStdString();
        for (const char* bytes : {"", "this is no image", "\177ELF\2\1\1 a foreign one"}) {
            writeFileAtomically(file, bytes);
            const std::string what = messageOf([&] { programFromFile(*context_, file); });
            QVERIFY2(what.find("fake.aocx") != std::string::npos, what.c_str());
            QVERIFY2(what.find("damaged or not made for") != std::string::npos, what.c_str());
            QCOMPARE(what.find('\n'), std::string::npos);
        }
        QVERIFY(messageOf([&] {
                    programFromFile(*context_, cache_.filePath("absent").toStdString());
                }).find("absent") != std::string::npos);
    }

    void tooLargeABufferSaysSo() {
        const std::string what =
            messageOf([&] { DeviceBuffer<char>(*context_, context_->info.mostBufferBytes + 1); });
        QVERIFY2(what.find("cannot allocate") == 0, what.c_str());
        QVERIFY2(what.find("CL_INVALID_BUFFER_SIZE") != std::string::npos, what.c_str());
    }

    void timesAreTaken() {
        const auto program = buildProgram(*context_, "twice", kSource);
        const DeviceBuffer<int> buffer(*context_, 1000);
        cl::Kernel kernel(program, "twice");
        kernel.setArg(0, buffer.get());
        cl::Event event;
        context_->queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1000), cl::NullRange, nullptr,
                                             &event);
        event.wait();
        QVERIFY(deviceTime(event).count() > 0);
    }

    void everyErrorHasAName() {
        QCOMPARE(openClErrorName(CL_OUT_OF_RESOURCES), std::string("CL_OUT_OF_RESOURCES"));
        QCOMPARE(openClErrorName(-9999), std::string("OpenCL error -9999"));
    }

    void noSuchDeviceListsWhatThereIs() {
        const std::string what = messageOf([] { openClDevice("99"); });
        QVERIFY2(what.find("no opencl:99; this machine has opencl:0") != std::string::npos, what.c_str());
    }
};

QTEST_APPLESS_MAIN(ProgramTest)
#include "program_test.moc"
