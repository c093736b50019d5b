#pragma once
/// Brings a data set of the catalogue into the data folder.

#include "core/fetch/catalogue.h"
#include "core/lab/run_spec.h"

#include <optional>

namespace zipml {

struct FetchedFile {
    std::filesystem::path file;
    DataPart part = DataPart::None;
    bool wasHere = false;
    std::string verified; ///< by what: "sha256", "md5", "rows and features" or "its archive's sha256"
};

struct FetchOptions {
    int retries = 3; ///< DownloadRequest::retries
};

/// Fetches what is not in `folder`, which is made, unpacks archives and verifies every file: by its checksum
/// where one is known, else by its rows and features. A file that was there before and has another checksum
/// (packed or spaced differently) is taken when its rows and features agree.
/// @throws RunError with one line, what failed and what to do; files that are complete stay, a partial one
/// goes on next time. @throws Cancelled
std::vector<FetchedFile> fetchDataset(const CatalogueEntry& entry, const std::filesystem::path& folder,
                                      const Job& job = {}, const FetchOptions& options = {});

/// How a run reads the set from `folder`; none of images, which are for networks.
std::optional<DataSpec> dataSpecOf(const CatalogueEntry& entry, const std::filesystem::path& folder);
/// The command that trains on it: "zipml train ..." or, on images, "zipml deep train ...".
std::string trainCommand(const CatalogueEntry& entry, const std::filesystem::path& folder);

} // namespace zipml
