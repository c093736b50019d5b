#include "core/data/formats/npy_header.h"

#include "core/base/error.h"
#include "core/data/number.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace zipml {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

[[noreturn]] void failHeader(const std::string& where, const std::string& what) {
    throw InputError(where + ": its NPY header is damaged (" + what +
                     "); save the array again with numpy.save");
}

/// The header is a Python dictionary literal: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
  public:
    HeaderParser(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

    NpyHeader parse() {
        NpyHeader header;
        bool type = false, order = false, shape = false;
        expect('{');
        while (!take('}')) {
            const std::string key = takeQuoted();
            expect(':');
            if (key == "descr") {
                header.type = takeType();
                type = true;
            } else if (key == "fortran_order") {
                header.fortranOrder = takeBool();
                order = true;
            } else if (key == "shape") {
                header.shape = takeShape();
                shape = true;
            } else {
                failHeader(where_, "it has a key " + inQuotes(key));
            }
            if (!take(',') && !peek('}'))
                failHeader(where_, "a comma is missing");
        }
        if (!type || !order || !shape)
            failHeader(where_, "descr, fortran_order or shape is missing");
        return header;
    }

  private:
    void skipBlanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
    bool peek(char c) {
        skipBlanks();
        return rest_.starts_with(c);
    }
    bool take(char c) {
        if (!peek(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!take(c))
            failHeader(where_, std::string("'") + c + "' is missing");
    }
    std::string takeQuoted() {
        skipBlanks();
        const char quote = rest_.empty() ? '\0' : rest_.front();
        const auto end = quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            failHeader(where_, "a text in quotes is missing");
        std::string text(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
        return text;
    }
    /// Of a structured array the type is a list of names and types.
    std::string takeType() {
        if (!peek('['))
            return takeQuoted();
        std::size_t depth = 0, end = 0;
        do {
            depth += rest_[end] == '[' || rest_[end] == '(' ? 1U : 0U;
            depth -= rest_[end] == ']' || rest_[end] == ')' ? 1U : 0U;
            ++end;
        } while (depth > 0 && end < rest_.size());
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return text;
    }
    bool takeBool() {
        skipBlanks();
        for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}})
            if (rest_.starts_with(word)) {
                rest_.remove_prefix(word.size());
                return value;
            }
        failHeader(where_, "fortran_order is neither True nor False");
    }
    std::vector<std::size_t> takeShape() {
        constexpr std::size_t kMostDimensions = 64; // as NumPy's
        std::vector<std::size_t> shape;
        expect('(');
        while (!take(')')) {
            skipBlanks();
            std::size_t dimension = 0;
            const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), dimension);
            if (error != std::errc{} || shape.size() == kMostDimensions)
                failHeader(where_, "its shape is no tuple of whole numbers");
            rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
            take('L'); // as Python 2 wrote
            shape.push_back(dimension);
            if (!take(',') && !peek(')'))
                failHeader(where_, "its shape is no tuple of whole numbers");
        }
        return shape;
    }

    std::string_view rest_;
    const std::string& where_;
};

NpyType partsOf(const std::string& type) {
    NpyType parts;
    if (type.size() < 2 || type.front() == '[')
        return parts;
    const bool ordered = std::string_view("<>|=").find(type.front()) != std::string_view::npos;
    const std::size_t at = ordered ? 1 : 0;
    const char* const end = type.data() + type.size();
    const auto [stop, error] = std::from_chars(type.data() + at + 1, end, parts.bytes);
    if (error != std::errc{} || stop != end)
        parts.bytes = 0;
    parts.order = ordered ? type.front() : '=';
    parts.kind = type[at];
    return parts;
}

std::optional<NumberType> numberTypeOf(const std::string& type) {
    const NpyType parts = partsOf(type);
    const std::size_t bytes = parts.bytes;
    NumberType number{NumberKind::Bool, bytes, parts.order == '>'};
    const bool whole = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    switch (parts.kind) {
    case 'b':
        return bytes == 1 ? std::optional(number) : std::nullopt;
    case 'i':
        number.kind = NumberKind::Signed;
        return whole ? std::optional(number) : std::nullopt;
    case 'u':
        number.kind = NumberKind::Unsigned;
        return whole ? std::optional(number) : std::nullopt;
    case 'f':
        number.kind = NumberKind::Float;
        return bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16 ? std::optional(number) : std::nullopt;
    default:
        return std::nullopt;
    }
}

