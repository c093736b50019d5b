#include "core/data/load.h"

#include "core/data/formats/format.h"
#include "core/data/idx.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"
#include "core/data/row_sink.h"

#include <algorithm>
#include <new>
#include <stdexcept>

namespace zipml {
namespace {

constexpr const char* kIdx = "idx";

const Format& chooseFormat(const std::string& name, const Head& head) {
    std::string choices = "auto, " + std::string(kIdx) + " (NAME-images-idx3-ubyte)";
    for (const auto& format : formats()) {
        if (name == "auto" ? format.sniff(head.lines) : format.name == name)
            return format;
        choices.append(", ").append(format.name);
    }
    throw InputError("format: " + inQuotes(name) + " is unknown; choose one of " + choices);
}

[[noreturn]] void failForMemory(const std::filesystem::path& file) {
    throw InputError(file.string() +
                     ": does not fit into memory; use fewer rows or features, or a machine with more memory");
}

/// Blocks read together; while a team parses them, the next ones are read.
struct Window {
    explicit Window(std::size_t blocks) : texts(blocks) {}
    void read(TextReader& reader, std::size_t blockBytes, const Job& job) {
        for (count = 0; count < texts.size() && reader.takeLines(blockBytes, texts[count]); ++count)
            job.checkpoint();
    }

    std::vector<TextBlock> texts;
    std::size_t count = 0;
};

/// @param line the number of the last line taken
void parseAll(TextReader& reader, std::size_t line, const RowParser& parser, const LoadContext& context,
              const Job& job, ThreadTeam& team, RowSink& sink) {
    // Enough blocks that threads seldom wait for the last one, and few enough for the memory promised.
    const auto blocks = std::min<std::size_t>(8 * static_cast<std::size_t>(team.threads()), 32);
    Window current(blocks);
    Window next(blocks);
    std::vector<ParsedRows> parsed(blocks);
    current.read(reader, context.blockBytes, job);
    while (current.count > 0) {
        team.forEachChunk(current.count + 1, [&](std::size_t chunk) {
            job.checkpoint();
            if (chunk == 0)
                next.read(reader, context.blockBytes, job);
            else
                parser.parse(current.texts[chunk - 1], parsed[chunk - 1]);
        });
        for (std::size_t block = 0; block < current.count; ++block) {
            ParsedRows& rows = parsed[block];
            const double share = current.texts[block].share;
            sink.add(rows, share);
            if (rows.bad)
                throw InputError(reader.file().string() + ":" +
                                 (rows.bad->number > 0 ? std::to_string(line + rows.bad->number) + ":" : "") +
                                 " " + rows.bad->text);
            line += rows.lines;
            job.report(share, "reading rows");
            job.checkpoint();
        }
        std::swap(current, next);
    }
    reader.checkEnd(line);
}

using SinkMaker = std::function<std::unique_ptr<RowSink>(LoadedData&, const LoadContext&, bool sparse)>;

/// Images, a row each: their pixels, 0 to 255.
LoadedData ingestImages(const std::filesystem::path& file, const LoadContext& context, const Job& job,
                        const SinkMaker& sinkFor) {
    constexpr std::size_t kRowsAtOnce = 1000;
    job.report(0, "reading images");
    const IdxImages images = readIdx(file, labelsBeside(file));
    const std::size_t pixels = images.height * images.width;
    if (context.expectedFeatures > 0 && context.expectedFeatures != pixels)
        throw InputError(file.string() + ": has images of " + std::to_string(pixels) + " pixels, but " +
                         std::to_string(context.expectedFeatures) + " features are expected");
    LoadedData loaded;
    loaded.data.name = file.filename().string();
    loaded.data.features = pixels;
    loaded.format = kIdx;
    loaded.compression = packingOf(file);
    const auto sink = sinkFor(loaded, context, false);
    ParsedRows rows;
    for (std::size_t first = 0; first < images.size(); first += kRowsAtOnce) {
        job.checkpoint();
        const std::size_t end = std::min(first + kRowsAtOnce, images.size());
        rows.clear();
        rows.labels.assign(images.labels.begin() + static_cast<std::ptrdiff_t>(first),
                           images.labels.begin() + static_cast<std::ptrdiff_t>(end));
        rows.values.assign(images.pixels.begin() + static_cast<std::ptrdiff_t>(first * pixels),
                           images.pixels.begin() + static_cast<std::ptrdiff_t>(end * pixels));
        rows.lines = end - first;
        const double share = static_cast<double>(end) / static_cast<double>(images.size());
        sink->add(rows, share);
        job.report(share, "reading rows");
    }
    ThreadTeam team(context.threads);
    sink->finish(team);
    return loaded;
}

/// @param sinkFor makes the sink for sparse or dense rows
LoadedData ingest(const std::filesystem::path& file, const LoadOptions& options, LoadContext context,
                  const Job& job, const SinkMaker& sinkFor) {
    if (file.extension() == ".zq")
        throw InputError(file.string() + ": is a packed store; train on it with zipml train");
    if (context.memoryLimitBytes == 0)
        context.memoryLimitBytes = availableMemoryBytes();
    try {
        if ((options.format == "auto" || options.format == kIdx) && isIdxImages(file))
            return ingestImages(file, context, job, sinkFor);
        TextReader reader(file);
        const Head head = readHead(reader, options.skipLines, job);
        LoadedData loaded;
        loaded.data.name = file.filename().string();
        loaded.compression = reader.compression();
        const auto parser = chooseFormat(options.format, head).open(head, {options, context}, loaded);
        if (loaded.header)
            reader.skip(head.firstLineEnd - reader.offset());
        const auto sink = sinkFor(loaded, context, parser->sparse());
        ThreadTeam team(context.threads);
        parseAll(reader, loaded.header ? head.firstLine : head.linesSkipped, *parser, context, job, team,
                 *sink);
        if (loaded.data.rows == 0)
            throw InputError(file.string() +
                             ": holds no rows, only comments; a data file has one row a line");
        if (loaded.data.features == 0)
            throw InputError(file.string() +
                             ": has labels only; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
        sink->finish(team);
        return loaded;
    } catch (const std::bad_alloc&) {
        failForMemory(file);
    } catch (const std::length_error&) { // more than a vector or string can ever hold
        failForMemory(file);
    }
}

} // namespace

std::vector<std::string> formatNames() {
    std::vector<std::string> names{kIdx};
    for (const auto& format : formats())
        names.emplace_back(format.name);
    return names;
}

LoadedData loadData(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    const Job& job) {
    return ingest(file, options, context, job,
                  [&](LoadedData& loaded, const LoadContext& limited, bool sparse) {
                      return collectRows(loaded, limited, file, sparse);
                  });
}

LoadedData scanData(const std::filesystem::path& file, const LoadOptions& options, const LoadContext& context,
                    const std::function<void(const RowBlock&)>& visit, const Job& job) {
    return ingest(file, options, context, job,
                  [&](LoadedData& loaded, const LoadContext& limited, bool sparse) {
                      return visitRows(loaded, limited, file, sparse, visit);
                  });
}

} // namespace zipml
