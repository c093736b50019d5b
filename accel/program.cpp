#include "accel/program.h"

#include "core/base/file.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace zipml {
namespace {

namespace fs = std::filesystem;

/// FNV-1a.
std::uint64_t hashOf(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325ULL) {
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

std::string hex(std::uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

constexpr std::string_view kMagic = "zipml opencl 1\n";

/// Drivers crash on damaged binaries, so an entry is checked before one sees it: magic, hash, bytes.
std::string entryOf(std::span<const unsigned char> binary) {
    const std::string bytes(binary.begin(), binary.end());
    return std::string(kMagic) + hex(hashOf(bytes)) + bytes;
}

std::optional<std::vector<unsigned char>> binaryIn(const std::string& entry) {
    const std::size_t header = kMagic.size() + 16;
    if (entry.size() <= header || !entry.starts_with(kMagic))
        return std::nullopt;
    const std::string_view bytes = std::string_view(entry).substr(header);
    if (hex(hashOf(bytes)) != entry.substr(kMagic.size(), 16))
        return std::nullopt;
    return std::vector<unsigned char>(bytes.begin(), bytes.end());
}

std::optional<cl::Program> cachedProgram(const ComputeContext& context, const fs::path& file) {
    std::error_code ignored;
    if (file.empty() || !fs::is_regular_file(file, ignored))
        return std::nullopt;
    try {
        if (const auto binary = binaryIn(readFile(file)))
            return programFromBinary(context, file.filename().string(), *binary);
    } catch (const std::runtime_error&) { // unreadable, or not taken by the driver: rebuilt
    }
    return std::nullopt;
}

void keep(const cl::Program& program, const fs::path& file) {
    if (file.empty())
        return;
    try {
        fs::create_directories(file.parent_path());
        writeFileAtomically(file, entryOf(binaryOf(program)));
    } catch (
        const std::exception&) { // a full disk or a driver without binaries: the next start compiles again
    }
}

/// What `build` returns. @throws OpenClError with the build log, if there is one
template <class Build>
cl::Program built(const std::string& doing, const Build& build) {
    try {
        return build();
    } catch (const cl::BuildError& error) {
        const auto logs = error.getBuildLog();
        throw OpenClError(doing, error.err(), logs.empty() ? std::string{} : logs.front().second);
    } catch (const cl::Error& error) {
        throw OpenClError(doing, error.err());
    }
}

} // namespace

fs::path cacheFolder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
        return fs::path(cache) / "zipml";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return fs::path(home) / ".cache" / "zipml";
    return {};
}

fs::path cachedBinary(const ComputeContext& context, std::string_view source, const std::string& options) {
    const fs::path folder = cacheFolder();
    if (folder.empty())
        return {};
    std::uint64_t hash = hashOf(source);
    for (const std::string& part :
         {context.info.platform, context.info.name, context.info.driver, context.info.version, options})
        hash = hashOf(part + '\n', hash);
    return folder / "opencl" / (hex(hash) + ".bin");
}

cl::Program buildProgram(const ComputeContext& context, const std::string& name, std::string_view source,
                         const std::string& options) {
    const fs::path file = context.info.keepsPrograms ? fs::path{} : cachedBinary(context, source, options);
    if (auto cached = cachedProgram(context, file))
        return *cached;
    const std::string doing = "build the program " + name + " for " + context.info.name;
    return built(doing, [&] {
        cl::Program program(context.context, std::string(source));
        program.build(options.c_str());
        keep(program, file);
        return program;
    });
}

cl::Program programFromBinary(const ComputeContext& context, const std::string& name,
                              std::span<const unsigned char> binary) {
    const std::string doing =
        "load the image " + name + ", which is damaged or not made for " + context.info.name;
    if (binary.empty())
        throw OpenClError(doing, CL_INVALID_BINARY);
    return built(doing, [&] {
        cl::Program program(context.context, {context.info.device}, {{binary.begin(), binary.end()}});
        program.build();
        return program;
    });
}

cl::Program programFromFile(const ComputeContext& context, const fs::path& file) {
    const std::string bytes = readFile(file);
    return programFromBinary(context, file.string(),
                             {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

cl::Kernel kernelOf(const cl::Program& program, const std::string& name) {
    return openCl("take the kernel " + name, [&] { return cl::Kernel(program, name.c_str()); });
}

std::vector<unsigned char> binaryOf(const cl::Program& program) {
    return openCl("take a program's binary", [&] {
        const auto binaries = program.getInfo<CL_PROGRAM_BINARIES>();
        if (binaries.empty() || binaries.front().empty())
            throw cl::Error(CL_INVALID_BINARY);
        return binaries.front();
    });
}

} // namespace zipml
