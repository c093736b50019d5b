#include "core/kernels/copy_loops.h"

namespace zipml {
namespace {

void divide(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups) {
    for (std::size_t i = 0; i < size; ++i) {
        ups[i] = tables.ups[codes[i]];
        codes[i] = tables.lower[codes[i]];
    }
}

void choose(const CopyTables& tables, std::size_t lines, const unsigned char* own,
            const unsigned char* shared, unsigned char* ups) {
    for (std::size_t i = 0; i < lines * kLine; ++i) {
        const std::uint32_t draw = own[i] * 256U + shared[i / kLine * 4 + i % 4];
        const std::uint32_t choice = draw * tables.count[ups[i]] >> 16U;
        ups[i] = tables.sets[tables.first[ups[i]] + choice];
    }
}

} // namespace

const CopyKernels kCopyScalar{unpack,      divide, choose, toss,       raise,
                              meanAndSign, spread, join,   keepInside, lookUpPlain};

} // namespace zipml
