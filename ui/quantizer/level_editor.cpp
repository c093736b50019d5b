#include "ui/quantizer/level_editor.h"

#include <algorithm>
#include <utility>

namespace zipml::ui {

void LevelEditor::setBase(std::vector<double> levels) {
    base_ = std::move(levels);
    now_ = base_;
    dragged_.reset();
    undo_.clear();
    redo_.clear();
}

void LevelEditor::commit(Levels before) {
    constexpr std::size_t kSteps = 1000;
    if (before == now_)
        return;
    undo_.push_back(std::move(before));
    if (undo_.size() > kSteps)
        undo_.erase(undo_.begin());
    redo_.clear();
}

void LevelEditor::move(std::size_t index, double to) {
    if (!movable(index))
        return;
    // Levels that met would be one.
    const double apart = (now_.back() - now_.front()) * 1e-6;
    const double least = now_[index - 1] + apart;
    const double most = now_[index + 1] - apart;
    if (least > most)
        return;
    Levels before = now_;
    now_[index] = std::clamp(to, least, most);
    if (!dragged_)
        commit(std::move(before));
}

void LevelEditor::endDrag() {
    if (auto before = std::exchange(dragged_, std::nullopt))
        commit(std::move(*before));
}

std::optional<std::size_t> LevelEditor::insert(double at) {
    const auto above = std::ranges::lower_bound(now_, at);
    if (now_.size() >= kMost || above == now_.begin() || above == now_.end() || *above == at)
        return std::nullopt;
    Levels before = now_;
    const auto index = static_cast<std::size_t>(above - now_.begin());
    now_.insert(above, at);
    commit(std::move(before));
    return index;
}

void LevelEditor::remove(std::size_t index) {
    if (!movable(index))
        return;
    Levels before = now_;
    now_.erase(now_.begin() + static_cast<std::ptrdiff_t>(index));
    commit(std::move(before));
}

void LevelEditor::reset() {
    commit(std::exchange(now_, base_));
}

void LevelEditor::undo() {
    if (undo_.empty())
        return;
    redo_.push_back(std::exchange(now_, std::move(undo_.back())));
    undo_.pop_back();
}

void LevelEditor::redo() {
    if (redo_.empty())
        return;
    undo_.push_back(std::exchange(now_, std::move(redo_.back())));
    redo_.pop_back();
}

} // namespace zipml::ui
