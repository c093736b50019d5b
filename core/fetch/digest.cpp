#include "core/fetch/digest.h"

#include "core/fetch/fetch_part.h"

#include <algorithm>
#include <array>

namespace zipml {
namespace {

struct Kind {
    std::string_view name;
    std::size_t digits;
};
constexpr std::array kKinds{Kind{"sha256", 64}, Kind{"md5", 32}};

} // namespace

std::string fileChecksum(const std::filesystem::path& file, const std::string& kind, const Job& job) {
    if (std::ranges::find(kKinds, kind, &Kind::name) == kKinds.end())
        throw InputError("checksum: '" + kind + "' is not known; sha256 and md5 are");
    return fetchPart().checksum(file, kind, job);
}

bool isChecksum(const std::string& checksum) {
    const auto colon = checksum.find(':');
    return colon != std::string::npos && std::ranges::any_of(kKinds, [&](const Kind& known) {
               return checksum.substr(0, colon) == known.name &&
                      checksum.size() - colon - 1 == known.digits &&
                      checksum.find_first_not_of("0123456789abcdef", colon + 1) == std::string::npos;
           });
}

} // namespace zipml
