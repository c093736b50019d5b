// zipml-driver-check, which the programs start to learn whether an OpenCL driver can be used (accel/driver_check.h):
//     zipml-driver-check list          asks all drivers for their devices
//     zipml-driver-check check NAME    compares the kernels of the device of this full name with the CPU's
//     zipml-driver-check image NAME DESIGN FOLDER    loads an FPGA image and compares a few rows
// Standard output has a line for each platform before it is asked, or for each step behind it; "failed: WHY" tells of
// a difference.

#include "accel/driver_check.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <sys/resource.h>
#include <unistd.h>

using namespace zipml;

namespace {

/// Standard output as it was; drivers print, too.
std::FILE* ownOutput() {
    std::FILE* out = ::fdopen(::dup(STDOUT_FILENO), "w");
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::close(nowhere);
    return out;
}

void say(std::FILE* out, const std::string& line) {
    std::fprintf(out, "%s\n", line.c_str());
    std::fflush(out);
}

/// @param examine returns what is wrong with the device
template <class Examine>
int check(std::FILE* out, const std::string& name, const Examine& examine) {
    const auto devices = askDriversForDevices([](const std::string&) {});
    const auto device = std::ranges::find(devices, name, &OpenClDevice::fullName);
    const std::string failure =
        device == devices.end() ? "the device is not there any more" : examine(*device);
    if (!failure.empty())
        say(out, "failed: " + failure);
    return failure.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none); // a driver that crashes is what this program is for
    std::FILE* out = ownOutput();
    const std::string task = argc > 1 ? words[1] : "";
    try {
        if (task == "list" && argc == 2) {
            askDriversForDevices([&](const std::string& platform) { say(out, platform); });
            return 0;
        }
        const auto done = [&](const std::string& step) { say(out, step); };
        if (task == "check" && argc == 3)
            return check(out, words[2], [&](const auto& device) { return examineDevice(device, done); });
        if (task == "image" && argc == 5)
            return check(out, words[2],
                         [&](const auto& device) { return examineImage(device, words[3], words[4], done); });
    } catch (const std::exception& error) {
        say(out, std::string("failed: ") + error.what());
        return 1;
    }
    std::fputs("zipml-driver-check is started by zipml and zipml-lab\n", stderr);
    return 2;
}
