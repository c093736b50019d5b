// CRC-32C against the examples of RFC 3720, appendix B.4, and every set of instructions against the scalar one.

#include "core/kernels/checksum_kernels.h"
#include "core/quant/block_sums.h"

#include <QtTest>

#include <numeric>
#include <random>
#include <vector>

using namespace zipml;

namespace {

std::vector<unsigned char> drawn(std::size_t count) {
    std::mt19937 draw(3);
    std::vector<unsigned char> bytes(count);
    for (unsigned char& byte : bytes)
        byte = static_cast<unsigned char>(draw());
    return bytes;
}

} // namespace

class ChecksumTest : public QObject {
    Q_OBJECT
  private slots:
    void publishedExamples() {
        std::vector<unsigned char> zeros(32, 0), ones(32, 0xFF), up(32);
        std::iota(up.begin(), up.end(), static_cast<unsigned char>(0));
        const std::vector<unsigned char> down(up.rbegin(), up.rend());
        for (const Isa isa : availableIsas()) {
            const auto checksum = checksumKernels(isa).checksum;
            QCOMPARE(checksum(0, zeros.data(), 32), 0x8A9136AAU);
            QCOMPARE(checksum(0, ones.data(), 32), 0x62A8AB43U);
            QCOMPARE(checksum(0, up.data(), 32), 0x46DD794EU);
            QCOMPARE(checksum(0, down.data(), 32), 0x113FDB5CU);
            QCOMPARE(checksum(0, reinterpret_cast<const unsigned char*>("123456789"), 9), 0xE3069283U);
        }
    }

    void setsAndPartsAgree() {
        const auto bytes = drawn(7000);
        for (const Isa isa : availableIsas()) {
            const ChecksumKernels& kernels = checksumKernels(isa);
            for (std::size_t count = 0; count < 40; ++count)
                QCOMPARE(kernels.checksum(5, bytes.data() + 1, count),
                         kChecksumScalar.checksum(5, bytes.data() + 1, count));
            for (const std::size_t cut : {0U, 1U, 8U, 13U, 6999U}) // in two parts
                QCOMPARE(kernels.checksum(kernels.checksum(0, bytes.data(), cut), bytes.data() + cut,
                                          bytes.size() - cut),
                         kChecksumScalar.checksum(0, bytes.data(), bytes.size()));
            for (const std::size_t size : {1U, 7U, 8U, 100U, 1003U}) {
                const std::size_t blocks = bytes.size() / size;
                std::vector<std::uint32_t> sums(blocks);
                kernels.ofBlocks(bytes.data(), size, blocks, sums.data());
                for (std::size_t block = 0; block < std::min<std::size_t>(blocks, 50); ++block)
                    QCOMPARE(sums[block], kChecksumScalar.checksum(0, bytes.data() + block * size, size));
            }
        }
    }

    // In whatever parts the bytes come.
    void blocksOfAStream() {
        const auto bytes = drawn(3 * kBlockBytes + 77);
        std::vector<std::uint32_t> whole(4);
        sumBlocks(bytes, whole.data());
        for (const std::size_t part : {std::size_t{999}, kBlockBytes, kBlockBytes + 1, bytes.size()}) {
            BlockSums stream;
            for (std::size_t at = 0; at < bytes.size(); at += part)
                stream.add(std::span(bytes).subspan(at, std::min(part, bytes.size() - at)));
            QCOMPARE(stream.sums(), whole);
        }
    }
};

QTEST_APPLESS_MAIN(ChecksumTest)
#include "checksum_test.moc"
