// Losses and hits of some rows, in double; one record a chunk. weights: of the positive and the negative class.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable

kernel void evaluate(global const float* data, global const float* labels, uint rows, uint features, uint chunks,
                     global const double* model, uint loss, double2 weights, global double* losses, global uint* hits) {
    const uint chunk = get_global_id(0);
    if (chunk >= chunks)
        return;
    const uint begin = (ulong)rows * chunk / chunks, end = (ulong)rows * (chunk + 1) / chunks;
    double sum = 0;
    uint hit = 0;
    for (uint row = begin; row < end; ++row) {
        global const float* values = data + (ulong)row * features;
        double8 products = 0;
        uint f = 0;
        for (; f + 8 <= features; f += 8)
            products += convert_double8(vload8(0, values + f)) * vload8(0, model + f);
        double prediction = model[features];
        for (; f < features; ++f)
            prediction += values[f] * model[f];
        prediction += ((products.s0 + products.s1) + (products.s2 + products.s3)) +
                      ((products.s4 + products.s5) + (products.s6 + products.s7));
        sum += lossValue(loss, labels[row] > 0 ? weights.x : weights.y, prediction, labels[row]);
        hit += (prediction >= 0) == (labels[row] >= 0) ? 1u : 0u;
    }
    losses[chunk] = sum;
    hits[chunk] = hit;
}

// Reads all there is, for the bandwidth: one word a chunk, so that nothing is left out.
kernel void readAll(global const float* data, ulong values, uint chunks, global float* sums) {
    const uint chunk = get_global_id(0);
    if (chunk >= chunks)
        return;
    const ulong begin = values / 64 * chunk / chunks * 64, end = values / 64 * (chunk + 1) / chunks * 64;
    float16 a = 0, b = 0, c = 0, d = 0;
    for (ulong i = begin; i < end; i += 64) {
        a += vload16(0, data + i);
        b += vload16(0, data + i + 16);
        c += vload16(0, data + i + 32);
        d += vload16(0, data + i + 48);
    }
    const float16 all = (a + b) + (c + d);
    sums[chunk] = all.s0 + all.s1 + all.s2 + all.s3 + all.s4 + all.s5 + all.s6 + all.s7 + all.s8 + all.s9 +
                  all.sa + all.sb + all.sc + all.sd + all.se + all.sf;
}

kernel void copyAll(global const float16* from, global float16* to, ulong lines, uint chunks) {
    const uint chunk = get_global_id(0);
    if (chunk >= chunks)
        return;
    const ulong begin = lines * chunk / chunks, end = lines * (chunk + 1) / chunks;
    for (ulong i = begin; i < end; ++i)
        to[i] = from[i];
}
