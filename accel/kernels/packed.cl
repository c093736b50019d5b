// A batch on packed codes, as they lie in the store (core/quant/tile_layout.h draws it). A work-item owns a chunk
// of tiles: it works through blocks of them that stay in its cache between the dot product and the gradient. A line
// of 64 bytes is a vector of 16 words, one a row; a field stays where it is in its word, and y is scaled for that.

// A line of a tile; tiles of odd sizes are not aligned to words.
uint16 lineAt(global const uchar* line) {
#if ALIGNED
    return vload16(0, (global const uint*)line);
#else
    return (uint16)(as_uint4(vload16(0, line)), as_uint4(vload16(1, line)), as_uint4(vload16(2, line)),
                    as_uint4(vload16(3, line)));
#endif
}

float sumOf(float16 v) {
    const float8 a = v.lo + v.hi;
    const float4 b = a.lo + a.hi;
    const float2 c = b.lo + b.hi;
    return c.x + c.y;
}

float16 number(uint16 bits) {
    return convert_float16(as_int16(bits)); // less than 2^24
}

// Bit r of a plane, as row r's number.
float16 planeOf(global const uchar* at) {
    const uint bits = at[0] | (uint)at[1] << 8;
    return number(((uint16)(bits) >> (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)) & 1u);
}

// Codes of a tile's part times y, one sum a row.
float16 dotTile(global const uchar* part, uint width, uint features, global const float* y) {
    const uint fields = 8 / width, mask = (1u << width) - 1u, lines = features / (4 * fields);
    float16 a = 0, b = 0, c = 0, d = 0;
    for (uint line = 0; line < lines; ++line, part += 64) {
        const uint16 words = lineAt(part);
        for (uint i = 0; i < fields; ++i, y += 4) {
            const uint16 at = words >> (i * width);
            a += number(at & mask) * y[0];
            b += number(at & mask << 8) * y[1];
            c += number(at & mask << 16) * y[2];
            d += number(at >> 24 & mask) * y[3];
        }
    }
    uint left = features - lines * 4 * fields;
    for (; left >= fields; left -= fields, part += 16) {
        const uint16 bytes = convert_uint16(vload16(0, part));
        for (uint i = 0; i < fields; ++i)
            a += number(bytes >> (i * width) & mask) * *y++;
    }
    for (; left > 0; --left, ++y)
        for (uint plane = 0; plane < width; ++plane, part += 2)
            b += planeOf(part) * (*y * (float)(1u << plane));
    return (a + b) + (c + d);
}

// Sums of the four bytes of a word, where their bits were left in place.
void addFour(float16 a, float16 b, float16 c, float16 d, float scale, global float* sums) {
    sums[0] += scale * sumOf(a);
    sums[1] += scale * 0x1p-8f * sumOf(b);
    sums[2] += scale * 0x1p-16f * sumOf(c);
    sums[3] += scale * sumOf(d);
}

// sums += scale * (codes of a part of some tiles) * factors, one a feature. factors: 16 a tile.
void addTiles(global const uchar* part, uint tileBytes, uint tiles, uint width, uint features, float scale,
              const float16* factors, global float* sums) {
    const uint fields = 8 / width, mask = (1u << width) - 1u, lines = features / (4 * fields);
    const uint step = fields > 1 ? 2 : 1; // fields at a time: tiles are read less often
    for (uint line = 0; line < lines; ++line, part += 64)
        for (uint i = 0; i < fields; i += step, sums += 4 * step) {
            float16 a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
            global const uchar* at = part;
            for (uint tile = 0; tile < tiles; ++tile, at += tileBytes) {
                const uint16 words = lineAt(at) >> (i * width);
                const float16 factor = factors[tile];
                a += number(words & mask) * factor;
                b += number(words & mask << 8) * factor;
                c += number(words & mask << 16) * factor;
                d += number(words >> 24 & mask) * factor;
                if (step > 1) {
                    const uint16 next = words >> width;
                    e += number(next & mask) * factor;
                    f += number(next & mask << 8) * factor;
                    g += number(next & mask << 16) * factor;
                    h += number(next >> 24 & mask) * factor;
                }
            }
            addFour(a, b, c, d, scale, sums);
            if (step > 1)
                addFour(e, f, g, h, scale, sums + 4);
        }
    uint left = features - lines * 4 * fields;
    for (; left >= fields; left -= fields, part += 16)
        for (uint i = 0; i < fields; ++i) {
            float16 a = 0;
            for (uint tile = 0; tile < tiles; ++tile)
                a += number(convert_uint16(vload16(0, part + tile * tileBytes)) >> (i * width) & mask) * factors[tile];
            *sums++ += scale * sumOf(a);
        }
    for (; left > 0; --left, ++sums, part += 2 * width) {
        float16 a = 0;
        for (uint tile = 0; tile < tiles; ++tile)
            for (uint plane = 0; plane < width; ++plane)
                a += planeOf(part + tile * tileBytes + 2 * plane) * (factors[tile] * (float)(1u << plane));
        *sums += scale * sumOf(a);
    }
}

#define TILE_BYTES(features) (2 * BITS * (features))
#define ODD_AT(features) (2 * (BITS - 1) * (features)) // the lowest bit is the last part

