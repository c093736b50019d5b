#include "core/data/formats/hdf5_heap.h"

#include "core/base/error.h"

#include <algorithm>
#include <string_view>

namespace zipml {
namespace {

/// A little-endian number.
template <class Byte>
std::uint64_t numberAt(const Byte* bytes, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = count; i-- > 0;)
        number = number << 8U | static_cast<unsigned char>(bytes[i]);
    return number;
}

/// What libhdf5 calls to turn places in the file into places in memory: they stay as they are.
herr_t keepPlaces(hid_t from, hid_t to, H5T_cdata_t* data, std::size_t /*count*/, std::size_t /*stride*/,
                  std::size_t /*backgroundStride*/, void* /*values*/, void* /*background*/,
                  hid_t /*transfer*/) {
    if (data->command == H5T_CONV_FREE)
        return 0;
    data->need_bkg = H5T_BKG_NO;
    const bool fits = H5Tis_variable_str(from) > 0 && H5Tget_size(to) == sizeof(Hdf5TextPlace) &&
                      H5Tget_size(from) == sizeof(Hdf5TextPlace);
    return fits ? 0 : -1;
}

} // namespace

Hdf5Handle textPlaceType() {
    return {H5Tcreate(H5T_OPAQUE, sizeof(Hdf5TextPlace)), H5Tclose};
}

void registerTextPlaces() {
    const Hdf5Handle text(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text.id(), H5T_VARIABLE);
    const Hdf5Handle place = textPlaceType();
    H5Tregister(H5T_PERS_SOFT, "places of texts", text.id(), place.id(), keepPlaces);
}

Hdf5Heap::Hdf5Heap(const SeekableFile& file, std::uint64_t userBlock)
    : file_(file), userBlock_(userBlock), in_(file.path(), std::ios::binary) {}

void Hdf5Heap::fail() const {
    throw InputError(
        file_.name().string() +
        ": a text in it is not where it is said to be; the file is damaged: get or write it again");
}

std::string Hdf5Heap::text(const Hdf5TextPlace& place) {
    const std::uint64_t length = numberAt(place.data(), 4), address = numberAt(place.data() + 4, 8);
    if (length == 0)
        return {};
    if (address != address_)
        load(address);
    const auto piece = pieces_.find(static_cast<std::uint32_t>(numberAt(place.data() + 12, 4)));
    taken_ += length;
    if (piece == pieces_.end() || length > piece->second.bytes || taken_ > file_.bytes())
        fail();
    const std::string text = bytes_.substr(piece->second.begin, length);
    return text.substr(0, text.find('\0'));
}

void Hdf5Heap::load(std::uint64_t address) {
    constexpr std::size_t kHeader = 16, kAligned = 8;
    pieces_.clear();
    address_ = ~std::uint64_t{0};
    const std::uint64_t size = file_.bytes() - std::min(file_.bytes(), userBlock_);
    std::array<char, kHeader> header{};
    in_.clear();
    if (address > size || size - address < kHeader ||
        !in_.seekg(static_cast<std::streamoff>(userBlock_ + address)).read(header.data(), kHeader))
        fail();
    const std::uint64_t bytes = numberAt(header.data() + kAligned, 8);
    if (std::string_view(header.data(), 5) != std::string_view("GCOL\1", 5) || bytes < kHeader ||
        bytes > size - address)
        fail();
    bytes_.resize(bytes - kHeader);
    if (!in_.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size())))
        fail();
    for (std::size_t at = 0; at + kHeader <= bytes_.size();) {
        const auto index = static_cast<std::uint32_t>(numberAt(bytes_.data() + at, 2));
        const std::uint64_t length = numberAt(bytes_.data() + at + kAligned, 8);
        at += kHeader;
        if (index == 0) // the rest is free
            break;
        if (length > bytes_.size() - at)
            fail();
        pieces_[index] = {at, static_cast<std::size_t>(length)};
        at += std::min<std::size_t>((length + kAligned - 1) / kAligned * kAligned, bytes_.size() - at);
    }
    address_ = address;
}

} // namespace zipml
