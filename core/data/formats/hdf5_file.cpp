#include "core/data/formats/hdf5_file.h"

#include "core/base/error.h"
#include "core/data/formats/hdf5_heap.h"
#include "core/data/formats/stored_array.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

constexpr double kLargestRatio = 1100; ///< that deflate packs by, roughly
constexpr double kSmall = 64 << 20;    ///< bytes that may be promised without being there: a fill value

double product(std::span<const hsize_t> shape) {
    double count = 1;
    for (const hsize_t length : shape)
        count *= static_cast<double>(length);
    return count;
}

} // namespace

Hdf5File::Hdf5File(const std::filesystem::path& file, std::uint64_t memoryLimitBytes)
    : bytes_(file, memoryLimitBytes), memoryLimit_(memoryLimitBytes) {
    const Hdf5Lock lock;
    const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_file_locking(access.id(), true, true); // file systems without locks are common
    H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG);
    if (bytes_.memory() >= 0 && !image_.set(access.id(), bytes_))
        throw RunError(file.string() + ": there is no memory to unpack it");
    const bool image = bytes_.memory() >= 0; // which wants a name that no file has
    file_ = Hdf5Handle(
        H5Fopen(image ? "/dev/null/image" : bytes_.path().c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
    if (!file_)
        throw InputError(file.string() + ": cannot be opened as HDF5 (" + hdf5Reason() +
                         "); it is cut short, damaged or still being written: get or write it again");
}

std::uint64_t Hdf5File::userBlock() const {
    const Hdf5Lock lock;
    const Hdf5Handle properties(H5Fget_create_plist(id()), H5Pclose);
    hsize_t bytes = 0;
    return H5Pget_userblock(properties.id(), &bytes) < 0 ? 0 : bytes;
}

Hdf5Handle Hdf5File::object(const std::string& path) const {
    const Hdf5Lock lock;
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (part.empty() || (part != "/" && H5Lexists(id(), part.c_str(), H5P_DEFAULT) <= 0))
            return {};
        if (end == std::string::npos)
            break;
    }
    return {H5Oopen(id(), path.c_str(), H5P_DEFAULT), H5Oclose};
}

void Hdf5File::fail(const std::string& path, const std::string& text) const {
    throw InputError(bytes_.name().string() + ": " + inQuotes(path) + " " + text);
}

void Hdf5File::failWithReason(const std::string& path, const std::string& what) const {
    const std::string reason = hdf5Reason();
    const bool newer = reason.find("version") != std::string::npos;
    fail(path, what + (reason.empty() ? "" : " (" + reason + ")") +
                   (newer ? "; of files written for HDF5 1.12 or later only plain numbers are read: write it "
                            "again with h5py.File(FILE, 'w', libver='earliest')"
                          : "; the file is damaged: get or write it again"));
}

Hdf5Dataset::Hdf5Dataset(const Hdf5File& file, const std::string& path)
    : Hdf5Dataset(file, file.object(path), path) {}

Hdf5Dataset::Hdf5Dataset(const Hdf5File& file, Hdf5Handle object, std::string path)
    : file_(&file), path_(std::move(path)), id_(std::move(object)) {
    const Hdf5Lock lock;
    if (!id_)
        file_->failWithReason(path_, "cannot be opened");
    if (H5Iget_type(id_.id()) != H5I_DATASET)
        file_->fail(path_, "is no data set");
    open();
}

void Hdf5Dataset::open() {
    type_ = Hdf5Handle(H5Dget_type(id_.id()), H5Tclose);
    const Hdf5Handle space(H5Dget_space(id_.id()), H5Sclose);
    const Hdf5Handle properties(H5Dget_create_plist(id_.id()), H5Pclose);
    const int dimensions = space ? H5Sget_simple_extent_ndims(space.id()) : -1;
    if (!type_ || !properties || dimensions < 0)
        file_->failWithReason(path_, "cannot be opened");
    kind_ = H5Tget_class(type_.id());
    shape_.resize(static_cast<std::size_t>(dimensions));
    if (H5Sget_simple_extent_type(space.id()) == H5S_NULL)
        shape_ = {0};
    else if (dimensions > 0)
        H5Sget_simple_extent_dims(space.id(), shape_.data(), nullptr);
    checkLayout(properties.id());
    checkFilters(properties.id());
    checkSize(properties.id());
}

void Hdf5Dataset::checkLayout(hid_t properties) {
    const H5D_layout_t layout = H5Pget_layout(properties);
    if (layout == H5D_VIRTUAL || H5Pget_external_count(properties) > 0)
        file_->fail(path_, "has its values in other files; copy them into one: file['copy'] = file['" +
                               path_ + "'][:]");
    if (layout == H5D_CHUNKED) {
        chunk_.resize(shape_.size());
        if (H5Pget_chunk(properties, static_cast<int>(chunk_.size()), chunk_.data()) < 0 ||
            std::ranges::count(chunk_, 0U) > 0)
            file_->failWithReason(path_, "has chunks that cannot be read");
    }
}

