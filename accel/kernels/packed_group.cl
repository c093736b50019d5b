// A batch on packed codes, for devices whose work-items run side by side: a work-group owns a chunk of tiles. Item r of
// 16 reads row r's word of a line, so that neighbouring items read neighbouring words and a line of 64 bytes is read at
// once; every 16 items read lines of their own. Block by block of tiles, which stay in a cache: dot products, summed
// over the items of a row in local memory; then the gradient, summed over the 16 rows there. What the estimators take
// from the codes is told in packed_chunk.cl.
//
// Options: GROUP, a multiple of 16; MOST_GROUP_TILES. Tuned: GROUP and Plan.blockRows (accel/tuning.h).

#define TILE_BYTES(features) (2 * BITS * (features))
#define ODD_AT(features) (2 * (BITS - 1) * (features)) // where the lowest bit is the last part

#define SLICES (GROUP / 16)
#define ROW (ITEM % 16)
#define SLICE (ITEM / 16)
#define STRIDE 17 // floats between features whose rows are summed: no two items meet in a bank
#define FULL(width) ((1u << (width)) - 1u)

uint wordOf(global const uchar* at) {
#if ALIGNED
    return *(global const uint*)at;
#else
    return as_uint(vload4(0, at));
#endif
}

// A part's code of a feature past the whole lines.
uint tailCode(global const uchar* part, uint width, uint features, uint feature, uint row) {
    const uint fields = 8 / width, lines = features / (4 * fields), left = features - lines * 4 * fields;
    const uint columns = left / fields, f = feature - lines * 4 * fields;
    part += 64 * lines;
    if (f < columns * fields)
        return part[16 * (f / fields) + row] >> (f % fields * width) & FULL(width);
    part += 16 * columns + 2 * width * (f - columns * fields);
    uint code = 0;
    for (uint plane = 0; plane < width; ++plane)
        code |= (part[2 * plane + row / 8] >> (row % 8) & 1u) << plane;
    return code;
}

// This item's share of codes . y: its row, its lines.
float dotPart(global const uchar* part, uint width, uint features, global const float* y) {
    const uint fields = 8 / width, lines = features / (4 * fields);
    float sum = 0;
    for (uint line = SLICE; line < lines; line += SLICES) {
        const uint word = wordOf(part + 64 * line + 4 * ROW);
        for (uint i = 0; i < fields; ++i)
            for (uint j = 0; j < 4; ++j)
                sum += (float)(word >> (8 * j + i * width) & FULL(width)) * y[4 * (line * fields + i) + j];
    }
    for (uint f = lines * 4 * fields + SLICE; f < features; f += SLICES)
        sum += (float)tailCode(part, width, features, f, ROW) * y[f];
    return sum;
}

#if COINS
#define DRAWN_WIDTH (SINGLE ? WIDTH0 : 1)
#define DRAW_FIELDS (8 / DRAWN_WIDTH)
#define EACH_BYTE 0x01010101u
#define LOWEST (WIDTH0 == 8 ? EACH_BYTE : WIDTH0 == 4 ? 0x11111111u : 0x55555555u) // of every field
#define HALVED (LOWEST * ((1u << (WIDTH0 - 1)) - 1u))                             // all but the highest

// Where a coin lies: its byte among the tile's, and its bit in there.
uint2 coinPlace(uint feature, uint row, uint features) {
    const uint lines = features / 32, columns = features % 32 / 8, f = feature - 32 * lines;
    if (feature < 32 * lines)
        return (uint2)(feature / 32 * 64 + 4 * row + feature % 4, feature % 32 / 4);
    if (f < 8 * columns)
        return (uint2)(64 * lines + 16 * (f / 8) + row, f % 8);
    return (uint2)(64 * lines + 16 * columns + 2 * (f - 8 * columns) + row / 8, row % 8);
}

uint coinWord(uint2 key, uint tile, uint word, uint epoch) {
    const uint4 words = philox(key, (uint4)(tile, word / 4, epoch, COPY_ORDER));
    const uint each[] = {words.x, words.y, words.z, words.w};
    return each[word % 4];
}

// The coins of a row's fields in a line of the codes, at each field's lowest bit.
uint lineCoins(uint2 key, uint tile, uint line, uint row, uint epoch, uint features) {
    const uint first = line * 4 * DRAW_FIELDS;
    uint coins = 0;
    if (first / 32 < features / 32) {
        const uint word = coinWord(key, tile, 16 * (first / 32) + row, epoch) >> (first % 32 / 4);
        for (uint i = 0; i < DRAW_FIELDS; ++i)
            coins |= (word & EACH_BYTE << i) << (i * (DRAWN_WIDTH - 1));
        return coins;
    }
    uint word = 0, known = 0xFFFFFFFFu;
    for (uint k = 0; k < 4 * DRAW_FIELDS; ++k) {
        const uint2 place = coinPlace(first + k, row, features);
        if (place.x / 4 != known)
            word = coinWord(key, tile, place.x / 4, epoch);
        known = place.x / 4;
        coins |= (word >> (8 * (place.x % 4) + place.y) & 1u) << (8 * (k % 4) + k / 4 * DRAWN_WIDTH);
    }
    return coins;
}

