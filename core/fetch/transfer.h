#pragma once
/// One request of a download: libcurl writes into the partial file. In the part of the program that fetches.

#include "core/fetch/fetch_part.h"

#include <chrono>
#include <curl/curl.h>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zipml {

class Transfer {
  public:
    using Outcome = TransferResult::Outcome;

    Transfer(const DownloadRequest& request, PartialFile& part, const Job& job);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// @throws RunError for what will not get better, Cancelled when stopped
    Outcome run();
    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    struct Head {
        std::string etag, lastModified;
        std::optional<std::uint64_t> length, rangeBegin, rangeTotal;
    };

    void askForTheRest();
    CURLcode perform();
    void readHeader(std::string_view line);
    /// Once the body begins: is it what was asked for?
    void begin();
    bool write(std::string_view bytes);
    [[nodiscard]] long status() const;
    [[nodiscard]] Outcome judge(CURLcode code);
    Outcome broken(const std::string& what);
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void failStatus() const;

    const DownloadRequest& request_;
    PartialFile& part_;
    const Job& job_;
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
    std::unique_ptr<CURL, void (*)(CURL*)> easy_;
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_;
    std::string reason_; ///< libcurl's own words
    using Clock = std::chrono::steady_clock;
    Clock::time_point heard_; ///< of the server, last
    Head head_;
    std::uint64_t offset_ = 0; ///< asked for from here on
    std::uint64_t total_ = 0;  ///< bytes of the whole file; 0: not told
    bool begun_ = false, startOver_ = false;
    std::exception_ptr thrown_; ///< in a callback: libcurl is C
    std::string fault_;
};

} // namespace zipml
