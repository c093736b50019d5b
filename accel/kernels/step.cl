// The model on the device: a step from a batch's sums, and the form in which kernels read it.
//
// A value is base + slope * code (float32 rows: 0 + 1 * value), so a batch's gradient is
// slope o (sum of code * residual) + base o (sum of residuals). The model is in double.
//
// A step has three stages; between them stand the norms that rounding and the ball need of whole vectors:
// gather (chunks' sums -> gradient), move (gradient -> model), send (model -> y). Each works on spans of features.
//
// Options: COUNT: the type of a count of odd codes; SPAN: features of a span; GROUP.

#define SHRINK 1
#define BOX 2
#define BALL 3
#define EXACT 32 // bits of a vector that is not rounded
#define FIRST_SEND 0xFFFFFFFFu // no step was taken before

// What an epoch needs; the host's is accel/device_plan.h.
typedef struct {
    double step, threshold, shrink, low, high, radius, positive, negative;
    ulong seed, storeSeed, averageSkip, averageCount;
    uint epoch, batch, rows, features, mostChunks, unitRows, blockRows, proximal;
    uint modelBits, modelMost, gradientBits, gradientMost, corrected, counted, averaged, intercept, parts, loss;
} Plan;

// order: the batches in the order of visits. model: weights, then the intercept; average likewise. sent: the model
// as rounded, or `model` itself. scales: what a part's field counts, for each feature of each part. norms: of each span, of the gradient and, behind those, of the model.
#define MEMORY                                                                                                         \
    global const uchar *data, global const float *labels, global const Plan *plan, global const uint *order,           \
        global const double *slope, global const double *base, global const float *scales,                             \
        global const double *correction,                                                                               \
        global const COUNT *counts, global double *model, global double *sent, global double *average,                 \
        global double *gradient, global double *norms, global float *y, global double *offsets, global float *sums,    \
        global double *residualSums, global uchar *scratch

typedef struct {
    uint index; // in the order of visits
    uint number, first, rows, chunks;
} Batch;

Batch batchAt(global const Plan* plan, global const uint* order, uint index) {
    Batch batch;
    batch.index = index;
    batch.number = order[index];
    batch.first = batch.number * plan->batch;
    batch.rows = min(plan->batch, plan->rows - batch.first);
    batch.chunks = min(plan->mostChunks, (batch.rows + plan->unitRows - 1) / plan->unitRows);
    return batch;
}

uint spansOf(uint features) {
    return (features + SPAN - 1) / SPAN;
}

// A span's share of a vector's norm, then the norm: Euclidean or the largest absolute value.
double partOfNorm(double value, double before, uint most) {
    return most ? fmax(before, fabs(value)) : before + value * value;
}

double normOf(global const double* norms, uint features, uint most) {
    double all = 0;
    for (uint i = 0; i < spansOf(features); ++i)
        all = most ? fmax(all, norms[i]) : all + norms[i];
    return most ? all : sqrt(all);
}

// core/quant/vector_quantizer.cpp, operation by operation.
double rounded(double value, double largest, uint bits, uint word) {
#pragma OPENCL FP_CONTRACT OFF
    const double u = word * 0x1p-32;
    if (bits == 1)
        return u < (value / largest + 1) / 2 ? largest : -largest;
    const double steps = (double)((1u << (bits - 1)) - 1u);
    const double place = fabs(value) / largest * steps;
    const double lower = floor(place);
    const double level = lower + (u < place - lower ? 1.0 : 0.0);
    return copysign(level * largest / steps, value);
}

uint wordAt(ulong seed, uint row, uint feature, uint epoch, uint use) {
    const uint4 words = philox(keyOf(seed), (uint4)(row, feature / 4, epoch, use));
    const uint each[] = {words.x, words.y, words.z, words.w};
    return each[feature % 4];
}

bool roundable(double largest) {
    return largest > 0 && isfinite(largest);
}

// The gradient's sum over the batch, without the step's scale.
void gather(uint span, const Batch batch, MEMORY, local double* room) {
    const uint features = plan->features, first = span * SPAN, end = min(features, first + SPAN);
    double residuals = 0;
    for (uint c = ITEM; c < batch.chunks; c += GROUP)
        residuals += residualSums[c];
    residuals = groupSum(residuals, room);
    double codes[(SPAN + GROUP - 1) / GROUP];
    uint k = 0;
    for (uint f = first + ITEM; f < end; f += GROUP)
        codes[k++] = 0;
    for (uint c = 0; c < batch.chunks; ++c) {
        global const float* from = sums + (ulong)c * features;
        k = 0;
        for (uint f = first + ITEM; f < end; f += GROUP)
            codes[k++] += from[f];
    }
    double norm = 0;
    k = 0;
    for (uint f = first + ITEM; f < end; f += GROUP) {
        double g = slope[f] * codes[k++] + base[f] * residuals;
        if (plan->counted)
            g -= slope[f] * slope[f] * counts[(ulong)batch.number * features + f] * sent[f];
        if (plan->corrected)
            g -= batch.rows * correction[f] * sent[f];
        gradient[f] = g;
        norm = partOfNorm(g, norm, plan->gradientMost);
    }
    norm = groupJoin(norm, plan->gradientMost, room);
    if (ITEM == 0)
        norms[span] = norm;
    if (span + ITEM == 0 && plan->intercept)
        model[features] -= plan->step / batch.rows * residuals;
}

