#include "accel/device_list.h"

#include <QtTest>

using namespace zipml;

class DeviceListTest : public QObject {
    Q_OBJECT
  private slots:
    void everyDeviceIsDescribed() {
        const auto devices = listOpenClDevices();
        if (devices.empty())
            QSKIP("this machine has no OpenCL driver; install pocl-opencl-icd to have one on the CPU");
        for (const auto& device : devices) {
            QVERIFY(!device.name.empty());
            QVERIFY(!device.platform.empty());
            QVERIFY(device.computeUnits > 0);
            QVERIFY(device.memoryBytes > 0);
        }
    }
};

QTEST_APPLESS_MAIN(DeviceListTest)
#include "device_list_test.moc"
