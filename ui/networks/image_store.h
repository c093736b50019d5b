#pragma once
/// The images that runs train on, read once for all runs on the same data.

#include "core/deep/deep_spec.h"
#include "core/deep/image_set.h"

#include <memory>
#include <mutex>

namespace zipml::ui {

struct StoredImages {
    deep::ImageData data;
    /// A copy of its own: what is shown outlives the training part, which is larger.
    std::shared_ptr<const deep::ImageSet> test;
};

/// From any thread. Holds the images that were asked for last; others live as long as a run uses them.
class ImageStore {
  public:
    /// @throws as loadImageData does
    std::shared_ptr<const StoredImages> load(const deep::DeepSpec& spec, const Job& job);

  private:
    std::mutex mutex_;
    std::string key_;
    std::shared_ptr<const StoredImages> newest_;
};

} // namespace zipml::ui
