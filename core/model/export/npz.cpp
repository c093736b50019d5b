// NPZ: NumPy arrays, named and shaped as scikit-learn's estimators have them, so that four lines of Python read
// a model.

#include "core/base/json_text.h"
#include "core/data/utf8.h"
#include "core/model/export/folded_model.h"
#include "core/model/export/format.h"

#include <archive.h>
#include <archive_entry.h>
#include <bit>
#include <memory>

namespace zipml::exported {
namespace {

static_assert(std::endian::native == std::endian::little); // arrays say '<'

/// A zip archive in memory, nothing packed and without times: equal models give equal bytes.
class ZipText {
  public:
    ZipText() : archive_(archive_write_new()) {
        archive_write_set_format_zip(archive_.get());
        archive_write_zip_set_compression_store(archive_.get());
        archive_write_set_bytes_in_last_block(archive_.get(), 1);
        const auto append = [](archive*, void* to, const void* bytes, std::size_t size) {
            static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
            return static_cast<la_ssize_t>(size);
        };
        check(archive_write_open(archive_.get(), &bytes_, nullptr, append, nullptr));
    }

    void add(const std::string& name, const std::string& content) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                             archive_entry_free);
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
        check(archive_write_header(archive_.get(), entry.get()));
        if (archive_write_data(archive_.get(), content.data(), content.size()) !=
            static_cast<la_ssize_t>(content.size()))
            check(ARCHIVE_FATAL);
    }

    std::string finish() {
        check(archive_write_close(archive_.get()));
        return std::move(bytes_);
    }

  private:
    void check(int result) const {
        if (result < ARCHIVE_OK)
            throw RunError(std::string("npz: cannot be written: ") + archive_error_string(archive_.get()));
    }

    struct Free {
        void operator()(archive* one) const { archive_write_free(one); }
    };
    std::string bytes_;
    std::unique_ptr<archive, Free> archive_;
};

/// A NumPy array (version 1.0 of the format). @param shape "(2, 3)", "(3,)" or "()"
std::string npyOf(const std::string& type, const std::string& shape, const std::string& data) {
    constexpr std::size_t kAlign = 64;
    std::string head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    const std::size_t before = 10; // magic, version, length
    head.append(kAlign - (before + head.size() + 1) % kAlign, ' ');
    head += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(head.size() & 0xFFU);
    bytes += static_cast<char>(head.size() >> 8U);
    return bytes + head + data;
}

std::string doubles(const std::vector<double>& values, const std::string& shape) {
    return npyOf("<f8", shape,
                 {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)});
}

std::string oneDimension(std::size_t size) {
    return "(" + std::to_string(size) + ",)";
}

std::u32string asUtf32(const std::string& text) {
    const std::string valid = asUtf8(text, true);
    std::u32string wide;
    for (const char c : valid) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) == 0x80U) // goes on
            wide.back() = (wide.back() << 6U) | (byte & 0x3FU);
        else
            wide += byte < 0x80U ? byte : byte & (byte < 0xE0U ? 0x1FU : byte < 0xF0U ? 0x0FU : 0x07U);
    }
    return wide;
}

/// Texts of equal width, as NumPy's U.
std::string texts(const std::vector<std::string>& values) {
    std::vector<std::u32string> wide;
    std::size_t width = 1;
    for (const auto& value : values) {
        wide.push_back(asUtf32(value));
        width = std::max(width, wide.back().size());
    }
    std::string data;
    for (auto& value : wide) {
        value.resize(width, U'\0');
        data.append(reinterpret_cast<const char*>(value.data()), width * sizeof(char32_t));
    }
    return npyOf("<U" + std::to_string(width), oneDimension(values.size()), data);
}

} // namespace

static std::string npz(const LinearModel& model, const ExportOptions& /*options*/) {
    const FoldedModel folded = fold(model);
    if (folded.unitRows)
        throw InputError(
            "npz: rows scaled to unit length cannot be folded into coefficients; use --to onnx or "
            "c-float, or train with another scaling");
    const std::size_t scores = folded.scores(), features = folded.features();
    std::vector<double> coefficients, intercepts = folded.constant;
    for (std::size_t k = 0; k < scores; ++k)
        for (std::size_t f = 0; f < features; ++f) {
            coefficients.push_back(folded.weightsOf(k)[f] * folded.factor[f]);
            intercepts[k] -= coefficients.back() * folded.centre[f];
        }
    const bool classes = model.task == Task::Classification;
    ZipText zip;
    zip.add("coef_.npy", doubles(coefficients, classes ? "(" + std::to_string(scores) + ", " +
                                                             std::to_string(features) + ")"
                                                       : oneDimension(features)));
    zip.add("intercept_.npy", doubles(intercepts, classes ? oneDimension(scores) : "()"));
    if (classes)
        zip.add("classes_.npy", model.classNames.empty()
                                    ? doubles(model.classLabels, oneDimension(model.classLabels.size()))
                                    : texts(model.classNames));
    const auto count = static_cast<std::int64_t>(features);
    zip.add("n_features_in_.npy", npyOf("<i8", "()", {reinterpret_cast<const char*>(&count), sizeof count}));
    if (model.featureNames.size() == features)
        zip.add("feature_names.npy", texts(model.featureNames));
    const std::string spec = jsonText(model.spec);
    zip.add("spec.npy", texts({spec}));
    return zip.finish();
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kNpzExport{
    .name = "npz",
    .extension = "npz",
    .title = "NumPy arrays",
    .summary = "Coefficients on raw features and intercepts, shaped as scikit-learn's.",
    .manyClasses = true,
    .doubles = true,
    .write = exported::npz,
};

} // namespace zipml
