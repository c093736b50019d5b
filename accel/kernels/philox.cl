// Philox4x32-10: the draws of core/base/random.h, word for word.

uint4 philox(uint2 key, uint4 counter) {
    for (int round = 0; round < 10; ++round) {
        const uint high0 = mul_hi(0xD2511F53u, counter.x), low0 = 0xD2511F53u * counter.x;
        const uint high1 = mul_hi(0xCD9E8D57u, counter.z), low1 = 0xCD9E8D57u * counter.z;
        counter = (uint4)(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

uint16 highProduct(uint16 a, uint factor) {
    return convert_uint16(convert_ulong16(a) * factor >> 32);
}

// Of 16 counters side by side; their words take their place.
void philox16(uint2 key, uint16* x, uint16* y, uint16* z, uint16* w) {
    for (int round = 0; round < 10; ++round) {
        const uint16 high0 = highProduct(*x, 0xD2511F53u), low0 = *x * 0xD2511F53u;
        const uint16 high1 = highProduct(*z, 0xCD9E8D57u), low1 = *z * 0xCD9E8D57u;
        *x = high1 ^ *y ^ key.x;
        *y = low1;
        *z = high0 ^ *w ^ key.y;
        *w = low0;
        key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
    }
}

uint2 keyOf(ulong seed) {
    return (uint2)((uint)seed, (uint)(seed >> 32));
}