// First roundings, or upper (coins.cl), of all of an item's codes: kept in `to`, whole lines as the codes are, then a
// byte for each of the rest. @return codes . y and what was drawn . y, of this item's share
float2 tossAndDot(global const uchar* part, uint2 key, uint epoch, uint tile, uint features, global const float* y,
                  global uchar* to) {
    const uint lines = features / (4 * DRAW_FIELDS), whole = lines * 4 * DRAW_FIELDS;
    float2 sum = 0;
    for (uint line = SLICE; line < lines; line += SLICES) {
        const uint word = wordOf(part + 64 * line + 4 * ROW);
        const uint coins = lineCoins(key, tile, line, ROW, epoch, features);
#if SINGLE
        const uint drawn = (word >> 1 & HALVED) + (word & LOWEST & coins);
#else
        const uint drawn = word & coins;
#endif
        ((global uint*)to)[16 * line + ROW] = drawn;
        for (uint i = 0; i < DRAW_FIELDS; ++i)
            for (uint j = 0; j < 4; ++j) {
                const uint shift = 8 * j + i * DRAWN_WIDTH;
                sum += (float2)((float)(word >> shift & FULL(DRAWN_WIDTH)), (float)(drawn >> shift & FULL(DRAWN_WIDTH))) *
                       y[4 * (line * DRAW_FIELDS + i) + j];
            }
    }
    for (uint f = whole + SLICE; f < features; f += SLICES) {
        const uint code = tailCode(part, DRAWN_WIDTH, features, f, ROW);
        const uint2 place = coinPlace(f, ROW, features);
        const uint coin = coinWord(key, tile, place.x / 4, epoch) >> (8 * (place.x % 4) + place.y) & 1u;
        const uint drawn = code / 2 + (code & coin & 1u);
        to[64 * lines + 16 * (f - whole) + ROW] = (uchar)drawn;
        sum += (float2)((float)code, (float)drawn) * y[f];
    }
    return sum;
}
#endif

// sums += scale * codes of a part * factors. factors: 16 a tile. drawn: the rest is a byte each
void addPart(global const uchar* part, uint tileBytes, uint tiles, uint width, uint features, float scale, bool drawn,
             local const float* factors, local float* exchange, global float* sums) {
    const uint fields = 8 / width, lines = features / (4 * fields), whole = lines * 4 * fields;
    BARRIER;
    uint base = 0;
    do {
        const uint line = base + SLICE;
        if (line < lines) {
            float acc[32];
            for (uint k = 0; k < 4 * fields; ++k)
                acc[k] = 0;
            for (uint tile = 0; tile < tiles; ++tile) {
                const uint word = wordOf(part + tile * tileBytes + 64 * line + 4 * ROW);
                const float factor = factors[16 * tile + ROW];
                for (uint i = 0; i < fields; ++i)
                    for (uint j = 0; j < 4; ++j)
                        acc[4 * i + j] += (float)(word >> (8 * j + i * width) & FULL(width)) * factor;
            }
            for (uint k = 0; k < 4 * fields; ++k)
                exchange[(SLICE * 32 + k) * STRIDE + ROW] = acc[k];
        }
        BARRIER;
        if (line < lines)
            for (uint k = ROW; k < 4 * fields; k += 16) {
                float sum = 0;
                for (uint row = 0; row < 16; ++row)
                    sum += exchange[(SLICE * 32 + k) * STRIDE + row];
                sums[line * 4 * fields + k] += scale * sum;
            }
        BARRIER;
        base += SLICES;
    } while (base < lines);
    for (uint f = whole + ITEM; f < features; f += GROUP) {
        float sum = 0;
        for (uint tile = 0; tile < tiles; ++tile)
            for (uint row = 0; row < 16; ++row) {
                global const uchar* at = part + tile * tileBytes;
                const uint code =
                    drawn ? at[64 * lines + 16 * (f - whole) + row] : tailCode(at, width, features, f, row);
                sum += (float)code * factors[16 * tile + row];
            }
        sums[f] += scale * sum;
    }
}

#if COINS
#define DRAWN_BYTES(features)                                                                                         \
    (64 * ((features) / (4 * DRAW_FIELDS)) + 16 * ((features) % (4 * DRAW_FIELDS)))
#endif

#define ADD(part, at, factors)                                                                                         \
    addPart(from + 2 * features * (at), tileBytes, count, WIDTH##part, features, (float)(1u << SHIFT##part), false,    \
            factors, exchange, mine)

#define DOT(part, at) dotPart(tile + 2 * features * (at), WIDTH##part, features, y + part * features)

