#pragma once
/// Reconstructions as pictures.

#include "core/tomography/image.h"

#include <QByteArray>
#include <QImage>

namespace zipml::ui {

/// `range.low` is black, `range.high` white, what is beyond is cut off.
QImage greyImage(const Image& image, ValueRange range);
/// Image minus truth: `limit` and more is orange, -limit and less is blue, 0 the background between them,
/// which the colour-blind can tell apart. @param dark whether the middle is black or white
QImage differenceImage(const Image& image, const Image& truth, float limit, bool dark);
/// The colour of a difference of `share` * limit, -1 to 1.
QRgb differenceColor(float share, bool dark);
/// Rows are views, columns detectors; black is 0, white the largest sum.
QImage sinogramImage(const std::vector<float>& sums, int views, int detectors);
QByteArray toPng(const QImage& image);

} // namespace zipml::ui
