#include "core/fetch/checksum.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <vector>

namespace zipml {

std::string checksumOf(const std::filesystem::path& file, const std::string& kind, const Job& job) {
    std::ifstream in(file, std::ios::binary);
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (!in || failed)
        throw InputError(file.string() + ": cannot be read");
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), kind == "md5" ? EVP_md5() : EVP_sha256(), nullptr);
    std::vector<char> block(std::size_t{1} << 20);
    std::uint64_t done = 0;
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        job.checkpoint();
        const auto count = static_cast<std::size_t>(in.gcount());
        EVP_DigestUpdate(context.get(), block.data(), count);
        done += count;
        job.report(static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(size, 1)),
                   "checking " + file.filename().string());
    }
    if (in.bad() || done != size)
        throw InputError(file.string() + ": cannot be read to its end");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &length);
    std::string text = kind + ":";
    for (unsigned i = 0; i < length; ++i) {
        constexpr const char* kDigits = "0123456789abcdef";
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 15U];
    }
    return text;
}

} // namespace zipml
