#include "core/base/page_buffer.h"

#include <QtTest>

#include <algorithm>
#include <vector>

using namespace zipml;

class PageBufferTest : public QObject {
    Q_OBJECT
  private slots:
    void beginsWithZerosAndMoves() {
        PageBuffer buffer(5'000'000);
        QVERIFY(std::all_of(buffer.data(), buffer.data() + buffer.size(),
                            [](unsigned char c) { return c == 0; }));
        buffer.data()[4'999'999] = 7;
        const PageBuffer moved = std::move(buffer);
        QCOMPARE(moved.size(), 5'000'000U);
        QCOMPARE(int{moved.data()[4'999'999]}, 7);
    }

    // Whether pages become huge is the system's business; what they hold stays, whatever the block's size and
    // place.
    void adviceChangesNoContents() {
        for (const std::size_t size : {0U, 1000U, 3U << 20, 20U << 20}) {
            std::vector<unsigned char> bytes(size);
            for (std::size_t i = 0; i < size; ++i)
                bytes[i] = static_cast<unsigned char>(i * 31 >> 7U);
            const auto before = bytes;
            adviseHugePages(bytes.data(), bytes.size());
            QVERIFY(bytes == before);
            bytes.insert(bytes.end(), before.begin(), before.end());
            QVERIFY(
                std::equal(before.begin(), before.end(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
        }
    }
};

QTEST_GUILESS_MAIN(PageBufferTest)
#include "page_buffer_test.moc"
