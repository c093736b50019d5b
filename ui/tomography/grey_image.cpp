#include "ui/tomography/grey_image.h"

#include <QBuffer>
#include <QColor>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

uchar greyOf(float value, ValueRange range) {
    const float share = std::clamp((value - range.low) / (range.high - range.low), 0.0F, 1.0F);
    return static_cast<uchar>(std::lround(share * 255));
}

QImage greyRows(const std::vector<float>& values, int rows, int columns, ValueRange range) {
    QImage picture(columns, rows, QImage::Format_Grayscale8);
    for (int row = 0; row < rows; ++row) {
        uchar* line = picture.scanLine(row);
        for (int column = 0; column < columns; ++column)
            line[column] = greyOf(values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                                         static_cast<std::size_t>(column)],
                                  range);
    }
    return picture;
}

} // namespace

QImage greyImage(const Image& image, ValueRange range) {
    return greyRows(image.pixels, image.size, image.size, range);
}

QRgb differenceColor(float share, bool dark) {
    // Vermillion and blue of Okabe and Ito.
    const QColor end = share > 0 ? QColor("#d55e00") : QColor("#0072b2");
    const QColor middle = dark ? QColor("#000000") : QColor("#ffffff");
    const float amount = std::min(1.0F, std::abs(share));
    const auto mix = [amount](int from, int to) {
        return from + static_cast<int>(std::lround(amount * static_cast<float>(to - from)));
    };
    return qRgb(mix(middle.red(), end.red()), mix(middle.green(), end.green()),
                mix(middle.blue(), end.blue()));
}

QImage differenceImage(const Image& image, const Image& truth, float limit, bool dark) {
    QImage picture(image.size, image.size, QImage::Format_RGB32);
    for (int row = 0; row < image.size; ++row) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(row));
        for (int column = 0; column < image.size; ++column)
            line[column] = differenceColor((image.at(row, column) - truth.at(row, column)) / limit, dark);
    }
    return picture;
}

QImage sinogramImage(const std::vector<float>& sums, int views, int detectors) {
    return greyRows(sums, views, detectors, {0, std::max(1e-6F, *std::ranges::max_element(sums))});
}

QByteArray toPng(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace zipml::ui
