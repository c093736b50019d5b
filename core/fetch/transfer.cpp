#include "core/fetch/transfer.h"

#include "core/fetch/catalogue.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>

namespace zipml {
namespace {

constexpr long kRedirects = 8;
constexpr long kConnectSeconds = 30;
constexpr int kPollMilliseconds = 250;
constexpr long kOk = 200, kPartialContent = 206, kRangeNotSatisfiable = 416;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// Both known and not the same.
template <class Value>
bool differ(const Value& a, const Value& b) {
    return a != Value() && b != Value() && a != b;
}

bool isDiskFull(int reason) {
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

} // namespace

Transfer::Transfer(const DownloadRequest& request, PartialFile& part, const Job& job)
    : request_(request), part_(part), job_(job), multi_(nullptr, curl_multi_cleanup),
      easy_(nullptr, curl_easy_cleanup), headers_(nullptr, curl_slist_free_all),
      reason_(CURL_ERROR_SIZE, '\0') {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    CURL* easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "zipml/" ZIPML_VERSION);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kRedirects);
    // What was asked for over https is not taken from an address without it.
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
                     request.url.starts_with("https:") ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a stop does not wait for a name server
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 1L << 18);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason_.data());
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(
        easy, CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t, std::size_t count, void* self) {
            static_cast<Transfer*>(self)->readHeader({data, count});
            return count;
        });
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(
        easy, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t count, void* self) {
            return static_cast<Transfer*>(self)->write({data, count}) ? count : std::size_t{0};
        });
    askForTheRest();
}

Transfer::~Transfer() {
    curl_multi_remove_handle(multi_.get(), easy_.get());
}

