#pragma once
/// What was found out about this machine's devices is kept in a JSON file of the user's cache folder, so that
/// it is found out once. What is lost, damaged or cannot be written is found out again.

#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace zipml {

class KeptEntries {
  public:
    /// @param name of the file, in opencl/ of cacheFolder(), which is asked anew each time
    /// @param version of what an entry holds; entries of others are left out
    KeptEntries(std::string name, int version) : name_(std::move(name)), version_(version) {}

    /// Empty where nothing is kept.
    [[nodiscard]] std::filesystem::path file() const;
    [[nodiscard]] std::optional<nlohmann::json> find(const std::string& key);
    void keep(const std::string& key, nlohmann::json entry);

  private:
    [[nodiscard]] nlohmann::json read() const;

    std::string name_;
    int version_;
    std::mutex mutex_; ///< of the file: runs find out in threads of their own
};

} // namespace zipml
