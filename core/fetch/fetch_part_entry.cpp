// The library that downloads and checks (core/fetch/fetch_part.h).

#include "core/fetch/checksum.h"
#include "core/fetch/transfer.h"

namespace zipml {
namespace {

TransferResult transfer(const DownloadRequest& request, PartialFile& part, const Job& job) {
    Transfer transfer(request, part, job);
    const auto outcome = transfer.run();
    return {outcome, transfer.fault()};
}

} // namespace
} // namespace zipml

extern "C" {
// All of a part is hidden but this, which is looked up.
__attribute__((visibility("default"))) extern const zipml::FetchPart zipmlFetchPart;
const zipml::FetchPart zipmlFetchPart{zipml::transfer, zipml::checksumOf};
}
