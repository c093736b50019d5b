#pragma once
/// Members of an archive (zip, tar, tar.gz and the like) as files of their own.

#include "core/base/job.h"

#include <filesystem>
#include <span>
#include <string>

namespace zipml {

struct ArchiveMember {
    std::string name;           ///< in the archive
    std::filesystem::path file; ///< where it goes; its folder exists
};

/// Each file appears whole or not at all.
/// @throws RunError with one line: damaged, a member that is not there, disk full. @throws Cancelled
void unpackMembers(const std::filesystem::path& archive, std::span<const ArchiveMember> members,
                   const Job& job = {});

} // namespace zipml
