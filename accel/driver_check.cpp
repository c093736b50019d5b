#include "accel/driver_check.h"

#include "accel/fpga/kernel_source.h"
#include "accel/icd_files.h"
#include "accel/kept_entries.h"
#include "accel/kernel_sources.h"
#include "core/base/child_process.h"
#include "core/base/part.h"
#include "core/base/text_hash.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace zipml {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr int kVersion = 1; ///< of what is checked
constexpr std::chrono::seconds kListing = 30s;

/// A compiler may take long, on a slow device longer.
std::chrono::seconds checkLimit() {
    constexpr int kUsual = 300;
    const char* given = std::getenv("ZIPML_DRIVER_CHECK_SECONDS");
    const int seconds = given == nullptr ? kUsual : std::atoi(given);
    return std::chrono::seconds(seconds > 0 ? seconds : kUsual);
}

KeptEntries& kept() {
    static KeptEntries entries("drivers.json", kVersion);
    return entries;
}

/// What drivers and the loader read of it, but for folders, which change nothing.
std::string driverEnvironment() {
    constexpr std::array kBeginnings{"POCL_",    "RUSTICL_", "OCL_",  "OPENCL_", "LP_",
                                     "GALLIVM_", "MESA_",    "CUDA_", "ROCR_",   "ZIPML_OPENCL"};
    std::vector<std::string> lines;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string_view line = *each;
        if (std::ranges::any_of(kBeginnings, [&](const char* with) { return line.starts_with(with); }) &&
            line.find("_DIR=") == std::string_view::npos)
            lines.emplace_back(line);
    }
    std::ranges::sort(lines);
    std::string all;
    for (const std::string& line : lines)
        all += line + '\n';
    return all;
}

/// Changes when a driver is installed, removed or replaced.
std::string driverFiles() {
    std::string all;
    for (const IcdFile& driver : listIcdFiles()) {
        std::error_code ignored;
        const auto time = std::filesystem::last_write_time(driver.file, ignored).time_since_epoch().count();
        all += driver.file.string() + ' ' + driver.library + ' ' + std::to_string(time) + '\n';
    }
    return all;
}

std::string keyOf(const OpenClDevice& device) {
    std::string sources = fpgaKernelSource();
    for (const char* source :
         {kernels::philox_cl, kernels::group_cl, kernels::loss_cl, kernels::step_cl, kernels::step_kernels_cl,
          kernels::coins_cl, kernels::line_cl, kernels::packed_cl, kernels::packed_chunk_cl,
          kernels::packed_group_cl, kernels::odd_cl, kernels::odd_group_cl, kernels::rows_cl,
          kernels::rows_group_cl, kernels::batch_cl, kernels::quantize_cl, kernels::evaluate_cl})
        sources += source;
    return device.fullName + " | " + device.version + " | " + textHash(sources + driverEnvironment());
}

std::string inWords(const ChildEnd& end, const std::string& during) {
    const std::string at = during.empty() ? "" : " after \"" + during + "\"";
    switch (end.how) {
    case ChildEnd::How::Crashed:
        return "it ends the program" + at + " (signal " + std::to_string(end.code) + ", " +
               ::strsignal(end.code) + ")";
    case ChildEnd::How::TookTooLong:
        return "it does not come to an end" + at;
    case ChildEnd::How::NotStarted:
    case ChildEnd::How::Exited:
        break;
    }
    return "it ends the program" + at + " (exit status " + std::to_string(end.code) + ")";
}

ChildEnd ask(const std::vector<std::string>& arguments, std::chrono::seconds limit,
             const std::function<void(const std::string&)>& onLine, const std::stop_token& stop = {}) {
    const auto program = partsFolder() / "zipml-driver-check";
    const ChildEnd end = runChild(program, arguments, limit, onLine, stop);
    constexpr int kNoProgram = 127;
    if (end.how == ChildEnd::How::NotStarted || (end.how == ChildEnd::How::Exited && end.code == kNoProgram))
        throw RunError(program.string() +
                       ", which checks OpenCL drivers, cannot be started; build again (./dev build), or use "
                       "device cpu");
    return end;
}

