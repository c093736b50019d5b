#pragma once
/// Data files for the loaders' tests: written to a folder that goes away, packed or not, and loaded.

#include "core/base/file.h"
#include "core/data/load.h"
#include "tests/support/compress.h"

#include <QTemporaryDir>
#include <QtTest>

#include <charconv>
#include <fstream>
#include <string>
#include <vector>

namespace zipml::test {

/// The exact text of a number.
inline std::string textOf(float value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// @param compression as LoadedData names it: "none", "gzip", "bzip2", "xz", "zstd"
inline std::string packed(const std::string& contents, const std::string& compression) {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("packed").toStdString();
    writeCompressed(file, contents, compression);
    return readFile(file);
}

inline const std::vector<std::string>& compressions() {
    static const std::vector<std::string> all{"none", "gzip", "bzip2", "xz", "zstd"};
    return all;
}

/// Of a training file whose rows are sparse, with this many features.
inline Schema sparseSchema(std::size_t width) {
    Schema schema;
    schema.sparse = true;
    schema.width = width;
    return schema;
}

/// Missing values are kept, to be filled in.
inline LoadOptions keepMissing(LoadOptions options = {}) {
    options.missing = "mean";
    return options;
}

/// A folder for one test class.
class DataFiles {
  public:
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return folder_.path().toStdString() + "/" + name;
    }
    [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& contents) const {
        std::filesystem::remove(path(name)); // ext4 waits for the disk when a file is cut and written again
        std::ofstream(path(name), std::ios::binary) << contents;
        return path(name);
    }
    LoadedData load(const std::string& contents, const LoadOptions& options = {},
                    const LoadContext& context = {}) const {
        return loadData(write("data", contents), options, context);
    }
    /// What loading `contents` fails with, without the folder; empty when it loads.
    QString errorOf(const std::string& contents, const LoadOptions& options = {},
                    const LoadContext& context = {}) const {
        return errorOfFile(write("data", contents), options, context);
    }
    [[nodiscard]] QString errorOfFile(const std::filesystem::path& file, const LoadOptions& options = {},
                                      const LoadContext& context = {}) const {
        try {
            loadData(file, options, context);
        } catch (const InputError& error) {
            return QString::fromUtf8(error.what()).remove(folder_.path() + "/");
        }
        return {};
    }

  private:
    QTemporaryDir folder_;
};

} // namespace zipml::test
