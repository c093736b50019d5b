#pragma once
/// Reads a JSON object that a person wrote, key by key.

#include "core/base/error.h"

#include <nlohmann/json.hpp>
#include <string>

namespace zipml {

/// Takes out what a block may have; what is left when it ends was misspelt.
class JsonBlock {
  public:
    explicit JsonBlock(nlohmann::json object) : object_(std::move(object)) {
        if (!object_.is_object())
            throw InputError("a block is a JSON object, {\"title\": ...}");
    }
    template <class Value>
    Value take(const char* key, Value otherwise) {
        const auto found = object_.find(key);
        if (found == object_.end())
            return otherwise;
        Value value = found->get<Value>();
        object_.erase(found);
        return value;
    }
    template <class Value>
    Value need(const char* key) {
        if (!object_.contains(key))
            throw InputError("'" + std::string(key) + "' is missing");
        return take<Value>(key, {});
    }
    void end() const {
        if (!object_.empty())
            throw InputError("'" + object_.begin().key() + "' is unknown here");
    }

  private:
    nlohmann::json object_;
};

} // namespace zipml
