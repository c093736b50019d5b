#pragma once
/// A device's name is kept with results: drivers come and go and change places, so that "the second device" is
/// another one tomorrow, and a driver's next version may compute otherwise.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// "NVIDIA H200 (NVIDIA CUDA 580.1)", without commas, which separate devices in lists.
std::string deviceNameOf(std::string_view model, std::string_view platform, std::string_view driver);

/// Makes equal names differ: the second one ends in " #2".
void tellApart(std::vector<std::string>& names);

/// Which of the names is meant.
/// @param which a place in the list ("0"), a whole name, or a part of one name only, in whatever case
/// @param prefix of the kind of device, for the error: "opencl" @param none why there are no names, likewise
/// @throws InputError that says which there are
std::size_t deviceMeant(std::string_view which, std::span<const std::string> names, const std::string& prefix,
                        const std::string& none);

} // namespace zipml
