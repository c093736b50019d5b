#include "core/data/formats/format.h"
#include "core/data/formats/unread.h"

#include "core/base/error.h"
#include "core/data/byte_reader.h"
#include "core/data/number.h"

namespace zipml {
namespace {

FileStart startOf(const std::filesystem::path& file) {
    constexpr std::size_t kBytes = 1 << 16;
    const auto reader = ByteReader::open(file);
    FileStart start{file, std::string(kBytes, '\0')};
    std::size_t count = 0;
    while (count < kBytes) {
        const std::size_t got = reader->read(start.bytes.data() + count, kBytes - count);
        if (got == 0)
            break;
        count += got;
    }
    start.bytes.resize(count);
    start.whole = count < kBytes && reader->fault().empty();
    if (count == 0 && !reader->fault().empty())
        failDamaged(file, reader->fault(), "");
    if (count == 0)
        throw InputError(file.string() + ": the file is empty once unpacked; a data file was expected");
    return start;
}

} // namespace

std::unique_ptr<RowSource> openSource(const OpenRequest& request) {
    const std::string& wanted = request.options.format;
    std::string choices = "auto";
    for (const Format& format : formats()) {
        if (wanted == format.name)
            return format.open(request);
        choices.append(", ").append(format.name);
    }
    if (wanted != "auto")
        throw InputError("format: " + inQuotes(wanted) + " is unknown; choose one of " + choices);
    const FileStart start = startOf(request.file);
    refuseUnread(start);
    for (const Format& format : formats())
        if (format.matches(start))
            return format.open(request);
    throw InputError(request.file.string() + ": its format is none of " + choices);
}

} // namespace zipml
