#include "core/deep/binary_images.h"

#include "core/data/idx.h"
#include "core/data/unpack_file.h"

#include <algorithm>
#include <optional>

namespace zipml::deep {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

[[noreturn]] void failLabel(const Path& file, std::size_t image, int label, int least, int classes) {
    throw InputError(file.string() + ": image " + std::to_string(image + 1) + " has the label " +
                     std::to_string(label) + "; labels are " + std::to_string(least) + " to " +
                     std::to_string(least + classes - 1));
}

std::vector<std::string> numbersAsNames(int classes) {
    std::vector<std::string> names;
    for (int label = 0; label < classes; ++label)
        names.push_back(std::to_string(label));
    return names;
}

/// The lines of a file of names, as the set's archive has it; numbers where it is not there or has others.
std::vector<std::string> classNames(const Path& file, int classes) {
    std::error_code code;
    std::vector<std::string> names;
    if (std::filesystem::exists(file, code)) {
        const std::string text = unpackFile(file, 1 << 16);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string name = text.substr(at, end - at);
            name.erase(name.find_last_not_of(" \r") + 1);
            if (!name.empty())
                names.push_back(std::move(name));
            at = end + 1;
        }
    }
    return names.size() == static_cast<std::size_t>(classes) ? names : numbersAsNames(classes);
}

constexpr std::size_t kCifarPixels = std::size_t{3} * 32 * 32;

/// How many labels a record has: one in CIFAR-10, the coarse and the fine one in CIFAR-100.
std::size_t cifarLabelsIn(const Path& file, std::size_t bytes) {
    for (const std::size_t labels : {1U, 2U})
        if (bytes % (kCifarPixels + labels) == 0)
            return labels;
    throw InputError(
        file.string() + ": has " + std::to_string(bytes) +
        " bytes, which is no multiple of 3073 (CIFAR-10: a label and 3 x 32 x 32 pixels) or 3074 "
        "(CIFAR-100: two labels); it is cut short, or no CIFAR binary file");
}

/// CIFAR-10's labels, or CIFAR-100's: 100 fine or 20 coarse ones.
enum class CifarLabels { Ten, Fine, Coarse };

int classesOf(CifarLabels labels) {
    constexpr int kTen = 10, kCoarse = 20, kFine = 100;
    return labels == CifarLabels::Ten ? kTen : labels == CifarLabels::Coarse ? kCoarse : kFine;
}

constexpr int kStlSide = 96, kStlClasses = 10;

/// STL-10 keeps each plane column by column.
void appendStl(const Path& images, const Path& labels, ImageSet& set) {
    set.shape = {3, kStlSide, kStlSide};
    const std::size_t size = set.shape.size();
    const std::string pixels = unpackFile(images, kMostBytes), marks = unpackFile(labels, kMostBytes);
    if (pixels.size() % size != 0)
        throw InputError(
            images.string() + ": has " + std::to_string(pixels.size()) +
            " bytes, which is no multiple of 27648 (3 x 96 x 96 pixels); it is cut short, or no STL-10 "
            "file");
    const std::size_t count = pixels.size() / size;
    if (marks.size() != count)
        throw InputError(labels.string() + ": has " + std::to_string(marks.size()) + " labels for the " +
                         std::to_string(count) + " images of " + images.filename().string());
    set.pixels.resize(pixels.size());
    constexpr std::size_t kSide = kStlSide, kPlane = kSide * kSide;
    for (std::size_t plane = 0; plane < pixels.size(); plane += kPlane)
        for (std::size_t x = 0; x < kSide; ++x)
            for (std::size_t y = 0; y < kSide; ++y)
                set.pixels[plane + y * kSide + x] = static_cast<std::uint8_t>(pixels[plane + x * kSide + y]);
    for (std::size_t i = 0; i < count; ++i) {
        const int label = static_cast<unsigned char>(marks[i]);
        if (label < 1 || label > kStlClasses)
            failLabel(labels, i, label, 1, kStlClasses);
        set.labels.push_back(static_cast<std::uint8_t>(label - 1));
    }
}

