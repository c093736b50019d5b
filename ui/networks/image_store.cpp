#include "ui/networks/image_store.h"

namespace zipml::ui {
namespace {

/// What decides the images.
std::string keyOf(const deep::DeepSpec& spec) {
    const bool generated = spec.data == "shapes" || spec.data.starts_with("shapes:");
    return spec.data + '\n' + std::to_string(generated ? spec.seed : 0) + ' ' +
           std::to_string(spec.trainImages) + ' ' + std::to_string(spec.testImages);
}

} // namespace

std::shared_ptr<const StoredImages> ImageStore::load(const deep::DeepSpec& spec, const Job& job) {
    const std::string key = keyOf(spec);
    {
        const std::lock_guard lock(mutex_);
        if (newest_ && key_ == key)
            return newest_;
        newest_.reset(); // not both in memory, if nobody uses it
    }
    auto images = std::make_shared<StoredImages>();
    images->data = deep::loadImageData(spec.data, spec.seed, spec.trainImages, spec.testImages, job);
    images->test = std::make_shared<const deep::ImageSet>(images->data.test);
    const std::lock_guard lock(mutex_);
    key_ = key;
    newest_ = images;
    return images;
}

} // namespace zipml::ui
