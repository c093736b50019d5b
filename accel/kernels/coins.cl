// Which of a value's two roundings is the upper one, by a fair coin an epoch (docs/method.md#s3-5); a vector of 16
// rows.
//
// Where a code of two roundings is one part of 2, 4 or 8 bits (SINGLE), tossing makes a tile of the first roundings'
// indices, first = floor(code / 2) + (odd and upper): in the layout of the codes, for the same kernels. Else it
// makes a tile of one part, the odd bits whose coin makes the first copy the upper one.
//
// Options: COINS: SYMMETRIZED, PLAIN or 0; SINGLE; COPY_ORDER.

// The coins of four lines of 64 bytes, one word a row.
void coinLines(uint2 key, uint tile, uint firstLine, uint epoch, uint16* lines) {
    uint16 x = tile, y = 4 * firstLine + (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), z = epoch,
           w = COPY_ORDER;
    philox16(key, &x, &y, &z, &w);
    for (uint half_ = 0; half_ < 2; ++half_) { // a counter's four words belong to rows side by side
        uint16 xy, zw;
        xy.even = half_ ? x.hi : x.lo;
        xy.odd = half_ ? y.hi : y.lo;
        zw.even = half_ ? z.hi : z.lo;
        zw.odd = half_ ? w.hi : w.lo;
        ulong8 first, second;
        first.even = as_ulong8(xy).lo;
        first.odd = as_ulong8(zw).lo;
        second.even = as_ulong8(xy).hi;
        second.odd = as_ulong8(zw).hi;
        lines[2 * half_] = as_uint16(first);
        lines[2 * half_ + 1] = as_uint16(second);
    }
}

#if SINGLE
#define FIELDS (8 / WIDTH0)
#define EACH_BYTE 0x01010101u
#define LOWEST (WIDTH0 == 8 ? EACH_BYTE : WIDTH0 == 4 ? 0x11111111u : 0x55555555u) // of every field
#define HALVED (LOWEST * ((1u << (WIDTH0 - 1)) - 1u))                             // all but the highest

// A tail's coins as if it were a whole line: field i of byte j is feature 4 i + j.
uint16 wholeLine(uint16 line, uint features) {
    uint room[16]; // aligned for words
    const uchar* bytes = (const uchar*)room;
    vstore16(line, 0, room);
    uint16 whole = 0;
    uint f = 0;
    for (; f + 8 <= features; f += 8) {
        const uint16 column = convert_uint16(vload16(f / 8, bytes));
        const uint16 spread = column | column << 7 | column << 14 | column << 21;
        whole |= ((spread & EACH_BYTE) | (spread >> 3 & 2 * EACH_BYTE)) << (f / 4);
    }
    for (uint at = 2 * f; f < features; ++f, at += 2) {
        const uint plane = bytes[at] | (uint)bytes[at + 1] << 8;
        whole |= ((uint16)(plane) >> (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) & 1u)
                 << (8 * (f % 4) + f / 4);
    }
    return whole;
}

uint16 coinOf(uint16 coins, uint feature) {
    return coins >> (8 * (feature % 4) + feature / 4) & 1u;
}

// The 32 features of a line of coins, or as many as there are.
void tossLine(uint16 coins, uint line, global const uchar* tile, uint features, global uchar* to) {
    const uint lines = features / (4 * FIELDS);
    for (uint q = 0; q < WIDTH0; ++q) {
        const uint at = WIDTH0 * line + q;
        if (at >= lines)
            break;
        const uint16 mine = coins >> (q * FIELDS);
        uint16 upper = 0;
        for (uint i = 0; i < FIELDS; ++i)
            upper |= (mine & EACH_BYTE << i) << (i * (WIDTH0 - 1));
        const uint16 words = lineAt(tile + 64 * at);
        storeLine((words >> 1 & HALVED) + (words & LOWEST & upper), to + 64 * at);
    }
    if (32 * line + 32 <= features)
        return;
    uint f = max(lines * 4 * FIELDS, 32 * line);
    uint at = lines * 64;
    for (; f + FIELDS <= features; f += FIELDS, at += 16) {
        uint16 upper = 0;
        for (uint i = 0; i < FIELDS; ++i)
            upper |= coinOf(coins, f % 32 + i) << (i * WIDTH0);
        const uint16 bytes = convert_uint16(vload16(0, tile + at));
        vstore16(convert_uchar16((bytes >> 1 & HALVED & 0xFFu) + (bytes & LOWEST & upper)), 0, to + at);
    }
    for (; f < features; ++f, at += 2 * WIDTH0) { // planes of bits: the carry ripples through them
        uint each[16], carry = 0;
        vstore16(coinOf(coins, f % 32), 0, each);
        for (uint row = 0; row < 16; ++row)
            carry |= each[row] << row;
        carry &= tile[at] | (uint)tile[at + 1] << 8;
        for (uint plane = 0; plane < WIDTH0; ++plane) {
            global const uchar* next = tile + at + 2 * (plane + 1);
            const uint bits = plane + 1 < WIDTH0 ? next[0] | (uint)next[1] << 8 : 0;
            const uint sum = bits ^ carry;
            carry &= bits;
            to[at + 2 * plane] = (uchar)sum;
            to[at + 2 * plane + 1] = (uchar)(sum >> 8);
        }
    }
}
#endif

// Of one tile, into `to`.
void drawCoins(global const uchar* tile, ulong seed, uint epoch, uint index, uint features, global uchar* to) {
    const uint lines = (2 * features + 63) / 64;
    uint16 coins[4];
    for (uint line = 0; line < lines; ++line) {
        if (line % 4 == 0)
            coinLines(keyOf(seed), index, line, epoch, coins);
#if SINGLE
        const bool whole = 32 * line + 32 <= features;
        tossLine(whole ? coins[line % 4] : wholeLine(coins[line % 4], features - 32 * line), line, tile, features, to);
#else
        global const uchar* odd = tile + ODD_AT(features) + 64 * line;
        if (64 * line + 64 <= 2 * features) {
            storeLine(lineAt(odd) & coins[line % 4], to + 64 * line);
        } else {
            uint room[16]; // aligned for words
            const uchar* each = (const uchar*)room;
            vstore16(coins[line % 4], 0, room);
            for (uint i = 0; 64 * line + i < 2 * features; ++i)
                to[64 * line + i] = odd[i] & each[i];
        }
#endif
    }
}
