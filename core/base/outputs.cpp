#include "core/base/outputs.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/output_file.h"

#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace zipml {
namespace {

namespace fs = std::filesystem;

/// Equal for all names of one file, links included.
struct Identity {
    dev_t device = 0;
    ino_t number = 0;
    std::string missing; ///< where nothing is there yet: where it will be
    auto operator<=>(const Identity&) const = default;
};

std::optional<Identity> identityOf(const struct stat& status) {
    if (S_ISCHR(status.st_mode)) // a terminal or /dev/null takes from anybody
        return std::nullopt;
    return Identity{status.st_dev, status.st_ino, {}};
}

/// Nothing where no other output could do harm.
std::optional<Identity> identityOf(const OutputTarget& target) {
    struct stat status {};
    if (target.descriptor >= 0 ? ::fstat(target.descriptor, &status) == 0
                               : ::stat(target.file.c_str(), &status) == 0)
        return identityOf(status);
    std::error_code failed;
    return Identity{0, 0, fs::weakly_canonical(fs::absolute(target.file, failed), failed).string()};
}

struct Input {
    Identity identity;
    fs::path file;
};

std::vector<Input> allInputs(const std::vector<fs::path>& named) {
    std::vector<Input> inputs;
    for (const fs::path& file : named) {
        struct stat status {};
        if (file.empty() || ::stat(file.c_str(), &status) != 0 || S_ISDIR(status.st_mode))
            continue;
        if (const auto identity = identityOf(status))
            inputs.push_back({*identity, file});
    }
    return inputs;
}

} // namespace

void Outputs::add(const std::string& flag, const fs::path& file) {
    if (!file.empty())
        outputs_.push_back({flag, file, false});
}

void Outputs::addRegular(const std::string& flag, const fs::path& file) {
    if (!file.empty())
        outputs_.push_back({flag, file, true});
}

void Outputs::reads(const fs::path& input) {
    inputs_.push_back(input);
}

void Outputs::reads(const std::vector<fs::path>& inputs) {
    inputs_.insert(inputs_.end(), inputs.begin(), inputs.end());
}

void Outputs::check() const {
    const std::vector<Input> inputs = allInputs(inputs_);
    std::vector<std::pair<Identity, std::string>> others; // identity, flag
    struct stat printed {};
    const bool toFile = ::fstat(STDOUT_FILENO, &printed) == 0 && S_ISREG(printed.st_mode);
    for (const auto& [flag, file, regular] : outputs_) {
        const OutputTarget target = outputTarget(file);
        if (regular && target.stream)
            throw InputError(flag + ": " + file.string() + " is no regular file, which this needs; name one");
        const auto identity = identityOf(target);
        if (identity) {
            for (const Input& input : inputs)
                if (input.identity == *identity)
                    throw InputError(flag + ": " + file.string() + " is the file that is read" +
                                     (input.file == file ? "" : " (" + input.file.string() + ")") +
                                     "; name another file");
            for (const auto& [other, otherFlag] : others)
                if (other == *identity)
                    throw InputError(std::string(flag)
                                         .append(": ")
                                         .append(file.string())
                                         .append(" is the file of ")
                                         .append(otherFlag)
                                         .append(", too; name two files"));
            if (toFile && target.descriptor < 0 && *identity == identityOf(printed))
                throw InputError(flag + ": " + file.string() +
                                 " is where standard output goes, too; name another file");
            others.emplace_back(*identity, flag);
        }
        checkWritable(file);
    }
}

void Outputs::write(const fs::path& file, const std::function<void()>& write) {
    if (file.empty())
        return;
    try {
        write();
    } catch (const std::exception& error) {
        failed(error.what());
    }
}

void Outputs::failed(const std::string& message) {
    failures_ += (failures_.empty() ? "" : "; ") + message;
}

void Outputs::requireSuccess() const {
    if (!failures_.empty())
        throw RunError(failures_);
}

} // namespace zipml
