#include "core/data/formats/format.h"

namespace zipml {

std::span<const Format> formats() {
    static const Format all[] = {kMatFormat,          kHdf5Format, kNpyFormat,    kNpzFormat, kIdxFormat,
                                 kMatrixMarketFormat, kArffFormat, kLibsvmFormat, kCsvFormat};
    return all;
}

} // namespace zipml
