#pragma once
/// Public data sets: where they are, how large, under which terms, and what must be in them.

#include "core/data/load.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// What a file is to a training run.
enum class DataPart { None, Train, Test };

/// A file of a set as it lies in the data folder.
struct CatalogueFile {
    std::filesystem::path file; ///< below the data folder
    DataPart part = DataPart::None;
    std::size_t rows = 0; ///< 0: not a table that the lab reads
    std::string member;   ///< its name in the archive that it comes in; empty: it is what is fetched
};

/// What is fetched from one address.
struct CatalogueDownload {
    std::string url;            ///< http or https
    std::filesystem::path file; ///< below the data folder; archives are deleted once they are unpacked
    std::uint64_t bytes = 0;    ///< 0: not known
    std::string checksum;       ///< "sha256:..." or "md5:..." in hexadecimal; empty: not published
    std::string checksumSource; ///< who says so
    std::vector<CatalogueFile> contents; ///< itself, or the members to unpack
};

struct CatalogueEntry {
    std::string name, title;
    Task task = Task::Regression;
    std::size_t classes = 0; ///< of a classification
    std::size_t rows = 0, testRows = 0, features = 0;
    std::uint64_t aboutBytes = 0; ///< to fetch, an estimate where the size is not known; 0: none
    std::string labelColumn;      ///< of tables, as LoadOptions; empty: LIBSVM text
    std::string licence, citation;
    std::string page; ///< where a person reads about it
    std::vector<CatalogueDownload> downloads;
};

/// The catalogue in JSON that is compiled in.
std::string_view builtInCatalogueText();
/// It, parsed once.
const std::vector<CatalogueEntry>& builtInCatalogue();

/// @param name of the catalogue, for messages
/// @throws InputError with one line "NAME: SET: what is wrong": keys that are missing or of a wrong type, two
/// sets of one name, paths that leave the data folder, addresses other than http and https.
std::vector<CatalogueEntry> parseCatalogue(std::string_view text, const std::string& name);

/// @throws InputError that lists the names where there is none such; upper and lower case are the same.
const CatalogueEntry& findEntry(std::span<const CatalogueEntry> catalogue, std::string_view name);

/// All files that the set is once it is fetched.
std::vector<CatalogueFile> filesOf(const CatalogueEntry& entry);
/// Bytes to fetch, where all are known; else 0.
std::uint64_t bytesOf(const CatalogueEntry& entry);
/// "26 MB", "about 15 MB" or "unknown": bytesOf(), else the estimate.
std::string fetchSizeText(const CatalogueEntry& entry);
/// "463,715 x 90"
std::string shapeOf(const CatalogueEntry& entry);
/// "170 MB"; "unknown" for 0.
std::string sizeText(std::uint64_t bytes);

/// Where data sets are kept: $ZIPML_DATA_DIR, or zipml/data in $XDG_DATA_HOME (default ~/.local/share).
std::filesystem::path defaultDataFolder();

enum class FetchState { Absent, Partial, Here };
/// By the files' names alone; what is in them is not looked at.
FetchState stateOf(const CatalogueEntry& entry, const std::filesystem::path& folder);

} // namespace zipml
