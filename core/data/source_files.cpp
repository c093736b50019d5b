#include "core/data/source_files.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fnmatch.h>
#include <string>
#include <unistd.h>

namespace zipml {
namespace {

namespace fs = std::filesystem;

bool isPattern(const std::string& name) {
    return name.find_first_of("*?") != std::string::npos;
}

/// Regular files in a folder whose names match, by name.
std::vector<fs::path> filesIn(const fs::path& folder, const std::string& pattern) {
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && entry.is_regular_file(code) &&
            ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0)
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// Standard input as a file that can be read again and again; it has no name and goes with the process.
std::string spoolStandardInput() {
    std::string name = (fs::temp_directory_path() / "zipml-stdin-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    const auto fail = [] {
        throw InputError("-: standard input cannot be kept in " + fs::temp_directory_path().string() +
                         "; make room there or give a file");
    };
    if (descriptor < 0)
        fail();
    ::unlink(name.c_str());
    std::array<char, 1 << 16> bytes{};
    for (std::size_t count = 0; (count = std::fread(bytes.data(), 1, bytes.size(), stdin)) > 0;)
        for (std::size_t done = 0; done < count;) {
            const auto wrote = ::write(descriptor, bytes.data() + done, count - done);
            if (wrote <= 0)
                fail();
            done += static_cast<std::size_t>(wrote);
        }
    return "/proc/self/fd/" + std::to_string(descriptor);
}

const std::string& standardInput() {
    static const std::string path = spoolStandardInput();
    return path;
}

} // namespace

SourceFiles::SourceFiles(const fs::path& source) {
    std::error_code code;
    const std::string text = source.string();
    if (text == "-") {
        files_.push_back(standardInput());
        return;
    }
    const bool one = fs::exists(source, code) || text.find(';') == std::string::npos;
    if (one)
        add(source);
    for (std::size_t begin = one ? text.size() + 1 : 0; begin <= text.size();) {
        const auto end = std::min(text.find(';', begin), text.size());
        if (end > begin)
            add(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

void SourceFiles::add(const fs::path& part) {
    std::error_code code;
    const std::string name = part.filename().string();
    std::vector<fs::path> found;
    if (fs::is_directory(part, code))
        found = filesIn(part, "*");
    else if (!fs::exists(part, code) && isPattern(name))
        found = filesIn(part.has_parent_path() ? part.parent_path() : fs::path("."), name);
    else
        found = {part};
    if (found.empty())
        throw InputError(part.string() + ": " +
                         (fs::is_directory(part, code) ? "is a folder without files" : "matches no file") +
                         "; name a data file, or a folder of files with the same columns");
    files_.insert(files_.end(), found.begin(), found.end());
}

} // namespace zipml
