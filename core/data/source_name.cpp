#include "core/data/source_name.h"

#include "core/data/synthetic.h"

#include <nlohmann/json.hpp>

namespace zipml {
namespace {

namespace fs = std::filesystem;

std::string lastPart(const std::string& path) {
    const auto end = path.find_last_not_of('/');
    if (end == std::string::npos) // empty, or the root
        return path;
    const auto slash = path.find_last_of('/', end);
    return path.substr(slash == std::string::npos ? 0 : slash + 1,
                       end - (slash == std::string::npos ? 0 : slash + 1) + 1);
}

} // namespace

std::string sourceName(const std::string& source) {
    if (isSynthetic(source))
        return source;
    std::string names;
    for (std::size_t begin = 0; begin <= source.size();) {
        const auto end = std::min(source.find(';', begin), source.size());
        names += (begin > 0 ? ";" : "") + lastPart(source.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

bool namesLabelFile(const std::string& labels) {
    std::error_code none;
    return !labels.empty() && (fs::exists(labels, none) || fs::path(labels).has_extension());
}

nlohmann::json withNamesOnly(nlohmann::json spec) {
    if (!spec.is_object())
        return spec;
    for (const char* key : {"data", "test", "labels"}) {
        const auto found = spec.find(key);
        if (found == spec.end() || !found->is_string())
            continue;
        const auto text = found->get<std::string>();
        if (key != std::string_view("labels") || namesLabelFile(text)) // a member's name may have slashes
            *found = sourceName(text);
    }
    return spec;
}

std::string sourceBeside(const std::string& source, const fs::path& folder) {
    std::error_code none;
    if (source.empty() || source == "-" || isSynthetic(source) || sourceName(source) != source ||
        fs::exists(source, none))
        return source;
    const fs::path beside = folder / source;
    return !folder.empty() && fs::exists(beside, none) ? beside.string() : source;
}

} // namespace zipml