void runChunk(uint chunk, const Batch batch, double offset, MEMORY, local double* room, local float* exchange) {
    const uint features = plan->features, tileBytes = TILE_BYTES(features), tiles = (batch.rows + 15) / 16;
    const uint begin = (ulong)tiles * chunk / batch.chunks, end = (ulong)tiles * (chunk + 1) / batch.chunks;
    const uint firstTile = batch.first / 16, blockTiles = plan->blockRows / 16;
    global float* mine = sums + (ulong)chunk * features;
    local float* residuals = exchange + EXCHANGED - 48 * MOST_GROUP_TILES; // behind them lowFactors and upperFactors
    local float* lowFactors = residuals + 16 * MOST_GROUP_TILES;
    local float* upperFactors = lowFactors + 16 * MOST_GROUP_TILES;
#if COINS
    global uchar* drawn = scratch + (ulong)chunk * MOST_BLOCK_TILES * DRAWN_BYTES(features);
#endif
    for (uint f = ITEM; f < features; f += GROUP)
        mine[f] = 0;
    double residualSum = 0;
    uint block = begin; // a chunk has at least one tile
    do {
        const uint count = min(blockTiles, end - block);
        global const uchar* from = data + (ulong)(firstTile + block) * tileBytes;
        for (uint t = 0; t < count; ++t) {
            global const uchar* tile = from + t * tileBytes;
            float sum = 0;
#if COINS
            const float2 both = tossAndDot(tile + (SINGLE ? 0 : ODD_AT(features)), keyOf(plan->storeSeed), plan->epoch,
                                           firstTile + block + t, features, y + (PARTS - 1) * features,
                                           drawn + t * DRAWN_BYTES(features));
            sum += both.x;
            exchange[(MOST_GROUP_TILES + t) * GROUP + ITEM] = 2 * both.y - both.x; // d
#define LAST_DOT (PARTS - 1)
#else
#define LAST_DOT PARTS
#endif
#if LAST_DOT > 0
            sum += DOT(0, 0);
#endif
#if LAST_DOT > 1
            sum += DOT(1, WIDTH0);
#endif
#if LAST_DOT > 2
            sum += DOT(2, WIDTH0 + WIDTH1);
#endif
#if LAST_DOT > 3
            sum += DOT(3, WIDTH0 + WIDTH1 + WIDTH2);
#endif
            exchange[t * GROUP + ITEM] = sum;
        }
        BARRIER;
        for (uint i = ITEM; i < 16 * count; i += GROUP) {
            local const float* of = exchange + i / 16 * GROUP + i % 16;
            float sum = 0, d = 0;
            for (uint slice = 0; slice < SLICES; ++slice) {
                sum += of[16 * slice];
#if COINS
                d += of[MOST_GROUP_TILES * GROUP + 16 * slice];
#endif
            }
#if COINS == PLAIN
            sum -= d;
#endif
            const uint row = 16 * block + i;
            float residual = 0; // of the last tile's missing rows
            if (row < batch.rows) {
                const float label = labels[batch.first + row];
                if (COINS == SYMMETRIZED && plan->loss != LEAST_SQUARES) { // see packed_chunk.cl
                    const float first = slopeOf(plan, sum + d, offset, label);
                    d = (first - slopeOf(plan, sum - d, offset, label)) / 2;
                    residual = first - d;
                } else {
                    residual = slopeOf(plan, sum, offset, label);
                }
            }
            residuals[i] = residual;
            residualSum += residual;
            lowFactors[i] = residual + d;
            upperFactors[i] = COINS == PLAIN ? 2 * residual : -2 * d;
        }
#if COINS && SINGLE
#if COINS == SYMMETRIZED
        ADD(0, 0, lowFactors);
#endif
        addPart(drawn, DRAWN_BYTES(features), count, WIDTH0, features, 1, true, upperFactors, exchange, mine);
#elif COINS
        ADD(0, 0, residuals); // the odd bits are the last part
#if PARTS > 2
        ADD(1, WIDTH0, residuals);
#endif
#if PARTS > 3
        ADD(2, WIDTH0 + WIDTH1, residuals);
#endif
#if COINS == SYMMETRIZED
        addPart(from + ODD_AT(features), tileBytes, count, 1, features, 1, false, lowFactors, exchange, mine);
#endif
        addPart(drawn, DRAWN_BYTES(features), count, 1, features, 1, true, upperFactors, exchange, mine);
#else
        ADD(0, 0, residuals);
#if PARTS > 1
        ADD(1, WIDTH0, residuals);
#endif
#if PARTS > 2
        ADD(2, WIDTH0 + WIDTH1, residuals);
#endif
#if PARTS > 3
        ADD(3, WIDTH0 + WIDTH1 + WIDTH2, residuals);
#endif
#endif
        BARRIER;
        block += blockTiles;
    } while (block < end);
    residualSum = groupSum(residualSum, room);
    if (ITEM == 0)
        residualSums[chunk] = residualSum;
}
