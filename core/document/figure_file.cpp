#include "core/document/figure_file.h"

#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/base/text_hash.h"
#include "core/lab/spec_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <zlib.h>

namespace zipml {
namespace {

using nlohmann::json;

constexpr std::string_view kMark = "zipml-figure-";
constexpr int kFigureVersion = 1;
constexpr std::uintmax_t kMostFigureBytes = std::uintmax_t{64} << 20; ///< of a figure
constexpr std::size_t kMostText = std::size_t{4} << 20;               ///< of the settings in it
constexpr const char* kWantedFigure = "name a figure that the lab saved, as it was saved";

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k)
            three = three << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k < bytes.size() + 1 ? kDigits[three >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
}

/// Empty where it is none.
std::optional<std::string> fromBase64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        if (c == '=')
            break;
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>(bits >> static_cast<unsigned>(held) & 255U);
        }
    }
    return bytes;
}

std::string bigEndian(std::size_t number) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>(number >> shift & 255U);
    return bytes;
}

[[noreturn]] void failFigure(const std::filesystem::path& file, const std::string& why) {
    throw InputError(file.string() + ": " + why + "; " + kWantedFigure);
}

/// A number in front of `end`, which is taken off with it.
std::size_t numberAt(std::string_view& text, char end, const std::filesystem::path& file) {
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto used = static_cast<std::size_t>(stop - text.data());
    if (error != std::errc{} || used >= text.size() || text[used] != end)
        failFigure(file, "its settings are damaged");
    text.remove_prefix(used + 1);
    return number;
}

/// The JSON in a figure's bytes.
std::string settingsIn(std::string_view bytes, const std::filesystem::path& file) {
    const std::size_t at = bytes.find(kMark);
    if (at == std::string_view::npos)
        failFigure(file, "is a figure without the settings of its runs");
    std::string_view text = bytes.substr(at + kMark.size());
    if (const std::size_t version = numberAt(text, ':', file); version > kFigureVersion)
        throw InputError(file.string() +
                         ": its settings are of a newer version of the lab; update ZipML Lab");
    const std::size_t length = numberAt(text, ':', file);
    constexpr std::size_t kHash = 16;
    if (length > kMostText || text.size() < kHash + 1 + length || text[kHash] != ':')
        failFigure(file, "its settings are cut short or too long");
    auto settings = fromBase64(text.substr(kHash + 1, length));
    if (!settings || textHash(*settings) != text.substr(0, kHash))
        failFigure(file, "its settings were changed after it was saved");
    return std::move(*settings);
}

} // namespace

std::string figureText(std::span<const RunSpec> runs) {
    json list = json::array();
    for (const RunSpec& run : runs)
        list.push_back(toJson(withNamesOnly(run)));
    const std::string settings = jsonText({{"runs", list}});
    const std::string coded = base64(settings);
    return std::string(kMark) + std::to_string(kFigureVersion) + ":" + std::to_string(coded.size()) + ":" +
           textHash(settings) + ":" + coded;
}

std::string pngWithText(std::string_view png, const std::string& text) {
    constexpr std::size_t kLastChunk = 12; // IEND: no bytes of its own
    const std::string chunk = "tEXt" + std::string("zipml") + '\0' + text;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size()));
    const std::size_t end = png.size() - kLastChunk;
    return std::string(png.substr(0, end)) + bigEndian(chunk.size() - 4) + chunk + bigEndian(crc) +
           std::string(png.substr(end));
}

std::string svgWithText(std::string_view svg, const std::string& text) {
    const std::size_t tag = svg.find("<svg"), end = svg.find('>', tag) + 1;
    return std::string(svg.substr(0, end)) + "\n<metadata>" + text + "</metadata>" +
           std::string(svg.substr(end));
}

std::string xmpOf(const std::string& text) {
    return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
           "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
           "<rdf:Description rdf:about=\"\" xmlns:zipml=\"https://zipml.github.io/ns/figure/\"><zipml:runs>" +
           text +
           "</zipml:runs></rdf:Description>\n"
           "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>\n";
}

bool isFigure(const std::filesystem::path& file) {
    const auto ending = file.extension();
    return ending == ".png" || ending == ".svg" || ending == ".pdf";
}

std::vector<RunSpec> readFigure(const std::filesystem::path& file) {
    std::error_code ignored;
    if (const auto size = std::filesystem::file_size(file, ignored);
        size != static_cast<std::uintmax_t>(-1) && size > kMostFigureBytes)
        failFigure(file, "is larger than the 64 MB that a figure has at most");
    const json all = parseJson(settingsIn(readFile(file), file), file.string(), kWantedFigure);
    std::vector<RunSpec> runs;
    readIn(file.string(), [&] {
        for (const JsonPart& run : JsonPart(all).at("runs").list())
            runs.push_back(withDataBeside(specFromJson(run.value()), file.parent_path()));
    });
    if (runs.empty())
        failFigure(file, "shows no runs");
    return runs;
}

} // namespace zipml
