#include "accel/fpga/device.h"

#include "accel/device_name.h"
#include "accel/fpga/image.h"
#include "accel/icd_files.h"

#include <algorithm>

namespace zipml {
namespace {

constexpr std::string_view kPocl = "Portable Computing Language";

bool hasImages(const OpenClDevice& device, const std::vector<FpgaImage>& images) {
    return std::ranges::any_of(images, [&](const FpgaImage& image) { return fits(image, device); });
}

} // namespace

std::string FpgaDevice::name() const {
    if (emulated)
        return "emulation on " + (device.platform == kPocl ? "PoCL" : device.platform) + ", " + device.name;
    return device.name +
           (images.empty() ? ", no folder of images is named" : ", with images of " + images.string());
}

std::string FpgaDevice::fullName() const {
    return (emulated ? "emulation on " : "") + device.fullName;
}

std::vector<FpgaDevice> listFpgaDevices() {
    const auto devices = listOpenClDevices();
    const auto folder = fpgaImageFolder();
    const auto images = folder.empty() ? std::vector<FpgaImage>{} : listFpgaImages(folder);
    std::vector<FpgaDevice> found;
    for (const OpenClDevice& device : devices)
        if (device.type == "accelerator" || hasImages(device, images))
            found.push_back({device, false, folder});
    if (!found.empty() || devices.empty())
        return found;
    const auto pocl = std::ranges::find(devices, kPocl, &OpenClDevice::platform);
    found.push_back({pocl == devices.end() ? devices.front() : *pocl, true, {}});
    return found;
}

FpgaDevice fpgaDevice(std::string_view which) {
    const auto devices = listFpgaDevices();
    std::vector<std::string> names;
    names.reserve(devices.size());
    for (const FpgaDevice& device : devices)
        names.push_back(device.fullName());
    return devices[deviceMeant(which, names, "fpga", devices.empty() ? whyNoOpenClDevice() : "")];
}

std::vector<FpgaDesign> designsOf(const FpgaDevice& device) {
    const auto all = fpgaDesigns();
    if (device.emulated)
        return {all.begin(), all.end()};
    std::vector<FpgaDesign> designs;
    if (!device.images.empty())
        for (const FpgaImage& image : listFpgaImages(device.images))
            if (fits(image, device.device))
                designs.push_back(image.design);
    return designs;
}

FpgaPipeline makePipeline(const ComputeContext& context, const FpgaDevice& device, const FpgaDesign& design) {
    return device.emulated ? FpgaPipeline(context, design) : FpgaPipeline(context, design, device.images);
}

} // namespace zipml
