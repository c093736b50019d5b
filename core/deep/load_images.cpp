#include "core/data/idx.h"
#include "core/data/unpack_file.h"
#include "core/deep/image_set.h"

#include <algorithm>
#include <map>

namespace zipml::deep {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr int kClasses = 10;

[[noreturn]] void failLabel(const Path& file, std::size_t image, int label) {
    throw InputError(file.string() + ": image " + std::to_string(image + 1) + " has the label " +
                     std::to_string(label) + "; labels are 0 to " + std::to_string(kClasses - 1));
}

void limit(ImageSet& set, std::size_t most) {
    if (most == 0 || set.size() <= most)
        return;
    set.labels.resize(most);
    set.pixels.resize(most * set.shape.size());
}

ImageData loadCifar(const Path& folder, const std::vector<Path>& files, std::size_t trainLimit,
                    std::size_t testLimit, const Job& job) {
    ImageData data;
    data.name = "cifar10";
    data.classes = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    data.train.shape = data.test.shape = {3, 32, 32};
    for (std::size_t i = 0; i < files.size(); ++i) {
        job.checkpoint();
        job.report(static_cast<double>(i) / static_cast<double>(files.size()), "reading images");
        const bool test = unpackedName(files[i]).starts_with("test");
        ImageSet& set = test ? data.test : data.train;
        const std::size_t most = test ? testLimit : trainLimit;
        if (most == 0 || set.size() < most)
            appendCifar(files[i], set);
    }
    if (data.train.size() == 0 || data.test.size() == 0)
        throw InputError(folder.string() + ": has no " + (data.train.size() == 0 ? "training" : "test") +
                         " images; CIFAR-10's files are data_batch_*.bin (or train_*.bin) and test*.bin");
    limit(data.train, trainLimit);
    limit(data.test, testLimit);
    return data;
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
        limit(set, most);
        return set;
    };
    ImageData data;
    data.name = folder.filename().string();
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

std::string ImageData::describe() const {
    return name + ": " + std::to_string(train.size()) + " training and " + std::to_string(test.size()) +
           " test images";
}

void appendCifar(const Path& file, ImageSet& set) {
    set.shape = {3, 32, 32};
    const std::size_t pixels = set.shape.size();
    const std::string bytes = unpackFile(file, kMostBytes);
    if (bytes.size() % (pixels + 1) != 0)
        throw InputError(file.string() + ": has " + std::to_string(bytes.size()) +
                         " bytes, which is no multiple of 3073 (a label and 3 x 32 x 32 pixels); it is cut "
                         "short, or no CIFAR-10 binary file");
    for (std::size_t at = 0; at < bytes.size(); at += pixels + 1) {
        const auto label = static_cast<unsigned char>(bytes[at]);
        if (label >= kClasses)
            failLabel(file, at / (pixels + 1), label);
        set.labels.push_back(label);
        const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at + 1;
        set.pixels.insert(set.pixels.end(), begin, begin + pixels);
    }
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

ImageData loadImageData(const std::string& source, std::uint64_t seed, std::size_t trainLimit,
                        std::size_t testLimit, const Job& job) {
    if (source == "shapes" || source.starts_with("shapes:"))
        return generate(source, seed, trainLimit, testLimit);
    Path folder = Path(source).lexically_normal();
    if (!folder.has_filename()) // "mnist/"
        folder = folder.parent_path();
    std::error_code code;
    if (!std::filesystem::is_directory(folder, code))
        throw InputError(source + ": is not a folder; name one with CIFAR-10 or MNIST files, or 'shapes' for "
                                  "generated images");
    std::vector<Path> cifar;
    std::map<std::string, Path> idx;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = unpackedName(entry.path());
        if (name.ends_with(".bin"))
            cifar.push_back(entry.path());
        else if (name.ends_with("-ubyte"))
            idx[name] = entry.path();
    }
    std::ranges::sort(cifar);
    if (!idx.empty())
        return loadIdx(folder, idx, trainLimit, testLimit, job);
    if (!cifar.empty())
        return loadCifar(folder, cifar, trainLimit, testLimit, job);
    throw InputError(source +
                     ": has neither CIFAR-10 files (*.bin) nor MNIST files (*-ubyte), plain or packed");
}

} // namespace zipml::deep