/// What an array that is not read holds, and how to save it so that it is.
std::string refusalOf(const std::string& type) {
    if (type.starts_with('['))
        return "is a structured array of " + inQuotes(type) +
               "; save numpy.lib.recfunctions.structured_to_unstructured(x), or "
               "pandas.DataFrame(x).to_csv('x.csv', "
               "index=False)";
    const std::string holds = "holds " + inQuotes(type) + ", ";
    switch (partsOf(type).kind) {
    case 'c':
        return holds + "complex numbers; save x.real and x.imag, or abs(x), as columns";
    case 'O':
        return holds + "Python objects (a pickle), which are not read: a file could run anything; save "
                       "numpy.asarray(x.tolist(), dtype=numpy.float64)";
    case 'U':
    case 'S':
    case 'a':
        return holds + "texts; save numbers as x.astype(numpy.float64), or a table as CSV";
    case 'M':
    case 'm':
        return holds + "dates or times; save x.astype('datetime64[s]').astype(numpy.float64)";
    case 'V':
        return holds + "raw bytes, as bfloat16 and other types of ml_dtypes are written; save "
                       "x.astype(numpy.float32)";
    case 'f':
        if (partsOf(type).bytes == 1)
            return holds +
                   "8-bit floats, which even numpy.load cannot tell apart; save x.astype(numpy.float32)";
        [[fallthrough]];
    default:
        return holds + "which is no type of number that is read; save x.astype(numpy.float64)";
    }
}

} // namespace

NpyType NpyHeader::parts() const {
    return partsOf(type);
}

bool NpyHeader::hasNumbers() const {
    return numberTypeOf(type).has_value();
}

bool NpyHeader::hasTexts() const {
    const NpyType parts = partsOf(type);
    return (parts.kind == 'U' || parts.kind == 'S') && parts.bytes > 0 && parts.bytes < (1U << 20U);
}

bool isNpy(std::string_view start) {
    return start.starts_with(kMagic);
}

NpyHeader readNpyHeader(StoredBytes& bytes) {
    constexpr std::size_t kPrefix = 12, kShortPrefix = 10, kLongest = 1 << 20;
    std::array<char, kPrefix> prefix{};
    const std::size_t got = bytes.readSome(0, prefix);
    if (!isNpy({prefix.data(), got}))
        throw InputError(bytes.where() + ": is no NPY array; NumPy's numpy.save writes them");
    const int version = static_cast<unsigned char>(prefix[kMagic.size()]);
    if (got < kPrefix || version < 1 || version > 3)
        throw InputError(bytes.where() + (got < kPrefix ? ": ends within its NPY header; it is cut short"
                                                        : ": has the NPY version " + std::to_string(version) +
                                                              "; read are 1, 2 and 3"));
    std::size_t length = 0;
    const std::size_t begin = version == 1 ? kShortPrefix : kPrefix;
    for (std::size_t i = begin; i-- > kMagic.size() + 2;)
        length = length << 8U | static_cast<unsigned char>(prefix[i]);
    if (length > kLongest)
        failHeader(bytes.where(), "it announces " + std::to_string(length) + " bytes of header");
    std::string text(length, '\0');
    if (bytes.readSome(begin, text) != length)
        throw InputError(bytes.where() + ": ends within its NPY header; it is cut short");
    NpyHeader header = HeaderParser(text, bytes.where()).parse();
    header.dataOffset = begin + length;
    return header;
}

ArrayLayout layoutOf(const NpyHeader& header, const std::string& where) {
    const auto type = numberTypeOf(header.type);
    if (!type)
        throw InputError(where + ": " + refusalOf(header.type));
    if (header.shape.empty())
        throw InputError(where + ": is a single number, not an array; rows are samples and columns features");
    return {*type, header.dataOffset, header.shape, header.fortranOrder, false};
}

} // namespace zipml
