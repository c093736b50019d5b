#include "core/lab/compute_device.h"

#include "core/lab/rules.h"

#include <optional>

namespace zipml {
namespace {

std::vector<std::unique_ptr<ComputeBackend>>& backends() {
    static std::vector<std::unique_ptr<ComputeBackend>> all;
    return all;
}

struct Place {
    const ComputeBackend* backend;
    std::string_view which;
};

std::optional<Place> placeOf(std::string_view name) {
    for (const auto& backend : backends()) {
        const std::string prefix = backend->prefix() + ':';
        if (name.starts_with(prefix) && name.size() > prefix.size())
            return Place{backend.get(), name.substr(prefix.size())};
    }
    return std::nullopt;
}

} // namespace

void addComputeBackend(std::unique_ptr<ComputeBackend> backend) {
    backends().push_back(std::move(backend));
}

std::vector<ComputeDeviceInfo> computeDevices() {
    std::vector<ComputeDeviceInfo> all;
    for (const auto& backend : backends())
        for (auto& device : backend->list())
            all.push_back(std::move(device));
    return all;
}

bool isDeviceName(std::string_view name) {
    return name == "cpu" || name == kScalarDevice || name == kReferenceDevice || isComputeDevice(name);
}

bool isComputeDevice(std::string_view name) {
    return placeOf(name).has_value();
}

void addDeviceConflicts(const Situation& at, std::vector<Conflict>& conflicts) {
    if (const auto place = placeOf(at.spec.device))
        place->backend->addConflicts(at, conflicts);
}

std::string fullDeviceName(std::string_view name) {
    const auto place = placeOf(name);
    return place ? place->backend->nameOf(place->which) : std::string(name);
}

std::unique_ptr<ComputeDevice> openComputeDevice(std::string_view name, const Job& job) {
    const auto place = placeOf(name);
    if (!place)
        throw InputError("device: '" + std::string(name) + "' is unknown");
    return place->backend->open(place->which, job);
}

} // namespace zipml
