#include "core/data/label_watch.h"

#include <cmath>

namespace zipml {

LabelWatch::LabelWatch(std::vector<LabelEvidence> seen, std::size_t label)
    : columns_(std::move(seen)), label_(label) {
    for (LabelEvidence* column : {&columns_.front(), &columns_.back()}) { // they see every row anew
        LabelEvidence evidence;
        evidence.decimals = column->decimals;
        *column = evidence;
    }
}

void LabelWatch::add(const ParsedRows& rows, std::size_t features) {
    const auto value = [&](std::size_t r, std::size_t c) {
        return c == label_ ? rows.labels[r] : double{rows.values[r * features + c - (c > label_ ? 1 : 0)]};
    };
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        columns_.front().add(value(r, 0));
        if (columns_.size() > 1)
            columns_.back().add(value(r, columns_.size() - 1));
    }
    for (std::size_t c = 1; c + 1 < columns_.size(); ++c)
        for (std::size_t r = 0; r < rows.rows() && columns_[c].whole; ++r)
            columns_[c].whole = value(r, c) == std::nearbyint(value(r, c));
}

} // namespace zipml
