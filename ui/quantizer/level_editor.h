#pragma once
/// Levels that a person moves, with undo and redo. The ends stay: between them every value can be rounded
/// without bias (docs/method.md#s5-1).

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace zipml::ui {

class LevelEditor {
  public:
    static constexpr std::size_t kMost = 256;

    /// The levels to begin with; forgets edits and their history. @param levels strictly increasing
    void setBase(std::vector<double> levels);

    [[nodiscard]] const std::vector<double>& levels() const { return now_; }
    /// Whether the levels are the person's own.
    [[nodiscard]] bool edited() const { return now_ != base_; }
    /// Neither first nor last.
    [[nodiscard]] bool movable(std::size_t index) const { return index > 0 && index + 1 < now_.size(); }

    /// As near to `to` as the neighbours allow. Moves between beginDrag and endDrag are one step of undo.
    void move(std::size_t index, double to);
    void beginDrag() { dragged_ = now_; }
    void endDrag();
    /// @return the new level's index; nothing outside the ends, on a level, or at kMost levels
    std::optional<std::size_t> insert(double at);
    void remove(std::size_t index);
    /// Back to the base, which can be undone.
    void reset();

    [[nodiscard]] bool canUndo() const { return !undo_.empty(); }
    [[nodiscard]] bool canRedo() const { return !redo_.empty(); }
    void undo();
    void redo();

  private:
    using Levels = std::vector<double>;
    void commit(Levels before);

    Levels base_, now_;
    std::optional<Levels> dragged_; ///< as they were when the drag began
    std::vector<Levels> undo_, redo_;
};

} // namespace zipml::ui