void Hdf5Dataset::checkFilters(hid_t properties) const {
    struct Filter {
        H5Z_filter_t id;
        const char* name;
    };
    constexpr std::array<Filter, 8> kKnown{{{4, "szip"},
                                            {307, "bzip2"},
                                            {32001, "blosc"},
                                            {32004, "lz4"},
                                            {32008, "bitshuffle"},
                                            {32013, "zfp"},
                                            {32015, "zstd"},
                                            {32026, "blosc2"}}};
    for (int i = 0; i < H5Pget_nfilters(properties); ++i) {
        std::array<char, 64> name{};
        std::size_t values = 0;
        unsigned flags = 0;
        const H5Z_filter_t id = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr,
                                               name.size() - 1, name.data(), nullptr);
        if (id < 0)
            file_->failWithReason(path_, "has filters that cannot be read");
        if (H5Zfilter_avail(id) > 0)
            continue;
        const auto known = std::ranges::find(kKnown, id, &Filter::id);
        file_->fail(path_, "is packed with the filter " +
                               (known != kKnown.end() ? std::string(known->name)
                                : name[0] != '\0'     ? inQuotes(name.data())
                                                      : "of number " + std::to_string(id)) +
                               ", which is not here; install its HDF5 plugin, or pack it again with gzip: "
                               "h5repack -f GZIP=4 OLD NEW");
    }
}

void Hdf5Dataset::checkSize(hid_t properties) {
    const auto width = static_cast<double>(H5Tget_size(type_.id()));
    const double promised = product(shape_) * width;
    const auto fileBytes = static_cast<double>(file_->bytes().bytes());
    const auto room = static_cast<double>(H5Dget_storage_size(id_.id())); // 0: all is the fill value
    const double stored = std::min(room, fileBytes);
    bool there = promised <= stored * kLargestRatio + kSmall &&
                 product(chunk_) * width <= fileBytes * kLargestRatio + kSmall;
    if (H5Pget_layout(properties) != H5D_CHUNKED && room > 0) // libhdf5 reads on behind what is too short
        there = promised <= stored;
    if (!there)
        file_->fail(path_, "is said to hold " + shapeText({shape_.begin(), shape_.end()}) +
                               " values, and the file has too few bytes for them: get or write it again");
}

hsize_t Hdf5Dataset::size() const {
    hsize_t count = 1; // checkSize bounds it
    for (const hsize_t length : shape_)
        count *= length;
    return count;
}

bool Hdf5Dataset::isNumeric() const {
    return kind_ == H5T_INTEGER || kind_ == H5T_FLOAT || kind_ == H5T_ENUM;
}

void Hdf5Dataset::requireNumbers() const {
    if (!isNumeric())
        file_->fail(path_, std::string("holds ") +
                               (kind_ == H5T_STRING     ? "texts"
                                : kind_ == H5T_COMPOUND ? "records (complex numbers or named fields)"
                                                        : "no plain numbers") +
                               "; numbers are integers, floats or booleans");
}

void Hdf5Dataset::readAs(hid_t type, std::span<const hsize_t> first, std::span<const hsize_t> count,
                         void* values) const {
    const Hdf5Lock lock;
    const Hdf5Handle space(H5Dget_space(id_.id()), H5Sclose);
    if (count.empty()) {
        if (H5Dread(id_.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
            file_->failWithReason(path_, "cannot be read");
        return;
    }
    const Hdf5Handle memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr),
                            H5Sclose);
    if (!space || !memory ||
        H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr) < 0 ||
        H5Dread(id_.id(), type, memory.id(), space.id(), H5P_DEFAULT, values) < 0)
        file_->failWithReason(path_, "cannot be read");
}

void Hdf5Dataset::read(std::span<const hsize_t> first, std::span<const hsize_t> count,
                       std::span<double> values) const {
    readAs(H5T_NATIVE_DOUBLE, first, count, values.data());
}

void Hdf5Dataset::read(std::span<const hsize_t> first, std::span<const hsize_t> count,
                       std::span<std::int64_t> values) const {
    readAs(H5T_NATIVE_INT64, first, count, values.data());
}

std::vector<double> Hdf5Dataset::numbers() const {
    requireNumbers();
    requireMemory(file_->bytes().name(), static_cast<double>(size()) * sizeof(double), file_->memoryLimit());
    std::vector<double> values(size());
    const std::vector<hsize_t> first(shape_.size());
    if (!values.empty())
        read(first, shape_, values);
    return values;
}