void listApart() {
    const std::string key = "list | " + textHash(driverFiles() + driverEnvironment());
    if (kept().find(key))
        return;
    std::string driver;
    const ChildEnd end = ask({"list"}, kListing, [&](const std::string& line) { driver = line; });
    if (end.how == ChildEnd::How::Exited && end.code == 0) {
        kept().keep(key, true);
        return;
    }
    throw RunError("an OpenCL driver cannot be asked for its devices: " + inWords(end, driver) +
                   "; remove its file from /etc/OpenCL/vendors, or name the file of a sound one "
                   "(OCL_ICD_VENDORS=/etc/OpenCL/vendors/NAME.icd)");
}

std::mutex verdictMutex;
std::map<std::string, DriverVerdict> verdicts; ///< of this process: a cache folder may not be writable

/// @param key of what is found; empty: it is not kept @param name of what is checked, for the progress
DriverVerdict checkApart(const std::vector<std::string>& arguments, const std::string& key,
                         const std::string& name, const Job& job) {
    std::string during, failure;
    double steps = 0;
    const ChildEnd end = ask(
        arguments, checkLimit(),
        [&](const std::string& line) {
            constexpr std::string_view kFailed = "failed: ";
            if (line.starts_with(kFailed)) {
                failure = line.substr(kFailed.size());
                return;
            }
            during = line;
            constexpr double kSteps = 40; // about; only the progress shown depends on it
            job.report(std::min(1.0, ++steps / kSteps), "checking " + name + ": " + during);
        },
        job.stop);
    if (end.how != ChildEnd::How::Exited || (end.code != 0 && failure.empty()))
        failure = inWords(end, during);
    DriverVerdict verdict{failure};
    if (!key.empty()) {
        const std::lock_guard lock(verdictMutex);
        verdicts[key] = verdict;
        kept().keep(key, verdict.failure);
    }
    return verdict;
}

} // namespace

void requireSoundDrivers() {
    static const std::string problem = [] {
        try {
            if (!listIcdFiles().empty())
                listApart();
        } catch (const RunError& error) {
            return std::string(error.what());
        }
        return std::string();
    }();
    if (!problem.empty())
        throw RunError(problem);
}

std::optional<DriverVerdict> knownVerdict(const OpenClDevice& device) {
    const std::string key = keyOf(device);
    {
        const std::lock_guard lock(verdictMutex);
        if (const auto known = verdicts.find(key); known != verdicts.end())
            return known->second;
    }
    if (const auto entry = kept().find(key); entry && entry->is_string())
        return DriverVerdict{entry->get<std::string>()};
    return std::nullopt;
}

DriverVerdict checkDriver(const OpenClDevice& device, const Job& job) {
    return checkApart({"check", device.fullName}, keyOf(device), device.name, job);
}

DriverVerdict checkImage(const OpenClDevice& device, const std::string& design,
                         const std::filesystem::path& folder, const Job& job) {
    return checkApart({"image", device.fullName, design, folder.string()}, "", design, job);
}

void requireSound(const OpenClDevice& device, const Job& job) {
    static std::mutex checking; // runs that begin together wait for one check
    constexpr std::chrono::milliseconds kLook(20);
    while (!checking.try_lock()) {
        job.checkpoint();
        std::this_thread::sleep_for(kLook);
    }
    const std::lock_guard lock(checking, std::adopt_lock);
    const auto known = knownVerdict(device);
    const DriverVerdict verdict = known ? *known : checkDriver(device, job);
    if (!verdict.passed())
        throw InputError("device: " + device.fullName +
                         " is not used, because its driver failed the check: " + verdict.failure +
                         "; use device cpu, or another driver's (zipml devices --test checks again)");
}

} // namespace zipml