// @param largest of the gradient, if it is rounded
void move(uint span, const Batch batch, double largest, MEMORY, local double* room) {
    const uint features = plan->features, first = span * SPAN, end = min(features, first + SPAN);
    const double scale = plan->step / batch.rows;
    const bool rounds = plan->gradientBits != EXACT && roundable(largest);
    // Of the model as it stands when all of it has moved: the ball's norm is Euclidean.
    const uint most = plan->proximal == BALL ? 0 : plan->modelMost;
    double norm = 0;
    for (uint f = first + ITEM; f < end; f += GROUP) {
        double g = gradient[f];
        if (rounds)
            g = rounded(g, largest, plan->gradientBits,
                        wordAt(plan->seed, batch.index, f, plan->epoch, GRADIENT_ROUNDING));
        double x = model[f] - scale * g;
        if (plan->proximal == SHRINK)
            x = copysign(fmax(fabs(x) - plan->threshold, (double)0), x) * plan->shrink;
        else if (plan->proximal == BOX)
            x = fmin(fmax(x, plan->low), plan->high);
        model[f] = x;
        norm = partOfNorm(x, norm, most);
    }
    norm = groupJoin(norm, most, room);
    if (ITEM == 0)
        norms[spansOf(features) + span] = norm;
}

// Into the ball. @param norm of all of the model
void clip(uint span, double norm, MEMORY, local double* room) {
    const uint features = plan->features, first = span * SPAN, end = min(features, first + SPAN);
    const double factor = norm > plan->radius ? plan->radius / norm : 1;
    double after = 0;
    for (uint f = first + ITEM; f < end; f += GROUP) {
        model[f] *= factor;
        after = partOfNorm(model[f], after, plan->modelMost);
    }
    after = groupJoin(after, plan->modelMost, room);
    BARRIER;
    if (ITEM == 0)
        norms[spansOf(features) + span] = after;
}

// Of the model as it is, before an epoch's first batch.
void measureModel(uint span, MEMORY, local double* room) {
    const uint features = plan->features, first = span * SPAN, end = min(features, first + SPAN);
    double norm = 0;
    for (uint f = first + ITEM; f < end; f += GROUP)
        norm = partOfNorm(model[f], norm, plan->modelMost);
    norm = groupJoin(norm, plan->modelMost, room);
    if (ITEM == 0)
        norms[spansOf(features) + span] = norm;
}

// The model for the batch of index `next`: y and the span's part of base . x. Averages the step's iterate.
// @param largest of the model, if it is rounded. @param stepped index of the batch before, or FIRST_SEND
void send(uint span, uint next, uint stepped, double largest, MEMORY, local double* room) {
    const uint features = plan->features, first = span * SPAN, end = min(features, first + SPAN);
    const bool rounds = plan->modelBits != EXACT;
    const bool averages = plan->averaged && stepped != FIRST_SEND && stepped >= plan->averageSkip;
    const double share = averages ? 1.0 / (double)(plan->averageCount + (stepped - plan->averageSkip) + 1) : 0;
    double offset = 0;
    for (uint f = first + ITEM; f < end; f += GROUP) {
        double x = model[f];
        if (averages)
            average[f] += share * (x - average[f]);
        if (rounds) {
            if (roundable(largest))
                x = rounded(x, largest, plan->modelBits, wordAt(plan->seed, next, f, plan->epoch, MODEL_ROUNDING));
            sent[f] = x;
        }
        offset += base[f] * x;
        for (uint part = 0; part < plan->parts; ++part)
            y[part * features + f] = (float)(slope[f] * x) * scales[part * features + f];
    }
    if (averages && span + ITEM == 0)
        average[features] += share * (model[features] - average[features]);
    offset = groupSum(offset, room);
    if (ITEM == 0)
        offsets[span] = offset;
}

// Of a row's score without the offset.
float slopeOf(global const Plan* plan, float score, double offset, float label) {
    if (plan->loss == LEAST_SQUARES)
        return (float)(score + (offset - label));
    return marginSlope(plan->loss, (float)(label > 0 ? plan->positive : plan->negative), (float)(score + offset), label);
}

// base . x + intercept.
double offsetOf(MEMORY, local double* room) {
    double sum = 0;
    for (uint i = ITEM; i < spansOf(plan->features); i += GROUP)
        sum += offsets[i];
    return groupSum(sum, room) + model[plan->features];
}

#define ARGUMENTS                                                                                                      \
    data, labels, plan, order, slope, base, scales, correction, counts, model, sent, average, gradient, norms, y,      \
        offsets, sums, residualSums, scratch

double gradientNorm(MEMORY) {
    return plan->gradientBits == EXACT ? 0 : normOf(norms, plan->features, plan->gradientMost);
}

double modelNorm(MEMORY) {
    return plan->modelBits == EXACT ? 0
                                    : normOf(norms + spansOf(plan->features), plan->features, plan->modelMost);
}
