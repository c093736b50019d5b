#pragma once
/// Images of a network as pictures, and pictures as images of a network.

#include "core/deep/layer_view.h"

#include <QImage>

namespace zipml::ui {

/// @param pixels one image, channel by channel @param shape 1 or 3 channels
QImage toPicture(std::span<const std::uint8_t> pixels, const deep::Shape& shape);
/// What a network of this input is given of a picture: its middle, as wide against its height as the input,
/// scaled to the input's size; a picture of that size is taken as it is. Grey where the input is.
std::vector<std::uint8_t> toPixels(const QImage& picture, const deep::Shape& shape, bool inverted = false);
/// A file's picture, turned as it says. @throws InputError that names the file and what is wrong.
QImage readPicture(const QString& file);

/// A bank's filters in a grid: 0 is mid-grey, the largest magnitude of `scale` black or white, or a colour
/// where filters have three channels.
QImage filterPicture(const deep::FilterBank& bank, std::span<const float> weights, float scale, int columns);

} // namespace zipml::ui
