#pragma once
/// An HDF5 file opened for reading, and the values of its data sets, whole or in slabs. Every size that the
/// file states is held against the bytes that it has before memory is taken.

#include "core/data/formats/hdf5_handle.h"
#include "core/data/formats/hdf5_image.h"
#include "core/data/seekable_file.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace zipml {

class Hdf5File {
  public:
    /// @throws InputError where it cannot be opened.
    Hdf5File(const std::filesystem::path& file, std::uint64_t memoryLimitBytes);

    [[nodiscard]] hid_t id() const { return file_.id(); }
    [[nodiscard]] const SeekableFile& bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t memoryLimit() const { return memoryLimit_; }
    [[nodiscard]] std::uint64_t userBlock() const; ///< bytes in front of HDF5's own
    /// The group or data set at `path`; an empty handle where there is none.
    [[nodiscard]] Hdf5Handle object(const std::string& path) const;
    /// @throws InputError "FILE: 'PATH' TEXT"
    [[noreturn]] void fail(const std::string& path, const std::string& text) const;
    /// As above, with libhdf5's reason behind. @param what "cannot be read"
    [[noreturn]] void failWithReason(const std::string& path, const std::string& what) const;

  private:
    SeekableFile bytes_;
    std::uint64_t memoryLimit_;
    Hdf5Image image_; ///< of a packed one
    Hdf5Handle file_;
};

/// A data set that can be read: its filters are there, and the file has the bytes.
class Hdf5Dataset {
  public:
    /// @throws InputError
    Hdf5Dataset(const Hdf5File& file, const std::string& path);
    /// @param path for messages
    Hdf5Dataset(const Hdf5File& file, Hdf5Handle object, std::string path);

    [[nodiscard]] const std::vector<hsize_t>& shape() const { return shape_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] hsize_t size() const; ///< of all its values
    [[nodiscard]] H5T_class_t kind() const { return kind_; }
    [[nodiscard]] bool isNumeric() const; ///< integers, floats, booleans
    /// @throws InputError where it is not numeric.
    void requireNumbers() const;

    /// Values [first, first + count) of a one-dimensional set, or of several dimensions, row-major.
    /// @throws InputError where the file is damaged.
    void read(std::span<const hsize_t> first, std::span<const hsize_t> count, std::span<double> values) const;
    void read(std::span<const hsize_t> first, std::span<const hsize_t> count,
              std::span<std::int64_t> values) const;
    [[nodiscard]] std::vector<double> numbers() const; ///< all
    /// All texts, of fixed or variable length. @param latin1 how bytes that are no UTF-8 are read
    [[nodiscard]] std::vector<std::string> texts(bool latin1) const;
    /// The objects that its references point to.
    [[nodiscard]] std::vector<Hdf5Handle> referenced() const;
    /// Keeps the chunks that a block of rows crosses. @param axis that rows lie along
    void keepChunks(std::size_t axis);

  private:
    void open();
    void checkLayout(hid_t properties);
    void checkFilters(hid_t properties) const;
    void checkSize(hid_t properties);
    void readAs(hid_t type, std::span<const hsize_t> first, std::span<const hsize_t> count,
                void* values) const;

    const Hdf5File* file_;
    std::string path_;
    Hdf5Handle id_, type_;
    std::vector<hsize_t> shape_, chunk_;
    H5T_class_t kind_ = H5T_NO_CLASS;
};

/// Of an object; nothing where it has none, or none of that type.
std::optional<std::string> textAttribute(const Hdf5File& file, hid_t object, const char* name);
/// At most eight whole numbers; empty where it has none.
std::vector<std::int64_t> numbersAttribute(hid_t object, const char* name);

} // namespace zipml
