// What a work-item does with its chunk of tiles (packed.cl).
//
// Two roundings are Q1 = m + d and Q2 = m - d, with m the mean, of code c, and d = slope * (2 first - c), where
// `first` is the index of the first rounding (coins.cl). Double sampling subtracts d (d.x) symmetrized; plain, it
// takes Q1 (Q2.x - b). (Other losses: slope(Q.x, b) for Q.x - b.) In the mean over the coins it subtracts slope^2 o odd o x, whose sums over a batch are counted
// once (countOdd): there these kernels only see c.

#define FULL(width) ((1u << (width)) - 1u)
#define DRAWN_BYTES(features) (SINGLE ? TILE_BYTES(features) : 2 * (features))

// The sums of one part of a block's tiles.
#define ADD(part, at, factors)                                                                                         \
    addTiles(from + 2 * features * (at), tileBytes, count, WIDTH##part, FULL(WIDTH##part), features,                   \
             (float)(1u << SHIFT##part), factors, mine)

#define DOT(part, at) dotTile(tile + 2 * features * (at), WIDTH##part, features, y + part * features)

// The chunk's sums, without slope and base.
void runChunk(uint chunk, const Batch batch, double offset, MEMORY, local double* room,
              local float* exchange) {
    const uint features = plan->features, tileBytes = TILE_BYTES(features), tiles = (batch.rows + 15) / 16;
    const uint begin = (ulong)tiles * chunk / batch.chunks, end = (ulong)tiles * (chunk + 1) / batch.chunks;
    const uint firstTile = batch.first / 16, blockTiles = plan->blockRows / 16;
    global float* mine = sums + (ulong)chunk * features;
    for (uint f = 0; f < features; ++f)
        mine[f] = 0;
    double residualSum = 0;
    float16 residuals[MOST_BLOCK_TILES];
#if COINS
    global uchar* drawn = scratch + (ulong)chunk * MOST_BLOCK_TILES * DRAWN_BYTES(features);
    float16 lowFactors[MOST_BLOCK_TILES], upperFactors[MOST_BLOCK_TILES];
#endif
    for (uint block = begin; block < end; block += blockTiles) {
        const uint count = min(blockTiles, end - block);
        global const uchar* from = data + (ulong)(firstTile + block) * tileBytes;
        for (uint t = 0; t < count; ++t) {
            global const uchar* tile = from + t * tileBytes;
            float16 sum = DOT(0, 0);
#if PARTS > 1
            sum += DOT(1, WIDTH0);
#endif
#if PARTS > 2
            sum += DOT(2, WIDTH0 + WIDTH1);
#endif
#if PARTS > 3
            sum += DOT(3, WIDTH0 + WIDTH1 + WIDTH2);
#endif
#if COINS
            global uchar* upper = drawn + t * DRAWN_BYTES(features);
            drawCoins(tile, plan->storeSeed, plan->epoch, firstTile + block + t, features, upper);
#if SINGLE
            const float16 d = 2 * dotTile(upper, WIDTH0, features, y) - sum;
#else // 2 first - c = 2 upper - odd
            global const float* oddY = y + (PARTS - 1) * features;
            const float16 d = 2 * dotTile(upper, 1, features, oddY) -
                              dotTile(tile + ODD_AT(features), 1, features, oddY);
#endif
#if COINS == PLAIN
            sum -= d;
#endif
#endif
            float each[16];
            vstore16(sum, 0, each);
            const uint row = 16 * (block + t), valid = min(16u, batch.rows - row); // the last tile may not be full
            global const float* label = labels + batch.first + row;
#if COINS == SYMMETRIZED
            float half_[16];
            vstore16(d, 0, half_);
            if (plan->loss != LEAST_SQUARES) // Q1 slope(Q2.x) + Q2 slope(Q1.x), halved: m and d with these factors
                for (uint r = 0; r < valid; ++r) {
                    const float first = slopeOf(plan, each[r] + half_[r], offset, label[r]);
                    const float second = slopeOf(plan, each[r] - half_[r], offset, label[r]);
                    half_[r] = (first - second) / 2;
                    each[r] = first - half_[r];
                }
            else
#endif
                for (uint r = 0; r < valid; ++r)
                    each[r] = slopeOf(plan, each[r], offset, label[r]);
            for (uint r = 0; r < valid; ++r)
                residualSum += each[r];
            for (uint r = valid; r < 16; ++r)
                each[r] = 0;
            residuals[t] = vload16(0, each);
#if COINS == SYMMETRIZED // c (r + d) - 2 first d; where it is no single part, 2 first - c = 2 upper - odd
            lowFactors[t] = residuals[t] + vload16(0, half_);
            upperFactors[t] = -2 * vload16(0, half_);
#elif COINS == PLAIN // 2 first r; where it is no single part, c - odd + 2 upper
            upperFactors[t] = 2 * residuals[t];
#endif
        }
#if COINS && SINGLE
#if COINS == SYMMETRIZED
        ADD(0, 0, lowFactors);
#endif
        addTiles(drawn, tileBytes, count, WIDTH0, FULL(WIDTH0), features, 1, upperFactors, mine);
#elif COINS
        ADD(0, 0, residuals); // the odd bits are the last part
#if PARTS > 2
        ADD(1, WIDTH0, residuals);
#endif
#if PARTS > 3
        ADD(2, WIDTH0 + WIDTH1, residuals);
#endif
#if COINS == SYMMETRIZED
        addTiles(from + ODD_AT(features), tileBytes, count, 1, 1, features, 1, lowFactors, mine);
#endif
        addTiles(drawn, 2 * features, count, 1, 1, features, 1, upperFactors, mine);
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
    }
    residualSums[chunk] = residualSum;
}
