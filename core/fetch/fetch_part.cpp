#include "core/fetch/fetch_part.h"

#include "core/base/part.h"

namespace zipml {

const FetchPart& fetchPart() {
    static Part once(
        {"fetch", kFetchPart,
         "downloads need libcurl and OpenSSL, which this build is without; install Debian's "
         "libcurl4-openssl-dev and libssl-dev and build again with ZIPML_FETCH on (./dev build), or "
         "fetch the files by hand: 'zipml fetch --json' has their addresses",
         "libcurl4 and libssl3"});
    return *static_cast<const FetchPart*>(once.entry());
}

} // namespace zipml
