#include "core/bench/read_bandwidth.h"

#include "core/bench/spread.h"

#include <algorithm>
#include <chrono>

namespace zipml {

ReadBandwidth::ReadBandwidth(std::size_t bytes, ThreadTeam& team, Isa isa)
    : team_(team), kernels_(readKernels(isa)), buffer_(bytes),
      slice_(bytes / static_cast<std::size_t>(team.threads()) / kReadGranule * kReadGranule) {
    // Pages that nobody wrote to are all one page of zeros, which a cache holds.
    std::fill_n(buffer_.data(), buffer_.size(), static_cast<unsigned char>(1));
}

double ReadBandwidth::measure(const Way& way) {
    const auto threads = static_cast<std::size_t>(team_.threads());
    std::vector<std::uint64_t> folded(threads);
    const auto begin = std::chrono::steady_clock::now();
    team_.forEachChunk(threads, [&](std::size_t thread) {
        folded[thread] = kernels_.read[way.variant](buffer_.data() + thread * slice_, slice_, way.ahead);
    });
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(threads * slice_) / took.count();
}

void ReadBandwidth::chooseWay(int repeats, const Job& job) {
    std::vector<Way> ways;
    for (std::size_t variant = 0; variant < ReadKernels::kVariants; ++variant)
        for (const std::size_t ahead : {0, 512, 1024, 2048, 4096})
            ways.push_back({variant, ahead});
    std::vector<std::vector<double>> samples(ways.size());
    for (int repeat = 0; repeat < repeats; ++repeat)
        for (std::size_t i = 0; i < ways.size(); ++i) {
            job.checkpoint();
            job.report(static_cast<double>(repeat) / repeats, "read bandwidth");
            samples[i].push_back(measure(ways[i]));
        }
    const auto best = std::ranges::max_element(
        samples, {}, [](const std::vector<double>& each) { return spreadOf(each).median; });
    way_ = ways[static_cast<std::size_t>(best - samples.begin())];
}

std::string ReadBandwidth::way() const {
    const int streams = ReadKernels::kStreams[way_.variant];
    return std::to_string(streams) + (streams == 1 ? " stream, " : " streams, ") +
           (way_.ahead == 0 ? "no software prefetch"
                            : "prefetched " + std::to_string(way_.ahead) + " bytes ahead");
}

} // namespace zipml
