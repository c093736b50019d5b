#include "core/data/formats/format.h"

namespace zipml {

std::span<const Format> formats() {
    static const Format all[] = {kLibsvmFormat, kCsvFormat};
    return all;
}

} // namespace zipml
