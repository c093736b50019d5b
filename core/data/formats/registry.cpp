#include "core/data/formats/format.h"

#include <vector>

namespace zipml {
namespace {

std::vector<Format>& table() {
    static std::vector<Format> all{
#define FORMAT(row) row,
#include "core/data/formats/formats.def"
#undef FORMAT
    };
    return all;
}

} // namespace

std::span<const Format> formats() {
    return table();
}

void addFormat(const Format& format) {
    table().insert(table().begin(), format);
}

} // namespace zipml
