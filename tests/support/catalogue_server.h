#pragma once
/// A catalogue of small data sets and the server that has them.

#include "tests/support/http_server.h"

#include <nlohmann/json.hpp>

namespace zipml::test {

/// LIBSVM text whose labels, -1 and 1, follow the first of `features` features.
inline std::string libsvmText(int rows, int features) {
    std::string text;
    for (int r = 0; r < rows; ++r) {
        text += r % 2 == 0 ? "-1" : "1";
        for (int f = 1; f <= features; ++f)
            text += " " + std::to_string(f) + ":" + std::to_string(f == 1 ? r % 2 : (r * f) % 7 + 1);
        text += "\n";
    }
    return text;
}

class CatalogueServer {
  public:
    CatalogueServer()
        : server_([this](const HttpRequest& request) {
              const std::lock_guard lock(mutex_);
              const auto found = files_.find(request.path);
              if (found == files_.end())
                  return HttpReply{404, {}, "none", std::string::npos, false};
              auto reply = fileReply(request, found->second, "\"1\"");
              reply.send = std::exchange(send_, std::string::npos);
              reply.hang = reply.send != std::string::npos;
              return reply;
          }) {}

    void put(const std::string& path, const std::string& contents) {
        const std::lock_guard lock(mutex_);
        files_[path] = contents;
    }
    /// The next answer stops after `bytes` and says nothing more.
    void hangAfter(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        send_ = bytes;
    }
    [[nodiscard]] std::string url(const std::string& path) const { return server_.url(path); }
    [[nodiscard]] std::size_t requests() const { return server_.requests().size(); }

    /// A set of a training and a test file, "/NAME" and "/NAME.t", of 60 and 20 rows of 4 features.
    nlohmann::json entry(const std::string& name) {
        put("/" + name, libsvmText(60, 4));
        put("/" + name + ".t", libsvmText(20, 4));
        return {{"name", name},
                {"title", "A set for tests"},
                {"task", "classification"},
                {"rows", 60},
                {"test_rows", 20},
                {"features", 4},
                {"licence", "none needed"},
                {"citation", "nobody"},
                {"page", "https://page"},
                {"files",
                 {{{"url", url("/" + name)}, {"part", "train"}, {"rows", 60}},
                  {{"url", url("/" + name + ".t")}, {"part", "test"}, {"rows", 20}}}}};
    }

  private:
    std::mutex mutex_;
    std::map<std::string, std::string> files_;
    std::size_t send_ = std::string::npos;
    HttpServer server_; // last: it uses the others
};

} // namespace zipml::test
