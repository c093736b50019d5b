#include "core/data/formats/arff_header.h"

#include "core/base/error.h"
#include "core/data/number.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <set>

namespace zipml {
namespace {

constexpr std::string_view kBlanks = " \t\r\f";

void skipBlanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
}

/// Whether it begins with the keyword, in any case, which is taken then.
bool takeKeyword(std::string_view& rest, std::string_view keyword) {
    if (!equalsIgnoringCase(rest.substr(0, keyword.size()), keyword))
        return false;
    const std::string_view behind = rest.substr(keyword.size());
    if (!behind.empty() && kBlanks.find(behind.front()) == std::string_view::npos)
        return false;
    rest = behind;
    return true;
}

class HeaderReader {
  public:
    HeaderReader(TextReader& reader, bool latin1) : reader_(reader), latin1_(latin1) {}

    ArffHeader read() {
        while (const auto line = reader_.peekLine(0)) {
            ++header_.lines;
            if (const auto junk = findJunk(*line))
                fail(describeJunk(*junk));
            std::string_view rest = withoutLineEnd(*line);
            skipBlanks(rest);
            const bool data = takeKeyword(rest, "@data");
            if (takeKeyword(rest, "@attribute"))
                addAttribute(rest);
            else if (!data && !rest.empty() && !rest.starts_with('%') && !takeKeyword(rest, "@relation"))
                fail(inQuotes(rest) +
                     " is no line of an ARFF head; @attribute NAME TYPE was expected, or @data");
            reader_.skip(line->size());
            if (data) {
                if (header_.attributes.empty())
                    fail("@data stands behind no @attribute; each column has one");
                return std::move(header_);
            }
        }
        reader_.checkEnd(header_.lines);
        throw InputError(reader_.file().string() + ": has no @data; the file is cut short");
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(reader_.file().string() + ":" + std::to_string(header_.lines) + ": " + what);
    }

    void addAttribute(std::string_view rest) {
        skipBlanks(rest);
        const auto name = takeArffWord(rest, " \t{");
        skipBlanks(rest);
        if (!name || (name->text.empty() && !name->quoted) || rest.empty())
            fail("an attribute is @attribute NAME TYPE; a name with blanks stands in quotes");
        ArffAttribute attribute;
        attribute.name = textOf(*name, latin1_);
        if (!names_.insert(attribute.name).second)
            fail("the attribute " + inQuotes(attribute.name) + " is declared twice; give each its own name");
        if (rest.starts_with('{'))
            addValues(rest.substr(1), attribute);
        else
            addType(rest, attribute);
        header_.attributes.push_back(std::move(attribute));
    }

    void addValues(std::string_view rest, ArffAttribute& attribute) const {
        attribute.kind = ArffKind::Nominal;
        std::set<std::string> seen;
        while (true) {
            const auto word = takeArffWord(rest, ",}");
            if (!word || rest.empty())
                fail("the values of " + inQuotes(attribute.name) + " are not closed with '}'");
            const bool last = rest.front() == '}';
            rest.remove_prefix(1);
            if (!word->text.empty() || word->quoted)
                attribute.values.push_back(textOf(*word, latin1_));
            if (last)
                break;
        }
        for (const std::string& value : attribute.values)
            if (!seen.insert(value).second)
                fail("the value " + inQuotes(value) + " of " + inQuotes(attribute.name) +
                     " is declared twice");
        if (attribute.values.empty())
            fail("the attribute " + inQuotes(attribute.name) + " has no values; write them as {a, b}");
    }

    void addType(std::string_view rest, ArffAttribute& attribute) const {
        if (takeKeyword(rest, "numeric") || takeKeyword(rest, "real") || takeKeyword(rest, "integer"))
            return;
        if (takeKeyword(rest, "string")) {
            attribute.kind = ArffKind::Text;
            return;
        }
        if (!takeKeyword(rest, "date"))
            fail("the attribute " + inQuotes(attribute.name) + " is of the type " + inQuotes(rest) +
                 "; read are numeric, real, integer, {values}, string and date");
        attribute.kind = ArffKind::Date;
        skipBlanks(rest);
        const auto pattern =
            rest.empty() ? std::optional(ArffWord{ArffDate::kUsual, true, false}) : takeArffWord(rest, "%");
        if (pattern)
            attribute.date = ArffDate::fromPattern(pattern->text);
        if (!attribute.date)
            fail("the date pattern of " + inQuotes(attribute.name) +
                 " is not read; write dates as \"yyyy-MM-dd HH:mm:ss\", or the attribute as string");
    }

    TextReader& reader_;
    const bool latin1_;
    ArffHeader header_;
    std::set<std::string> names_;
};

} // namespace

std::optional<ArffWord> takeArffWord(std::string_view& rest, std::string_view stops) {
    skipBlanks(rest);
    ArffWord word;
    if (!rest.starts_with('\'') && !rest.starts_with('"')) {
        const auto end = std::min(rest.find_first_of(stops), rest.size());
        word.text = rest.substr(0, end);
        word.text = word.text.substr(0, word.text.find_last_not_of(kBlanks) + 1);
        rest.remove_prefix(end);
        return word;
    }
    const char quote = rest.front();
    std::size_t end = 1;
    for (; end < rest.size() && rest[end] != quote; ++end)
        if (rest[end] == '\\') {
            word.escaped = true;
            ++end;
        }
    if (end >= rest.size())
        return std::nullopt;
    word.quoted = true;
    word.text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    const bool blank = !rest.empty() && kBlanks.find(rest.front()) != std::string_view::npos;
    if (!(blank && stops.find(rest.front()) != std::string_view::npos))
        skipBlanks(rest);
    if (!rest.empty() && stops.find(rest.front()) == std::string_view::npos)
        return std::nullopt;
    return word;
}

std::string textOf(const ArffWord& word, bool latin1) {
    if (!word.escaped)
        return asUtf8(word.text, latin1);
    std::string text;
    for (std::size_t at = 0; at < word.text.size(); ++at) {
        const char c = word.text[at];
        const char next = at + 1 < word.text.size() ? word.text[at + 1] : '\0';
        if (c != '\\' || next == '\0') {
            text += c;
            continue;
        }
        text += next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
        ++at;
    }
    return asUtf8(text, latin1);
}

ArffHeader readArffHeader(TextReader& reader, bool latin1) {
    return HeaderReader(reader, latin1).read();
}

} // namespace zipml
