// A batch on packed codes, as they lie in the store (core/quant/tile_layout.h draws it), for CPUs. A work-item owns
// a chunk of tiles: it works through blocks of them that stay in its cache between the dot product and the gradient.
// A line of 64 bytes is a vector of 16 words, one a row; a field stays where it is in its word, and y is scaled for
// that.
//
// Tuned: Plan.blockRows, the rows of a block (accel/tuning.h). It changes the order in which float sums are added up.

#define TILE_BYTES(features) (2 * BITS * (features))
#define ODD_AT(features) (2 * (BITS - 1) * (features)) // where the lowest bit is the last part

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

// sums += scale * (bits `mask` of codes of a part of some tiles) * factors, one a feature. factors: 16 a tile.
void addTiles(global const uchar* part, uint tileBytes, uint tiles, uint width, uint mask, uint features, float scale,
              const float16* factors, global float* sums) {
    const uint fields = 8 / width, lines = features / (4 * fields);
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
            for (uint plane = 0; plane < width && mask >> plane > 0; ++plane)
                a += planeOf(part + tile * tileBytes + 2 * plane) * (factors[tile] * (float)(1u << plane));
        *sums += scale * sumOf(a);
    }
}
