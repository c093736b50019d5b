#pragma once
/// What a file that leaves this machine says of its data: names of files, never the folders that they lie in.

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace zipml {

/// A data source without folders: "/home/me/a.csv" is "a.csv", each of a list's parts likewise, a folder is its
/// own name and a pattern its last part. What names no file ("synthetic:10", "-") stays.
std::string sourceName(const std::string& source);

/// Whether the setting `labels` names a file, and not a member of the data file: such a file is there, or it has
/// an ending as files have.
bool namesLabelFile(const std::string& labels);

/// The settings of a run or of a network as JSON, with `data`, `test` and `labels` as sourceName has them.
/// Anything but an object stays.
nlohmann::json withNamesOnly(nlohmann::json spec);

/// `source`, or the file of that name in `folder` where it is a name alone and no such file is here: the data of
/// a record that came along with it.
std::string sourceBeside(const std::string& source, const std::filesystem::path& folder);

} // namespace zipml
