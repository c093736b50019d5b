// What libFuzzer calls: the reader that $ZIPML_FUZZ_READER names, on a file in memory.
#include "tests/fuzz/readers.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

const zipml::fuzz::Reader* chosen() {
    const char* name = std::getenv("ZIPML_FUZZ_READER");
    const auto all = zipml::fuzz::readers();
    const auto found =
        std::ranges::find(all, std::string_view(name != nullptr ? name : ""), &zipml::fuzz::Reader::name);
    if (found != all.end())
        return &*found;
    std::fputs("ZIPML_FUZZ_READER must be one of:", stderr);
    for (const auto& reader : all)
        std::fprintf(stderr, " %s", std::string(reader.name).c_str());
    std::fputs("\n", stderr);
    std::exit(2);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const auto* const reader = chosen();
    static const int descriptor = ::memfd_create("fuzz", 0);
    static const std::string file = "/proc/self/fd/" + std::to_string(descriptor);
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, bytes, count, 0) != static_cast<ssize_t>(count))
        return -1;
    reader->read(file);
    return 0;
}
