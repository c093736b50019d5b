// A line of a tile: 64 bytes, one word a row. Tiles of odd sizes are not aligned to words.
//
// Options: ALIGNED.

uint16 lineAt(global const uchar* line) {
#if ALIGNED
    return vload16(0, (global const uint*)line);
#else
    return (uint16)(as_uint4(vload16(0, line)), as_uint4(vload16(1, line)), as_uint4(vload16(2, line)),
                    as_uint4(vload16(3, line)));
#endif
}

void storeLine(uint16 words, global uchar* line) {
#if ALIGNED
    vstore16(words, 0, (global uint*)line);
#else
    const uint4 a = words.lo.lo, b = words.lo.hi, c = words.hi.lo, d = words.hi.hi;
    vstore16(as_uchar16(a), 0, line);
    vstore16(as_uchar16(b), 1, line);
    vstore16(as_uchar16(c), 2, line);
    vstore16(as_uchar16(d), 3, line);
#endif
}