void Transfer::askForTheRest() {
    const FileVersion& version = part_.version();
    const bool strong = !version.etag.empty() && !version.etag.starts_with("W/");
    const std::string validator = strong ? version.etag : version.lastModified;
    // Without a validator only a checksum tells whether the two ends belong together.
    if (part_.size() == 0 || version.url != request_.url || (validator.empty() && request_.checksum.empty()))
        return;
    offset_ = part_.size();
    curl_easy_setopt(easy_.get(), CURLOPT_RANGE, (std::to_string(offset_) + "-").c_str());
    if (!validator.empty())
        headers_.reset(curl_slist_append(nullptr, ("If-Range: " + validator).c_str()));
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::readHeader(std::string_view line) {
    heard_ = Clock::now();
    if (line.starts_with("HTTP/")) { // the next response of a row of redirects
        head_ = {};
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return;
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "etag")
        head_.etag = value;
    else if (name == "last-modified")
        head_.lastModified = value;
    else if (name == "content-length")
        head_.length = number(value);
    else if (name == "content-range" && value.starts_with("bytes ")) {
        const auto slash = value.find('/'); // bytes 5-9/10, or bytes */10
        const auto dash = value.find('-');
        if (slash != std::string_view::npos)
            head_.rangeTotal = number(value.substr(slash + 1));
        if (dash != std::string_view::npos)
            head_.rangeBegin = number(value.substr(6, dash - 6));
    }
}

long Transfer::status() const {
    long code = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
}

void Transfer::begin() {
    begun_ = true;
    if (status() == kPartialContent) {
        const FileVersion& known = part_.version();
        total_ = head_.rangeTotal.value_or(0);
        startOver_ = head_.rangeBegin != offset_ || differ(head_.etag, known.etag) ||
                     differ(head_.lastModified, known.lastModified) || differ(total_, known.bytes);
        if (startOver_)
            return;
    } else if (status() == kOk) {
        total_ = head_.length.value_or(0);
        part_.restart({request_.url, head_.etag, head_.lastModified, total_});
    } else {
        fail("the server answers " + std::to_string(status()) + " where 200 (OK) was expected");
    }
    if (differ(total_, request_.bytes)) {
        part_.remove();
        fail("has " + std::to_string(total_) + " bytes where the catalogue has " +
             std::to_string(request_.bytes) + ": the file has changed there");
    }
    std::error_code failed;
    const auto space = std::filesystem::space(part_.path().parent_path(), failed);
    if (!failed && total_ > part_.size() && space.available < total_ - part_.size())
        throw RunError(request_.file.string() + ": the disk is too full: " + sizeText(total_ - part_.size()) +
                       " are still to come and " + sizeText(std::max<std::uint64_t>(space.available, 1)) +
                       " are free; make room and go on, or choose another folder");
}

bool Transfer::write(std::string_view bytes) {
    heard_ = Clock::now();
    try {
        if (!begun_)
            begin();
        if (startOver_)
            return false;
        // As far as it is known: by the catalogue, or as the server itself has said.
        const std::uint64_t most = request_.bytes != 0 ? request_.bytes : total_;
        if (most != 0 && part_.size() + bytes.size() > most) {
            part_.remove();
            fail("sends more than the " + std::to_string(most) +
                 " bytes that the file has: it has changed there");
        }
        if (!part_.append(bytes)) {
            const int reason = errno;
            throw RunError(request_.file.string() +
                           (isDiskFull(reason)
                                ? ": the disk is full after " + sizeText(part_.size()) + " (" +
                                      std::strerror(reason) +
                                      "); make room and go on, or choose another folder"
                                : std::string(": cannot be written: ") + std::strerror(reason)));
        }
        const std::uint64_t total = std::max(total_, request_.bytes);
        job_.report(total == 0 ? 0 : static_cast<double>(part_.size()) / static_cast<double>(total),
                    request_.file.filename().string() + ": " + sizeText(part_.size()) +
                        (total == 0 ? "" : " of " + sizeText(total)));
        return true;
    } catch (...) {
        thrown_ = std::current_exception();
        return false;
    }
}

CURLcode Transfer::perform() {
    const std::stop_callback wake(job_.stop, [this] { curl_multi_wakeup(multi_.get()); });
    curl_multi_add_handle(multi_.get(), easy_.get());
    heard_ = Clock::now();
    for (int running = 1; running > 0;) {
        job_.checkpoint();
        // libcurl's own limit is on an average, which takes seconds more.
        if (Clock::now() - heard_ > std::chrono::seconds(request_.silenceSeconds))
            return CURLE_OPERATION_TIMEDOUT;
        curl_multi_perform(multi_.get(), &running);
        if (running > 0)
            curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

Transfer::Outcome Transfer::run() {
    const CURLcode code = perform();
    curl_easy_setopt(easy_.get(), CURLOPT_ERRORBUFFER, nullptr);
    reason_.resize(std::strlen(reason_.c_str()));
    if (thrown_)
        std::rethrow_exception(thrown_);
    if (startOver_)
        return Outcome::StartOver;
    if (code == CURLE_OK && !begun_)
        begin(); // an empty file
    return startOver_ ? Outcome::StartOver : judge(code);
}

Transfer::Outcome Transfer::judge(CURLcode code) {
    switch (code) {
    case CURLE_OK:
        return total_ != 0 && part_.size() < total_ ? broken("the server stopped early") : Outcome::Whole;
    case CURLE_HTTP_RETURNED_ERROR:
        if (status() == kRangeNotSatisfiable && offset_ > 0) // all of it is here, or the file has shrunk
            return head_.rangeTotal == offset_ ? Outcome::Whole : Outcome::StartOver;
        if (status() >= 500 || status() == 429 || status() == 408)
            return broken("the server is busy or broken (" + std::to_string(status()) + ")");
        failStatus();
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        fail("the name cannot be found (" + reason_ +
             "): is this machine online? Behind a proxy set https_proxy");
    case CURLE_COULDNT_CONNECT:
        fail("no connection (" + reason_ + "): is this machine online, and the server up?");
    case CURLE_TOO_MANY_REDIRECTS:
        fail("is redirected more than " + std::to_string(kRedirects) + " times: the address is broken there");
    case CURLE_UNSUPPORTED_PROTOCOL:
        fail("is redirected to an address that is neither http nor https, or from https to http (" + reason_ +
             ")");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        fail("the server's certificate is not accepted (" + reason_ +
             "): is the clock right, and Debian's package ca-certificates installed?");
    case CURLE_OPERATION_TIMEDOUT:
        return broken(begun_ ? "the server sent nothing for " + std::to_string(request_.silenceSeconds) + " s"
                             : "the server does not answer");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return broken("the connection broke off (" + reason_ + ")");
    default:
        fail(reason_.empty() ? curl_easy_strerror(code) : reason_);
    }
}

Transfer::Outcome Transfer::broken(const std::string& what) {
    fault_ = request_.url + ": " + what;
    if (part_.size() > 0)
        fault_ += " after " + sizeText(part_.size()) + (total_ == 0 ? "" : " of " + sizeText(total_)) +
                  ", which are kept: fetch again to go on";
    else
        fault_ += "; try again later";
    return Outcome::Broken;
}

void Transfer::fail(const std::string& what) const {
    throw RunError(request_.url + ": " + what + (request_.page.empty() ? "" : "; see " + request_.page));
}

void Transfer::failStatus() const {
    const long code = status();
    fail(code == 404 || code == 410
             ? "the server has no such file (" + std::to_string(code) + "): it has moved"
         : code == 401 || code == 403
             ? "the server does not give this file out (" + std::to_string(code) + ")"
             : "the server refuses (" + std::to_string(code) + ")");
}

} // namespace zipml
