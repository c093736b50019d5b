#include "core/base/file.h"

#include "core/base/error.h"
#include "core/base/output_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace zipml {
namespace {

/// @return what speaks against writing into it; empty: nothing
std::string whyNoStream(const OutputTarget& target) {
    if (target.descriptor >= 0) {
        const int flags = ::fcntl(target.descriptor, F_GETFL);
        return flags < 0 || (flags & O_ACCMODE) == O_RDONLY ? "is not open for writing" : "";
    }
    if (S_ISBLK(target.mode) || S_ISSOCK(target.mode))
        return "is a disk or a socket; name a file";
    return ::access(target.file.c_str(), W_OK) == 0
               ? ""
               : std::string("cannot be written to: ") + std::strerror(errno);
}

} // namespace

void writeFileAtomically(const std::filesystem::path& file, std::string_view contents) {
    OutputFile output(file);
    output.write(contents);
    output.commit();
}

void checkWritable(const std::filesystem::path& file) {
    const OutputTarget target = outputTarget(file);
    if (target.stream) {
        if (const std::string why = whyNoStream(target); !why.empty())
            throw InputError(file.string() + ": " + why);
        return;
    }
    std::error_code code;
    const auto folder =
        target.file.has_parent_path() ? target.file.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(folder, code))
        throw InputError(file.string() + ": the folder " + folder.string() +
                         " does not exist; make it first");
    if (target.reason != 0 && target.reason != ENOENT)
        throw InputError(file.string() + ": cannot be written: " + std::strerror(target.reason));
    if (S_ISDIR(target.mode))
        throw InputError(file.string() + ": is a folder; name a file in it");
    // Who may do anything, as root does, is not to undo what somebody has marked.
    constexpr mode_t kWriters = 0222;
    if (target.exists && ((target.mode & kWriters) == 0 || ::access(target.file.c_str(), W_OK) != 0))
        throw InputError(file.string() + ": is read-only; name another file, or let it be written to");
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        throw InputError(file.string() + ": the folder " + folder.string() + " cannot be written to");
    try {
        const OutputFile trial(file); // what else the system may have against it
    } catch (const RunError& error) {
        throw InputError(error.what());
    }
}

std::string readFile(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        throw InputError(file.string() + ": no such file");
    if (std::filesystem::is_directory(file, code))
        throw InputError(file.string() + ": is a directory; a file was expected");
    std::ifstream in(file, std::ios::binary);
    std::ostringstream contents;
    contents << in.rdbuf();
    if (!in)
        throw InputError(file.string() + ": cannot be read");
    return std::move(contents).str();
}

} // namespace zipml
