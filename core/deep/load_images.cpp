#include "core/data/idx.h"
#include "core/data/utf8.h"
#include "core/deep/binary_images.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <zlib.h>

namespace zipml::deep {
namespace {

using Path = std::filesystem::path;

constexpr int kClasses = 10;
constexpr std::string_view kBinaryEnding = ".bin", kIdxEnding = "-ubyte";

[[noreturn]] void failLabel(const Path& file, std::size_t image, int label) {
    throw InputError(file.string() + ": image " + std::to_string(image + 1) + " has the label " +
                     std::to_string(label) + "; labels are 0 to " + std::to_string(kClasses - 1));
}

ImageData loadIdx(const Path& folder, const std::map<std::string, Path>& files, std::size_t trainLimit,
                  std::size_t testLimit, const Job& job) {
    const auto part = [&](const std::string& prefix, std::size_t most) {
        job.checkpoint();
        const auto file = [&](const char* suffix) {
            const auto found = files.find(prefix + suffix);
            if (found == files.end())
                throw InputError(folder.string() + ": " + prefix + suffix +
                                 " is missing; MNIST has train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                                 "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte");
            return found->second;
        };
        ImageSet set = readImages(file("-images-idx3-ubyte"), file("-labels-idx1-ubyte"));
        keepFirst(set, most);
        return set;
    };
    ImageData data;
    data.name = asUtf8(folder.filename().string(), true);
    data.train = part("train", trainLimit);
    data.test = part("t10k", testLimit);
    if (!(data.train.shape == data.test.shape))
        throw InputError(folder.string() + ": training and test images differ in size");
    for (int label = 0; label < kClasses; ++label)
        data.classes.push_back(std::to_string(label));
    // Mirrored clothes are clothes, mirrored digits are not digits.
    data.mirrorable = data.name.find("fashion") != std::string::npos;
    if (data.mirrorable)
        data.classes = {"T-shirt", "trousers", "pullover", "dress", "coat",
                        "sandal",  "shirt",    "sneaker",  "bag",   "ankle boot"};
    return data;
}

ImageData generate(const std::string& source, std::uint64_t seed, std::size_t trainLimit,
                   std::size_t testLimit) {
    constexpr std::size_t kTrain = 4000, kTest = 1000, kMost = 1'000'000;
    std::size_t count = trainLimit > 0 ? trainLimit : kTrain;
    if (source != "shapes") {
        const std::string number = source.substr(source.find(':') + 1);
        const bool digits = !number.empty() && number.size() < 8 &&
                            std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
        count = digits ? std::stoul(number) : 0;
        if (count < 1 || count > kMost)
            throw InputError("data: '" + source + "': the number of images is 1 to " + std::to_string(kMost));
    }
    ImageData data;
    data.name = "shapes";
    data.classes = shapeClasses();
    data.train = drawShapes(count, seed);
    // Numbers that no training image has.
    data.test = drawShapes(testLimit > 0 ? testLimit : kTest, seed, kMost);
    return data;
}

} // namespace

void keepFirst(ImageSet& set, std::size_t most) {
    if (most == 0 || set.size() <= most)
        return;
    set.labels.resize(most);
    set.pixels.resize(most * set.shape.size());
}

std::string ImageData::describe() const {
    return name + ": " + std::to_string(train.size()) + " training and " + std::to_string(test.size()) +
           " test images";
}

std::string ImageData::fingerprint() const {
    uLong sum = 0;
    for (const ImageSet* set : {&train, &test})
        for (const auto* bytes : {&set->pixels, &set->labels})
            sum = crc32_z(sum, bytes->data(), bytes->size());
    char text[16];
    std::snprintf(text, sizeof text, "%08lx", sum);
    return std::string("version " ZIPML_VERSION ", images of crc32 ") + text;
}

ImageSet readImages(const Path& images, const Path& labels) {
    IdxImages read = readIdx(images, labels);
    ImageSet set;
    set.shape = {1, static_cast<int>(read.height), static_cast<int>(read.width)};
    set.pixels = std::move(read.pixels);
    set.labels = std::move(read.labels);
    for (std::size_t i = 0; i < set.size(); ++i)
        if (set.labels[i] >= kClasses)
            failLabel(labels, i, set.labels[i]);
    return set;
}

namespace {

bool isImageFile(const Path& file) {
    const std::string name = unpackedName(file);
    return name.ends_with(kBinaryEnding) || name.ends_with(kIdxEnding);
}

/// Whether it ends in ":coarse", and the folder that it names.
std::pair<bool, Path> folderOf(const std::string& source) {
    constexpr std::string_view kCoarse = ":coarse";
    std::error_code code;
    const bool coarse = source.ends_with(kCoarse) && !std::filesystem::exists(source, code);
    Path folder = Path(coarse ? source.substr(0, source.size() - kCoarse.size()) : source).lexically_normal();
    if (!folder.has_filename()) // "mnist/"
        folder = folder.parent_path();
    return {coarse, folder};
}

} // namespace

std::vector<Path> imageFiles(const std::string& source) {
    std::vector<Path> files;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(folderOf(source).second, code))
        if (isImageFile(entry.path()))
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

ImageData loadImageData(const std::string& source, std::uint64_t seed, std::size_t trainLimit,
                        std::size_t testLimit, const Job& job) {
    if (source == "shapes" || source.starts_with("shapes:"))
        return generate(source, seed, trainLimit, testLimit);
    std::error_code code;
    const auto [coarse, folder] = folderOf(source);
    if (!std::filesystem::is_directory(folder, code))
        throw InputError(source +
                         ": is not a folder; name one with CIFAR, STL-10 or MNIST files, or 'shapes' for "
                         "generated images");
    std::vector<Path> binary;
    std::map<std::string, Path> idx;
    for (const Path& file : imageFiles(source)) {
        const std::string name = unpackedName(file);
        if (name.ends_with(kBinaryEnding))
            binary.push_back(file);
        else
            idx[name] = file;
    }
    if (coarse && !idx.empty())
        throw InputError(folder.string() + ": only CIFAR-100 has coarse labels; leave :coarse away");
    if (!idx.empty())
        return loadIdx(folder, idx, trainLimit, testLimit, job);
    if (isStl(binary))
        return loadStl(folder, binary, trainLimit, testLimit, job);
    if (!binary.empty())
        return loadCifar(folder, binary, coarse, trainLimit, testLimit, job);
    throw InputError(source + ": has neither CIFAR-10, CIFAR-100 or STL-10 files (*.bin) nor MNIST files "
                              "(*-ubyte), plain or packed");
}

} // namespace zipml::deep
