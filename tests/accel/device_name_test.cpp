#include "accel/device_name.h"

#include "core/base/error.h"

#include <QtTest>

using namespace zipml;

namespace {

const std::vector<std::string> kNames{
    "pthread-EPYC (Portable Computing Language 3.1)", "llvmpipe (LLVM 15.0.6 256 bits) (rusticl 22.3.6)",
    "NVIDIA H200 (NVIDIA CUDA 580.1)", "NVIDIA H200 (NVIDIA CUDA 580.1) #2"};

std::string refusalOf(std::string_view which, std::span<const std::string> names = kNames) {
    try {
        deviceMeant(which, names, "opencl", "there is no driver");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

} // namespace

class DeviceNameTest : public QObject {
    Q_OBJECT
  private slots:
    void aNameHoldsWhatResultsDependOn() {
        QCOMPARE(deviceNameOf("llvmpipe (LLVM 15, 256 bits)", "rusticl", "22.3.6"),
                 std::string("llvmpipe (LLVM 15 256 bits) (rusticl 22.3.6)"));
        std::vector<std::string> names{"a", "b", "a", "a"};
        tellApart(names);
        QCOMPARE(names, (std::vector<std::string>{"a", "b", "a #2", "a #3"}));
    }

    void aPlaceAWholeNameOrPartOfOneIsMeant() {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            QCOMPARE(deviceMeant(std::to_string(i), kNames, "opencl", ""), i);
            QCOMPARE(deviceMeant(kNames[i], kNames, "opencl", ""), i); // though it is a part of the next, too
        }
        QCOMPARE(deviceMeant("EPYC", kNames, "opencl", ""), std::size_t{0});
        QCOMPARE(deviceMeant("Rusticl", kNames, "opencl", ""), std::size_t{1});
    }

    // A driver's other version is another device: it may compute otherwise.
    void whatIsNotThereIsRefusedWithWhatIs() {
        for (const char* which : {"4", "99", "-1", "0x", "pthread-EPYC (Portable Computing Language 6.0)"}) {
            const std::string what = refusalOf(which);
            QVERIFY2(what.find(std::string("no opencl:") + which +
                               "; this machine has opencl:0 (pthread-EPYC") != std::string::npos,
                     what.c_str());
        }
        QVERIFY(refusalOf("NVIDIA").find("opencl:NVIDIA may be several devices") != std::string::npos);
        QCOMPARE(refusalOf("0", {}),
                 std::string("device: there is no opencl:0, because there is no driver, or use device cpu"));
    }
};

QTEST_APPLESS_MAIN(DeviceNameTest)
#include "device_name_test.moc"