void appendCifar(const Path& file, const std::string& bytes, CifarLabels labels, ImageSet& set) {
    const std::size_t count = cifarLabelsIn(file, bytes.size());
    if ((count == 1) != (labels == CifarLabels::Ten))
        throw InputError(file.string() + ": is a file of CIFAR-" + (count == 1 ? "10" : "100") +
                         ", and other files of the folder are of the other set; keep them apart");
    const std::size_t record = kCifarPixels + count;
    for (std::size_t at = 0; at < bytes.size(); at += record) {
        const int label = static_cast<unsigned char>(bytes[at + (labels == CifarLabels::Fine ? 1 : 0)]);
        if (label >= classesOf(labels))
            failLabel(file, at / record, label, 0, classesOf(labels));
        set.labels.push_back(static_cast<std::uint8_t>(label));
        const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at + count;
        set.pixels.insert(set.pixels.end(), begin, begin + kCifarPixels);
    }
}

/// What the first file of a folder shows. @throws InputError
CifarLabels cifarLabels(const Path& file, std::size_t bytes, bool coarse) {
    const bool hundred = cifarLabelsIn(file, bytes) == 2;
    if (coarse && !hundred)
        throw InputError(file.string() +
                         ": is of CIFAR-10, whose labels are of one kind; leave :coarse away");
    return !hundred ? CifarLabels::Ten : coarse ? CifarLabels::Coarse : CifarLabels::Fine;
}

} // namespace

ImageData loadCifar(const Path& folder, const std::vector<Path>& files, bool coarse, std::size_t trainLimit,
                    std::size_t testLimit, const Job& job) {
    ImageData data;
    data.train.shape = data.test.shape = {3, 32, 32};
    std::optional<CifarLabels> labels;
    for (std::size_t i = 0; i < files.size(); ++i) {
        job.checkpoint();
        job.report(static_cast<double>(i) / static_cast<double>(files.size()), "reading images");
        const bool test = unpackedName(files[i]).starts_with("test");
        ImageSet& set = test ? data.test : data.train;
        const std::size_t most = test ? testLimit : trainLimit;
        if (most > 0 && set.size() >= most)
            continue;
        const std::string bytes = unpackFile(files[i], kMostBytes);
        labels = labels ? *labels : cifarLabels(files[i], bytes.size(), coarse);
        appendCifar(files[i], bytes, *labels, set);
    }
    if (data.train.size() == 0 || data.test.size() == 0)
        throw InputError(folder.string() + ": has no " + (data.train.size() == 0 ? "training" : "test") +
                         " images; CIFAR's files are data_batch_*.bin (or train*.bin) and test*.bin");
    keepFirst(data.train, trainLimit);
    keepFirst(data.test, testLimit);
    if (labels == CifarLabels::Ten) {
        data.name = "cifar10";
        data.classes = {"airplane", "automobile", "bird",  "cat",  "deer",
                        "dog",      "frog",       "horse", "ship", "truck"};
    } else {
        data.name = coarse ? "cifar100-coarse" : "cifar100";
        data.classes = classNames(folder / (coarse ? "coarse_label_names.txt" : "fine_label_names.txt"),
                                  classesOf(*labels));
    }
    return data;
}

bool isStl(const std::vector<Path>& files) {
    return std::ranges::any_of(files, [](const Path& file) { return unpackedName(file) == "train_X.bin"; });
}

ImageData loadStl(const Path& folder, const std::vector<Path>& files, std::size_t trainLimit,
                  std::size_t testLimit, const Job& job) {
    const auto find = [&](const std::string& name) {
        const auto found = std::ranges::find(files, name, unpackedName);
        if (found == files.end())
            throw InputError(folder.string() + ": " + name +
                             " is missing; STL-10 has train_X.bin, train_y.bin, test_X.bin and test_y.bin");
        return *found;
    };
    ImageData data;
    data.name = "stl10";
    data.classes = {"airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"};
    for (ImageSet* set : {&data.train, &data.test}) {
        job.checkpoint();
        const std::string part = set == &data.train ? "train" : "test";
        appendStl(find(part + "_X.bin"), find(part + "_y.bin"), *set);
        keepFirst(*set, set == &data.train ? trainLimit : testLimit);
        if (set->size() == 0)
            throw InputError(folder.string() + ": " + part + "_X.bin has no image");
    }
    return data;
}

} // namespace zipml::deep
