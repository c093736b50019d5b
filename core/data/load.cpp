#include "core/data/load.h"

#include "core/data/formats/format.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <new>
#include <stdexcept>

namespace zipml {
namespace {

const Format& chooseFormat(const std::string& name, const Lines& lines) {
    std::string choices = "auto";
    for (const auto& format : formats()) {
        if (name == "auto" ? format.sniff(lines.head()) : format.name == name)
            return format;
        choices.append(", ").append(format.name);
    }
    throw InputError("format: " + inQuotes(name) + " is unknown; choose one of " + choices);
}

[[noreturn]] void failForMemory(const std::filesystem::path& file) {
    throw InputError(file.string() +
                     ": does not fit into memory; use fewer rows or features, or a machine with more memory");
}

} // namespace

std::vector<std::string> formatNames() {
    std::vector<std::string> names;
    for (const auto& format : formats())
        names.emplace_back(format.name);
    return names;
}

LoadedData loadData(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    const Job& job) {
    LoadContext limited = context;
    if (limited.memoryLimitBytes == 0)
        limited.memoryLimitBytes = availableMemoryBytes();
    try {
        Lines lines(file, options.skipLines, job);
        LoadedData loaded = chooseFormat(options.format, lines).parse(lines, {options, limited});
        loaded.data.name = file.filename().string();
        loaded.compression = lines.compression();
        return loaded;
    } catch (const std::bad_alloc&) {
        failForMemory(file);
    } catch (const std::length_error&) { // more than a vector or string can ever hold
        failForMemory(file);
    }
}

} // namespace zipml
