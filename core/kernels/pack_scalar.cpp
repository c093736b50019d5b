#include "core/kernels/round_kernels.h"

namespace zipml {

void packLinesScalar(const CodeRows& rows, std::size_t lines, unsigned char* to) {
    const auto width = static_cast<unsigned>(rows.width), shift = static_cast<unsigned>(rows.shift);
    const std::uint32_t mask = (1U << width) - 1U;
    const std::size_t lineFeatures = 32 / width;
    const std::uint32_t* first = rows.codes; // of the line
    for (std::size_t line = 0; line < lines; ++line, first += lineFeatures)
        for (std::size_t row = 0; row < 16; ++row)
            for (std::size_t byte = 0; byte < 4; ++byte) {
                const std::uint32_t* code = first + row * rows.stride + byte;
                std::uint32_t packed = 0;
                for (unsigned bit = 0; bit < 8; bit += width, code += 4)
                    packed |= ((*code >> shift) & mask) << bit;
                *to++ = static_cast<unsigned char>(packed);
            }
}

} // namespace zipml
