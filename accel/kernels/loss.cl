// Losses of a score s = a.x and a label (core/loss/loss.h).

#define LEAST_SQUARES 0
#define LOGISTIC 1
#define HINGE 2
#define SQUARED_HINGE 3

// The derivative by the score, of a loss of the margin. weight: of the label's class
float marginSlope(uint loss, float weight, float score, float label) {
    const float margin = label * score;
    if (loss == LOGISTIC)
        return -weight * label / (1 + exp(margin));
    if (loss == HINGE)
        return margin < 1 ? -weight * label : 0;
    return weight * label * fmin(0.0f, margin - 1);
}

// As reported.
double lossValue(uint loss, double weight, double score, double label) {
    if (loss == LEAST_SQUARES)
        return (score - label) * (score - label);
    const double margin = label * score, missing = fmax((double)0, 1 - margin);
    if (loss == LOGISTIC)
        return weight * (log1p(exp(-fabs(margin))) + fmax((double)0, -margin));
    return loss == HINGE ? weight * missing : weight * missing * missing / 2;
}
