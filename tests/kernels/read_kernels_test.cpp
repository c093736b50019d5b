#include "core/base/page_buffer.h"
#include "core/base/random.h"
#include "core/kernels/read_kernels.h"

#include <QtTest>

#include <cstring>

using namespace zipml;

class ReadKernelsTest : public QObject {
    Q_OBJECT
  private slots:
    // The xor of all words tells whether each was read, once.
    void everyWordIsRead() {
        const std::size_t bytes = 37 * kReadGranule;
        PageBuffer buffer(bytes);
        const RandomStream stream(1, Purpose::Synthetic);
        std::uint64_t expected = 0;
        for (std::size_t at = 0; at < bytes; at += sizeof expected) {
            const auto words = stream.words(static_cast<std::uint32_t>(at), 0);
            const std::uint64_t word = std::uint64_t{words[0]} << 32U | words[1];
            std::memcpy(buffer.data() + at, &word, sizeof word);
            expected ^= word;
        }
        for (const Isa isa : availableIsas())
            for (const ReadLoop read : readKernels(isa).read)
                for (const std::size_t ahead : {0, 64, 4096})
                    QCOMPARE(read(buffer.data(), bytes, ahead), expected);
    }
};

QTEST_GUILESS_MAIN(ReadKernelsTest)
#include "read_kernels_test.moc"