#if SYMMETRIZED || PLAIN
// Of the values whose two roundings differ, those whose coin shows heads: the first rounding is the upper one.
void toss(global const uchar* odd, uint2 key, uint epoch, uint tile, uint features, global uchar* heads) {
    for (uint at = 0; at < 2 * features; at += 16) {
        const uint4 words = philox(key, (uint4)(tile, at / 16, epoch, COPY_ORDER));
        const uchar16 coins = as_uchar16(words);
        if (at + 16 <= 2 * features) {
            vstore16(vload16(0, odd + at) & coins, 0, heads + at);
        } else {
            uchar each[16];
            vstore16(coins, 0, each);
            for (uint i = 0; at + i < 2 * features; ++i)
                heads[at + i] = odd[at + i] & each[i];
        }
    }
}
#endif

// One chunk of a batch: its sums, without slope and base. y: the parts', one after the other.
void runChunk(global const uchar* codes, global const float* labels, uint firstTile, uint tiles, uint rows,
              uint blockTiles, uint chunk, uint chunks, uint features, double offset, uint2 key, uint epoch,
              global const float* y, global float* sums, global float* signs, global double* residualSums,
              global uchar* heads) {
    const uint tileBytes = TILE_BYTES(features);
    const uint begin = (ulong)tiles * chunk / chunks, end = (ulong)tiles * (chunk + 1) / chunks;
    sums += (ulong)chunk * features;
    for (uint f = 0; f < features; ++f)
        sums[f] = 0;
#if SIGNS
    signs += (ulong)chunk * features;
    for (uint f = 0; f < features; ++f)
        signs[f] = 0;
#endif
#if SYMMETRIZED || PLAIN
    heads += (ulong)chunk * MOST_BLOCK_TILES * 2 * features;
    global const float* oddY = y + (PARTS - 1) * features;
#endif
    double residualSum = 0;
    float16 residuals[MOST_BLOCK_TILES];
#if SIGNS
    float16 differences[MOST_BLOCK_TILES];
#endif
    for (uint block = begin; block < end; block += blockTiles) {
        const uint count = min(blockTiles, end - block);
        global const uchar* from = codes + (ulong)(firstTile + block) * tileBytes;
        for (uint t = 0; t < count; ++t) {
            global const uchar* tile = from + t * tileBytes;
            float16 sum = dotTile(tile, WIDTH0, features, y);
#if PARTS > 1
            sum += dotTile(tile + 2 * features * WIDTH0, WIDTH1, features, y + features);
#endif
#if PARTS > 2
            sum += dotTile(tile + 2 * features * (WIDTH0 + WIDTH1), WIDTH2, features, y + 2 * features);
#endif
#if PARTS > 3
            sum += dotTile(tile + 2 * features * (WIDTH0 + WIDTH1 + WIDTH2), WIDTH3, features, y + 3 * features);
#endif
#if SYMMETRIZED || PLAIN // d = 2 heads - odd
            global uchar* tossed = heads + t * 2 * features;
            toss(tile + ODD_AT(features), key, epoch, firstTile + block + t, features, tossed);
            const float16 d = 2 * dotTile(tossed, 1, features, oddY) -
                              dotTile(tile + ODD_AT(features), 1, features, oddY);
#endif
#if SYMMETRIZED
            differences[t] = d;
#elif PLAIN
            sum -= d;
#elif MEAN
            differences[t] = 1;
#endif
            float each[16];
            vstore16(sum, 0, each);
            const uint row = 16 * (block + t);
            for (uint r = 0; r < 16; ++r) { // the last tile may not be full
                each[r] = row + r < rows ? (float)(each[r] + (offset - labels[16 * firstTile + row + r])) : 0.0f;
                residualSum += each[r];
            }
            residuals[t] = vload16(0, each);
        }
        addTiles(from, tileBytes, count, WIDTH0, features, (float)(1u << SHIFT0), residuals, sums);
#if PARTS > 1
        addTiles(from + 2 * features * WIDTH0, tileBytes, count, WIDTH1, features, (float)(1u << SHIFT1), residuals,
                 sums);
#endif
#if PARTS > 2
        addTiles(from + 2 * features * (WIDTH0 + WIDTH1), tileBytes, count, WIDTH2, features,
                 (float)(1u << SHIFT2), residuals, sums);
#endif
#if PARTS > 3
        addTiles(from + 2 * features * (WIDTH0 + WIDTH1 + WIDTH2), tileBytes, count, WIDTH3, features,
                 (float)(1u << SHIFT3), residuals, sums);
#endif
#if PLAIN // d counts like a code
        addTiles(from + ODD_AT(features), tileBytes, count, 1, features, -1, residuals, sums);
        addTiles(heads, 2 * features, count, 1, features, 2, residuals, sums);
#elif MEAN
        addTiles(from + ODD_AT(features), tileBytes, count, 1, features, 1, differences, signs);
#elif SYMMETRIZED
        addTiles(from + ODD_AT(features), tileBytes, count, 1, features, -1, differences, signs);
        addTiles(heads, 2 * features, count, 1, features, 2, differences, signs);
#endif
    }
    residualSums[chunk] = residualSum;
}

kernel void batchSums(global const uchar* data, global const float* labels, uint first, uint rows, uint blockRows,
                      uint chunks, uint features, uint2 key, uint epoch, global const double* offsets,
                      global const double* model, global const float* y, global float* sums, global float* signs,
                      global double* residualSums, global uchar* heads) {
    const uint chunk = get_global_id(0);
    if (chunk < chunks)
        runChunk(data, labels, first / 16, (rows + 15) / 16, rows, blockRows / 16, chunk, chunks, features,
                 offsetOf(offsets, features) + model[features], key, epoch, y, sums, signs, residualSums, heads);
}