std::vector<std::string> Hdf5Dataset::texts(bool latin1) const {
    const Hdf5Lock lock;
    if (kind_ != H5T_STRING)
        file_->fail(path_, "holds no texts");
    const bool variable = H5Tis_variable_str(type_.id()) > 0;
    const std::size_t width = variable ? sizeof(Hdf5TextPlace) : H5Tget_size(type_.id());
    requireMemory(file_->bytes().name(), static_cast<double>(size()) * (static_cast<double>(width) + 32),
                  file_->memoryLimit());
    std::vector<std::string> texts;
    texts.reserve(size());
    // libhdf5 turns neither variable into fixed ones nor ASCII into UTF-8.
    const std::vector<hsize_t> first(shape_.size());
    if (size() == 0)
        return texts;
    if (variable) {
        std::vector<Hdf5TextPlace> places(size());
        readAs(textPlaceType().id(), first, shape_, places.data());
        Hdf5Heap heap(file_->bytes(), file_->userBlock());
        for (const Hdf5TextPlace& place : places)
            texts.push_back(asUtf8(heap.text(place), latin1));
        return texts;
    }
    std::string bytes(size() * width, '\0');
    readAs(type_.id(), first, shape_, bytes.data());
    for (std::size_t i = 0; i < size(); ++i) {
        std::string_view text(bytes.data() + i * width, width);
        text = text.substr(0, text.find('\0'));
        if (H5Tget_strpad(type_.id()) == H5T_STR_SPACEPAD)
            text = text.substr(0, text.find_last_not_of(' ') + 1);
        texts.push_back(asUtf8(text, latin1));
    }
    return texts;
}

std::vector<Hdf5Handle> Hdf5Dataset::referenced() const {
    const Hdf5Lock lock;
    if (H5Tequal(type_.id(), H5T_STD_REF_OBJ) <= 0)
        file_->fail(path_, "holds no references");
    std::vector<hobj_ref_t> references(size());
    const std::vector<hsize_t> first(shape_.size());
    if (!references.empty())
        readAs(H5T_STD_REF_OBJ, first, shape_, references.data());
    std::vector<Hdf5Handle> objects;
    objects.reserve(references.size());
    for (const hobj_ref_t& reference : references)
        objects.emplace_back(H5Rdereference2(id_.id(), H5P_DEFAULT, H5R_OBJECT, &reference), H5Oclose);
    return objects;
}

void Hdf5Dataset::keepChunks(std::size_t axis) {
    constexpr double kLeast = 1 << 20, kMost = 256 << 20;
    if (chunk_.empty())
        return;
    auto bytes = static_cast<double>(H5Tget_size(type_.id()));
    for (std::size_t d = 0; d < chunk_.size(); ++d)
        bytes *= static_cast<double>(d == axis ? chunk_[d] : (shape_[d] / chunk_[d] + 1) * chunk_[d]);
    const Hdf5Lock lock;
    const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    constexpr std::size_t kSlots = 12289; // a prime, as libhdf5 wants it
    H5Pset_chunk_cache(access.id(), kSlots, static_cast<std::size_t>(std::clamp(bytes, kLeast, kMost)), 1);
    Hdf5Handle again(H5Dopen2(file_->id(), path_.c_str(), access.id()), H5Dclose);
    if (again)
        id_ = std::move(again);
}

std::optional<std::string> textAttribute(const Hdf5File& file, hid_t object, const char* name) {
    const Hdf5Lock lock;
    if (H5Aexists(object, name) <= 0)
        return {};
    const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Hdf5Handle type(attribute ? H5Aget_type(attribute.id()) : H5I_INVALID_HID, H5Tclose);
    const Hdf5Handle space(attribute ? H5Aget_space(attribute.id()) : H5I_INVALID_HID, H5Sclose);
    if (!type || !space || H5Tget_class(type.id()) != H5T_STRING ||
        H5Sget_simple_extent_npoints(space.id()) != 1)
        return {};
    if (H5Tis_variable_str(type.id()) > 0) {
        Hdf5TextPlace place{};
        if (H5Aread(attribute.id(), textPlaceType().id(), place.data()) < 0)
            return {};
        return Hdf5Heap(file.bytes(), file.userBlock()).text(place);
    }
    std::string text(H5Tget_size(type.id()), '\0');
    if (H5Aread(attribute.id(), type.id(), text.data()) < 0)
        return {};
    return text.substr(0, text.find('\0'));
}

std::vector<std::int64_t> numbersAttribute(hid_t object, const char* name) {
    constexpr hssize_t kMost = 8;
    const Hdf5Lock lock;
    if (H5Aexists(object, name) <= 0)
        return {};
    const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Hdf5Handle space(attribute ? H5Aget_space(attribute.id()) : H5I_INVALID_HID, H5Sclose);
    const hssize_t count = space ? H5Sget_simple_extent_npoints(space.id()) : 0;
    if (count < 1 || count > kMost)
        return {};
    std::vector<std::int64_t> values(static_cast<std::size_t>(count));
    if (H5Aread(attribute.id(), H5T_NATIVE_INT64, values.data()) < 0)
        return {};
    return values;
}

} // namespace zipml
