#include "core/base/file.h"

#include "core/base/error.h"
#include "core/base/stale_parts.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace zipml {

void writeFileAtomically(const std::filesystem::path& file, std::string_view contents) {
    // Beside the target, so that the rename stays within one file system.
    const std::filesystem::path aside = file.string() + ".part" + std::to_string(::getpid());
    removeStaleParts(aside);
    errno = 0;
    std::ofstream out(aside, std::ios::binary | std::ios::trunc);
    out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    out.close();
    std::error_code renamed;
    if (out)
        std::filesystem::rename(aside, file, renamed);
    if (!out || renamed) {
        const std::string reason = renamed ? renamed.message() : std::strerror(errno != 0 ? errno : EIO);
        std::error_code ignored;
        std::filesystem::remove(aside, ignored);
        throw RunError(file.string() + ": cannot be written: " + reason);
    }
}

void checkWritable(const std::filesystem::path& file) {
    std::error_code code;
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(folder, code))
        throw InputError(file.string() + ": the folder " + folder.string() +
                         " does not exist; make it first");
    if (std::filesystem::is_directory(file, code))
        throw InputError(file.string() + ": is a folder; name a file in it");
    if (::access(folder.c_str(), W_OK) != 0)
        throw InputError(file.string() + ": the folder " + folder.string() + " cannot be written to");
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
