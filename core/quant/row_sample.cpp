#include "core/quant/row_sample.h"

#include <algorithm>

namespace zipml {

std::size_t RowSample::capacity() const {
    return std::clamp<std::size_t>(mostValues_ / std::max<std::size_t>(features_, 1), 1, mostRows_);
}

void RowSample::widen(std::size_t features) {
    const std::size_t before = std::exchange(features_, features);
    for (; kept_.size() > capacity(); kept_.pop_back())
        std::ranges::pop_heap(kept_);
    std::ranges::sort(kept_, {}, &Entry::second); // the file's order stays
    std::vector<float> wide(kept_.size() * features, 0.0F);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
        std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(kept_[i].second * before), before,
                    wide.begin() + static_cast<std::ptrdiff_t>(i * features));
        kept_[i].second = i;
    }
    values_ = std::move(wide);
    std::ranges::make_heap(kept_);
}

void RowSample::add(std::span<const float> values, std::size_t rows, std::size_t features) {
    if (features > features_)
        widen(features);
    for (std::size_t row = 0; row < rows; ++row, ++seen_) {
        const RandomWords words = draws_.words(static_cast<std::uint32_t>(seen_), 0);
        const std::uint64_t draw = std::uint64_t{words[0]} << 32U | words[1];
        std::size_t slot = kept_.size();
        if (slot == capacity()) {
            if (draw >= kept_.front().first)
                continue;
            slot = kept_.front().second;
            std::ranges::pop_heap(kept_);
            kept_.pop_back();
        } else {
            if (values_.capacity() < (slot + 1) * features) // doubling might take more than was promised
                values_.reserve(std::min(2 * slot + 16, capacity()) * features);
            values_.resize((slot + 1) * features);
        }
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(row * features), features,
                    values_.begin() + static_cast<std::ptrdiff_t>(slot * features));
        kept_.emplace_back(draw, slot);
        std::ranges::push_heap(kept_);
    }
}

Dataset RowSample::take() {
    Dataset data;
    data.rows = kept_.size();
    data.features = features_;
    data.values = std::move(values_);
    return data;
}

} // namespace zipml
