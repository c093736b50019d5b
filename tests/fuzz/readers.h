#pragma once
/// Every reader of files that others made, as one function each: what ./dev fuzz feeds, and what the test
/// beside this feeds with the files kept in corpus/ and with random changes of valid ones.

#include <filesystem>
#include <span>
#include <string_view>

namespace zipml::fuzz {

struct Reader {
    std::string_view name;
    /// Returns, or throws InputError in one line; anything else is a fault of the reader.
    void (*read)(const std::filesystem::path& file);
};

std::span<const Reader> readers();

} // namespace zipml::fuzz
