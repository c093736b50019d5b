// Runs an epoch of zipml_sgd.sv, made C++ by Verilator, for the lines and the model of a file:
//
//     simulation INPUT OUTPUT      numbers are uint32, little endian
//
// INPUT: rows, lines a row, words (of 16 values) of the model, step shift, mask, cycles until memory answers,
// cycles between two lines (1: one a cycle); the model's words; the lines. OUTPUT: cycles of the epoch, from its
// start to the last word of the model; the model's words.
#include "Vzipml_sgd.h"
#include "verilated.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

namespace {

constexpr std::size_t kWords = 16;

struct Header {
    std::uint32_t rows, linesPerRow, modelWords, stepShift, mask, latency, every;
};

std::vector<std::uint32_t> wordsOf(const char* file) {
    std::vector<std::uint32_t> words;
    std::FILE* in = std::fopen(file, "rb");
    std::uint32_t word = 0;
    while (in != nullptr && std::fread(&word, sizeof word, 1, in) == 1)
        words.push_back(word);
    if (in != nullptr)
        std::fclose(in);
    return words;
}

class Simulation {
  public:
    explicit Simulation(const Header& header) : header_(header), context_(), top_(&context_) {
        top_.reset = 1;
        tick();
        top_.reset = 0;
        top_.rows = header.rows;
        top_.lines_per_row = static_cast<std::uint16_t>(header.linesPerRow);
        top_.step_shift = static_cast<std::uint8_t>(header.stepShift);
        top_.mask = header.mask;
    }

    void load(const std::uint32_t* model) {
        top_.load_valid = 1;
        for (std::uint32_t w = 0; w < header_.modelWords; ++w) {
            std::copy_n(model + w * kWords, kWords, &top_.load_word[0]);
            tick();
        }
        top_.load_valid = 0;
    }

    /// @return cycles, then the model
    std::vector<std::uint32_t> run(const std::uint32_t* lines) {
        std::vector<std::uint32_t> result{0};
        const std::uint64_t count = std::uint64_t{header_.rows} * header_.linesPerRow;
        std::uint64_t taken = 0, due = header_.latency;
        top_.start = 1;
        for (std::uint64_t cycle = 0; cycle < kMostCycles; ++cycle) {
            top_.line_valid = taken < count && cycle >= due ? 1 : 0;
            if (top_.line_valid != 0)
                std::copy_n(lines + taken * kWords, kWords, &top_.line[0]);
            top_.eval();
            if (top_.line_valid != 0 && top_.line_ready != 0) {
                ++taken;
                due = std::max(due, cycle + header_.every);
            }
            if (top_.model_valid != 0)
                result.insert(result.end(), &top_.model_word[0], &top_.model_word[0] + kWords);
            const bool done = top_.done != 0;
            tick();
            top_.start = 0;
            if (done) {
                result[0] = static_cast<std::uint32_t>(cycle + 1);
                return result;
            }
        }
        return {};
    }

  private:
    static constexpr std::uint64_t kMostCycles = 100'000'000;

    void tick() {
        top_.clk = 0;
        top_.eval();
        top_.clk = 1;
        top_.eval();
    }

    Header header_;
    VerilatedContext context_;
    Vzipml_sgd top_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const std::vector<std::uint32_t> input = wordsOf(argv[1]);
    constexpr std::size_t kHeader = sizeof(Header) / sizeof(std::uint32_t);
    if (input.size() < kHeader)
        return 2;
    const Header header{input[0], input[1], input[2], input[3], input[4], input[5], input[6]};
    const std::size_t lines = kHeader + header.modelWords * kWords;
    if (input.size() != lines + std::size_t{header.rows} * header.linesPerRow * kWords)
        return 2;
    const auto simulation = std::make_unique<Simulation>(header);
    simulation->load(input.data() + kHeader);
    const std::vector<std::uint32_t> result = simulation->run(input.data() + lines);
    std::FILE* out = std::fopen(argv[2], "wb");
    const bool written =
        !result.empty() && out != nullptr &&
        std::fwrite(result.data(), sizeof(std::uint32_t), result.size(), out) == result.size();
    return out != nullptr && std::fclose(out) == 0 && written ? 0 : 1;
}
