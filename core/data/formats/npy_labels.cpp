#include "core/data/formats/npy_labels.h"

#include "core/base/error.h"
#include "core/data/memory_limit.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

constexpr std::size_t kUcs4 = 4; // bytes of a character

void appendUtf8(std::uint32_t code, std::string& text) {
    constexpr std::uint32_t kReplacement = 0xFFFD, kLast = 0x10FFFF;
    if (code > kLast || (code >= 0xD800 && code < 0xE000))
        code = kReplacement;
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6U);
        put(0x80 | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12U);
        put(0x80 | (code >> 6U & 0x3FU));
        put(0x80 | (code & 0x3FU));
    } else {
        put(0xF0 | code >> 18U);
        put(0x80 | (code >> 12U & 0x3FU));
        put(0x80 | (code >> 6U & 0x3FU));
        put(0x80 | (code & 0x3FU));
    }
}

/// One text, without the zeros that fill it up.
std::string textOf(const char* raw, const NpyType& parts) {
    std::string text;
    if (parts.kind != 'U') {
        text.assign(raw, parts.bytes);
        text.erase(text.find_last_not_of('\0') + 1);
        return asUtf8(text, false);
    }
    std::vector<std::uint32_t> codes(parts.bytes);
    for (std::size_t i = 0; i < codes.size(); ++i)
        for (std::size_t b = 0; b < kUcs4; ++b) {
            const std::size_t at = parts.order == '>' ? b : kUcs4 - 1 - b;
            codes[i] = codes[i] << 8U | static_cast<unsigned char>(raw[i * kUcs4 + at]);
        }
    while (!codes.empty() && codes.back() == 0)
        codes.pop_back();
    for (const std::uint32_t code : codes)
        appendUtf8(code, text);
    return text;
}

} // namespace

MatrixLabels readNpyLabels(std::unique_ptr<StoredBytes> bytes, const NpyHeader& header,
                           const OpenRequest& request) {
    const bool column = header.shape.size() == 1 || (header.shape.size() == 2 && header.shape[1] == 1);
    if (!column)
        throw InputError(bytes->where() + ": has the shape " + shapeText(header.shape) +
                         "; labels are one a row, as in (" +
                         (header.shape.empty() ? std::string("N") : std::to_string(header.shape[0])) + ",)");
    const NpyType parts = header.parts();
    const bool texts = header.hasTexts();
    ArrayLayout layout;
    if (texts) {
        layout.type = {NumberKind::Unsigned, parts.kind == 'U' ? parts.bytes * kUcs4 : parts.bytes, false};
        layout.offset = header.dataOffset;
    } else {
        layout = layoutOf(header, bytes->where());
    }
    layout.shape = {header.shape[0]};
    checkStored(bytes, layout, request.job);
    const std::size_t rows = layout.rows(), width = layout.type.bytes;
    const double each = texts ? static_cast<double>(sizeof(std::string) + width) : sizeof(double);
    requireMemory(request.file, static_cast<double>(rows) * each, request.context.memoryLimitBytes);
    MatrixLabels labels;
    constexpr std::size_t kPiece = 1 << 16;
    std::vector<char> raw;
    for (std::size_t row = 0; row < rows;) {
        const std::size_t count = std::min(rows - row, std::max<std::size_t>(1, kPiece / width));
        raw.resize(count * width);
        bytes->read(layout.offset + row * width, raw);
        if (texts) {
            for (std::size_t r = 0; r < count; ++r)
                labels.texts.push_back(textOf(raw.data() + r * width, parts));
        } else {
            labels.numbers.resize(row + count);
            decodeNumbers(layout.type, raw.data(), std::span(labels.numbers).subspan(row));
        }
        row += count;
    }
    return labels;
}

MatrixLabels readAnyLabelFile(const std::filesystem::path& file, const OpenRequest& request) {
    auto bytes = openStoredBytes(file);
    std::array<char, 6> start{};
    const std::size_t got = bytes->readSome(0, start);
    if (isNpy({start.data(), got}))
        if (const NpyHeader header = readNpyHeader(*bytes); header.hasTexts())
            return readNpyLabels(std::move(bytes), header, request);
    return readLabelFile(file, request);
}

} // namespace zipml
