#include "ui/networks/network_images.h"

#include "core/base/error.h"

#include <QFileInfo>
#include <QImageReader>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr int kMostPixelsASide = 20'000;

} // namespace

QImage toPicture(std::span<const std::uint8_t> pixels, const deep::Shape& shape) {
    QImage picture(shape.width, shape.height, QImage::Format_RGB32);
    const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    for (int y = 0; y < shape.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < shape.width; ++x) {
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(shape.width) +
                            static_cast<std::size_t>(x);
            line[x] = shape.channels == 3 ? qRgb(pixels[at], pixels[plane + at], pixels[2 * plane + at])
                                          : qRgb(pixels[at], pixels[at], pixels[at]);
        }
    }
    return picture;
}

std::vector<std::uint8_t> toPixels(const QImage& picture, const deep::Shape& shape, bool inverted) {
    const QSize size(shape.width, shape.height);
    QImage scaled = picture;
    if (picture.size() != size) {
        const QSize kept = size.scaled(picture.size(), Qt::KeepAspectRatio);
        const QRect middle((picture.width() - kept.width()) / 2, (picture.height() - kept.height()) / 2,
                           std::max(1, kept.width()), std::max(1, kept.height()));
        scaled = picture.copy(middle).scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    }
    // What is transparent is white, as on paper.
    QImage opaque(size, QImage::Format_RGB32);
    opaque.fill(Qt::white);
    const QImage source = scaled.convertToFormat(QImage::Format_ARGB32);
    std::vector<std::uint8_t> pixels(shape.size());
    const std::size_t plane = shape.size() / static_cast<std::size_t>(shape.channels);
    for (int y = 0; y < size.height(); ++y)
        for (int x = 0; x < size.width(); ++x) {
            const QRgb colour = source.pixel(x, y);
            const auto over = [&](int part) {
                const int value = (part * qAlpha(colour) + 255 * (255 - qAlpha(colour)) + 127) / 255;
                return static_cast<std::uint8_t>(inverted ? 255 - value : value);
            };
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width()) +
                            static_cast<std::size_t>(x);
            if (shape.channels == 3) {
                pixels[at] = over(qRed(colour));
                pixels[plane + at] = over(qGreen(colour));
                pixels[2 * plane + at] = over(qBlue(colour));
            } else {
                pixels[at] = over(qGray(colour));
            }
        }
    return pixels;
}

QImage readPicture(const QString& file) {
    const std::string name = file.toStdString();
    if (!QFileInfo(file).isFile())
        throw InputError(name + ": is no file; choose a picture (PNG or JPEG)");
    QImageReader reader(file);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    if (!reader.canRead())
        throw InputError(name + ": is no picture that can be read; use a PNG or JPEG file");
    const QSize size = reader.size();
    if (size.width() > kMostPixelsASide || size.height() > kMostPixelsASide)
        throw InputError(name + ": has " + std::to_string(size.width()) + " x " +
                         std::to_string(size.height()) + " pixels; at most " +
                         std::to_string(kMostPixelsASide) + " a side can be read");
    const QImage picture = reader.read();
    if (picture.isNull())
        throw InputError(name + ": cannot be read (" + reader.errorString().toStdString() +
                         "); it is damaged or too large, use another copy or a smaller one");
    return picture;
}

QImage filterPicture(const deep::FilterBank& bank, std::span<const float> weights, float scale, int columns) {
    const int width = bank.shape.width, height = bank.shape.height;
    const int rows = (static_cast<int>(bank.count) + columns - 1) / columns;
    QImage picture(columns * (width + 1) - 1, rows * (height + 1) - 1, QImage::Format_ARGB32);
    picture.fill(Qt::transparent); // the gaps
    const std::size_t plane = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    const auto grey = [scale](float weight) {
        const float share = scale > 0 ? std::clamp(weight / scale, -1.0F, 1.0F) : 0;
        return static_cast<int>(std::lround(127.5F + 127.5F * share));
    };
    for (std::size_t f = 0; f < bank.count; ++f) {
        const auto filter = weights.subspan(f * bank.shape.size(), bank.shape.size());
        const int left = static_cast<int>(f) % columns * (width + 1);
        const int top = static_cast<int>(f) / columns * (height + 1);
        for (std::size_t at = 0; at < plane; ++at) {
            const int red = grey(filter[at]);
            const bool colours = bank.shape.channels == 3;
            picture.setPixel(left + static_cast<int>(at) % width, top + static_cast<int>(at) / width,
                             colours ? qRgb(red, grey(filter[plane + at]), grey(filter[2 * plane + at]))
                                     : qRgb(red, red, red));
        }
    }
    return picture;
}

} // namespace zipml::ui
