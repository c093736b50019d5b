#pragma once
/// A label watch gathers evidence for the label from all rows of a file, while they are read as if every
/// column were numbers and the label the one that the first rows suggest.

#include "core/data/formats/parsed_rows.h"
#include "core/data/label_choice.h"

namespace zipml {

class LabelWatch {
  public:
    /// @param seen in the first rows, by column @param label as they suggest
    LabelWatch(std::vector<LabelEvidence> seen, std::size_t label);
    /// @param features of each row
    void add(const ParsedRows& rows, std::size_t features);
    [[nodiscard]] LabelChoice choose(std::span<const std::string> names) const {
        return chooseLabel(columns_, names);
    }

  private:
    std::vector<LabelEvidence> columns_;
    std::size_t label_;
};

} // namespace zipml
