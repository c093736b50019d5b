// What every training kernel needs: the model on the device, and a step from a batch's sums.
//
// A value is base + slope * code (float32 rows: 0 + 1 * value), so a batch's gradient is
// slope o (sum of code * residual) + base o (sum of residuals). The model is in double.
//
// Options: PARTS, WIDTH0.. and SHIFT0..: the parts of a code (core/quant/tile_layout.h); MEAN, SYMMETRIZED, PLAIN:
// the kind of double sampling; CORRECTED; SPAN: features that a work-item steps; ROWS: float32 rows, no codes.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable

#define SHRINK 1
#define BOX 2

#define SIGNS (MEAN || SYMMETRIZED)

#ifdef ROWS
#define fieldScale(part, feature, features) 1.0f
#else
// What a part's field counts: 2^shift, and, where kernels leave bits at their place in a word, 2^-8 a byte.
float fieldScale(uint part, uint feature, uint features) {
    const uint widths[] = {WIDTH0, WIDTH1, WIDTH2, WIDTH3}, shifts[] = {SHIFT0, SHIFT1, SHIFT2, SHIFT3};
    const uint lineFeatures = 32 / widths[part];
    const float code = (float)(1u << shifts[part]);
    if (feature >= features / lineFeatures * lineFeatures || feature % 4 == 3)
        return code;
    return code / (float)(1u << 8 * (feature % 4));
}
#endif

// The model's features [first, end): one step, then the form that kernels read: y and the part of base . x.
// limits: proximal step: threshold and shrink, or the box's low and high.
void stepSpan(uint first, uint end, uint features, uint chunks, uint rows, double scale, int proximal, double2 limits,
              global const double* slope, global const double* base, global const double* correction,
              global const float* sums, global const float* signs, global const double* residualSums,
              global double* model, global float* y, global double* offsets) {
    double codes[SPAN], odd[SPAN];
    const uint count = end - first;
    for (uint i = 0; i < count; ++i)
        codes[i] = odd[i] = 0;
    double residuals = 0;
    for (uint c = 0; c < chunks; ++c) {
        global const float* from = sums + (ulong)c * features + first;
        for (uint i = 0; i < count; ++i)
            codes[i] += from[i];
#if SIGNS
        global const float* more = signs + (ulong)c * features + first;
        for (uint i = 0; i < count; ++i)
            odd[i] += more[i];
#endif
        residuals += residualSums[c];
    }
    double offset = 0;
    for (uint i = 0; i < count; ++i) {
        const uint f = first + i;
        double x = model[f];
        if (chunks > 0) {
            double gradient = slope[f] * codes[i] + base[f] * residuals;
#if MEAN
            gradient -= slope[f] * slope[f] * odd[i] * x;
#elif SYMMETRIZED
            gradient -= slope[f] * odd[i];
#endif
#if CORRECTED
            gradient -= rows * correction[f] * x;
#endif
            x -= scale * gradient;
            if (proximal == SHRINK)
                x = copysign(fmax(fabs(x) - limits.x, (double)0), x) * limits.y;
            else if (proximal == BOX)
                x = fmin(fmax(x, limits.x), limits.y);
            model[f] = x;
        }
        offset += base[f] * x;
        for (uint part = 0; part < PARTS; ++part)
            y[part * features + f] = (float)(slope[f] * x) * fieldScale(part, f, features);
    }
    offsets[first / SPAN] = offset;
    if (first == 0 && chunks > 0)
        model[features] -= model[features + 1] * scale * residuals; // 1 where there is an intercept
}

double offsetOf(global const double* offsets, uint features) {
    double sum = 0;
    for (uint i = 0; i < (features + SPAN - 1) / SPAN; ++i)
        sum += offsets[i];
    return sum;
}

kernel void takeStep(uint features, uint chunks, uint rows, double scale, int proximal, double2 limits,
                 global const double* slope, global const double* base, global const double* correction,
                 global const float* sums, global const float* signs, global const double* residualSums,
                 global double* model, global float* y, global double* offsets) {
    const uint first = SPAN * get_global_id(0);
    if (first < features)
        stepSpan(first, min(features, first + SPAN), features, chunks, rows, scale, proximal, limits, slope, base,
                 correction, sums, signs, residualSums, model, y, offsets);
}
