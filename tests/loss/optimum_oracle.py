"""The least objective of each problem in a folder, by scipy and cvxpy: what optimum_oracle_test.cpp holds the
lab's optimum against. Reads problems.json, values.bin (float32 rows, then labels, problem after problem); writes
objectives.txt, a number a problem: mean minimised loss + regularizer at the best parameters found.
"""
import json
import sys
import warnings

import cvxpy
import numpy
import scipy.optimize

warnings.filterwarnings("ignore")


def losses(problem, scores, labels):
    if problem["loss"] in ("least-squares", "ls-svm"):
        return (scores - labels) ** 2 / 2
    weights = numpy.where(labels > 0, *problem["class_weights"])
    margins = labels * scores
    if problem["loss"] == "logistic":
        return weights * numpy.logaddexp(0, -margins)
    missing = numpy.maximum(0, 1 - margins)
    return weights * (missing if problem["loss"] == "hinge" else missing**2 / 2)


def objective(problem, rows, labels, intercept, weights):
    """Of parameters as they are, in extended precision; infinite outside of a constraint."""
    kind, numbers = problem["regularizer"], problem["numbers"]
    extended = numpy.longdouble
    scores = rows.astype(extended) @ weights.astype(extended) + extended(intercept)
    value = losses(problem, scores, labels).mean()
    if kind in ("l1", "elastic"):
        value += numbers[0] * abs(weights).sum()
    if kind in ("l2", "elastic"):
        value += numbers[-1] / 2 * (weights.astype(extended) ** 2).sum()
    if kind == "ball" and numpy.linalg.norm(weights) > numbers[0] * (1 + 1e-12):
        return numpy.inf
    if kind == "box" and ((weights < numbers[0]).any() or (weights > numbers[1]).any()):
        return numpy.inf
    return float(value)


def least_squares(problem, rows, labels):
    """None and l2: singular values of the centred and scaled rows, the l2 term as rows of its own."""
    shift, target = rows.mean(0), labels.mean()
    if not problem["intercept"]:
        shift, target = 0 * shift, 0
    a, b = rows - shift, labels - target
    if problem["regularizer"] == "l2":
        a = numpy.vstack([a, numpy.sqrt(problem["numbers"][0] * len(b)) * numpy.eye(a.shape[1])])
        b = numpy.concatenate([b, numpy.zeros(a.shape[1])])
    lengths = numpy.linalg.norm(a, axis=0)
    lengths[lengths == 0] = 1
    weights = numpy.linalg.lstsq(a / lengths, b, rcond=1e-14)[0] / lengths
    return target - shift @ weights * problem["intercept"], weights


def convex(problem, rows, labels):
    """All others: interior points on centred and scaled rows."""
    shift = rows.mean(0) if problem["intercept"] else numpy.zeros(rows.shape[1])
    spread = numpy.sqrt(((rows - shift) ** 2).mean(0))
    spread[spread == 0] = 1
    a = (rows - shift) / spread
    unit = max(1.0, numpy.std(labels))
    x, c = cvxpy.Variable(a.shape[1]), cvxpy.Variable()
    scores = a @ x + (c if problem["intercept"] else 0)
    if problem["loss"] in ("least-squares", "ls-svm"):
        cost = cvxpy.sum_squares(scores - labels / unit) / 2
    else:
        weights = numpy.where(labels > 0, *problem["class_weights"])
        margins = cvxpy.multiply(labels, scores)
        unit = 1
        if problem["loss"] == "logistic":
            cost = weights @ cvxpy.logistic(-margins)
        elif problem["loss"] == "hinge":
            cost = weights @ cvxpy.pos(1 - margins)
        else:
            cost = weights @ cvxpy.square(cvxpy.pos(1 - margins)) / 2
    cost = cost / len(labels)
    kind, numbers = problem["regularizer"], problem["numbers"]
    constraints = []
    if kind in ("l1", "elastic"):
        cost += numbers[0] / unit * cvxpy.norm1(cvxpy.multiply(1 / spread, x))
    if kind in ("l2", "elastic"):
        cost += numbers[-1] / 2 * cvxpy.sum_squares(cvxpy.multiply(1 / spread, x))
    if kind == "ball":
        constraints = [cvxpy.norm2(cvxpy.multiply(1 / spread, x)) <= numbers[0] / unit]
    if kind == "box":
        constraints = [x >= numbers[0] / unit * spread, x <= numbers[1] / unit * spread]
    best = (numpy.inf, 0.0, numpy.zeros(a.shape[1]))
    tight = {"tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": 1e-11}
    for options in (tight, {}):
        try:
            cvxpy.Problem(cvxpy.Minimize(cost), constraints).solve(solver=cvxpy.CLARABEL, **options)
        except cvxpy.SolverError:
            continue
        if x.value is None:
            continue
        weights = unit * x.value / spread
        if kind == "ball":
            weights *= min(1, numbers[0] / max(numpy.linalg.norm(weights), 1e-300))
        if kind == "box":
            weights = weights.clip(*numbers)
        intercept = unit * float(c.value) - shift @ weights if problem["intercept"] else 0.0
        best = min(best, (objective(problem, rows, labels, intercept, weights), intercept, weights), key=lambda b: b[0])
        if numpy.isfinite(best[0]):
            break
    return best[1:]


def polished(problem, rows, labels, intercept, weights):
    """Smooth objectives: a few steps of a quasi-Newton method in coordinates in which the rows are orthonormal."""
    if problem["regularizer"] not in ("none", "l2") or problem["loss"] not in ("logistic", "squared-hinge"):
        return intercept, weights
    augmented = numpy.hstack([numpy.full((len(labels), 1), float(problem["intercept"])), rows])
    augmented[:, 1:] -= rows.mean(0) * problem["intercept"]
    u, s, vt = numpy.linalg.svd(augmented / numpy.maximum(numpy.linalg.norm(augmented, axis=0), 1e-300), full_matrices=False)
    lengths = numpy.maximum(numpy.linalg.norm(augmented, axis=0), 1e-300)
    kept = s > 1e-14 * s[0]
    back = (vt[kept].T / s[kept]) / lengths[:, None] * numpy.sqrt(len(labels))
    basis = u[:, kept] * numpy.sqrt(len(labels))
    cs = numpy.where(labels > 0, *problem["class_weights"])
    l2 = problem["numbers"][0] if problem["regularizer"] == "l2" else 0

    def value(v):
        scores, w = basis @ v, back[1:] @ v
        missing = numpy.maximum(0, 1 - labels * scores)
        if problem["loss"] == "logistic":
            slopes = -cs * labels * scipy.special.expit(-labels * scores)
        else:
            slopes = -cs * labels * missing
        return losses(problem, scores, labels).mean() + l2 / 2 * w @ w, basis.T @ slopes / len(labels) + l2 * back[1:].T @ w

    start = basis.T @ (augmented @ numpy.concatenate([[intercept + rows.mean(0) @ weights * problem["intercept"]], weights])) / len(labels)
    found = scipy.optimize.minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-13, "maxiter": 500}).x
    w = back[1:] @ found
    return (back[0] @ found - rows.mean(0) @ w) * problem["intercept"], w


def separable(problem, rows, labels):
    """Whether some parameters, at no price, give every row a margin of 1: logistic loss then has no minimum above 0."""
    if problem["loss"] != "logistic" or problem["regularizer"] in ("ball", "box") or any(problem["numbers"]):
        return False
    shift = rows.mean(0) * problem["intercept"]
    spread = numpy.sqrt(((rows - shift) ** 2).mean(0))
    a = numpy.hstack([(rows - shift) / numpy.where(spread > 0, spread, 1), numpy.full((len(rows), 1), problem["intercept"])])
    free = [(None, None)] * a.shape[1]
    found = scipy.optimize.linprog(numpy.zeros(a.shape[1]), -labels[:, None] * a, -numpy.ones(len(rows)), bounds=free)
    return found.status == 0


def main(folder):
    with open(f"{folder}/problems.json") as file:
        problems = json.load(file)
    values = numpy.fromfile(f"{folder}/values.bin", dtype=numpy.float32).astype(numpy.float64)
    best = []
    for problem in problems:
        rows, features = problem["rows"], problem["features"]
        a, values = values[: rows * features].reshape(rows, features), values[rows * features :]
        labels, values = values[:rows], values[rows:]
        if separable(problem, a, labels):
            best.append(0.0)
            continue
        quadratic = problem["loss"] in ("least-squares", "ls-svm")
        if quadratic and problem["regularizer"] in ("none", "l2"):
            found = [least_squares(problem, a, labels)]
        else:
            first = convex(problem, a, labels)
            found = [first, polished(problem, a, labels, *first)]
        best.append(min(objective(problem, a, labels, *one) for one in found))
    with open(f"{folder}/objectives.txt", "w") as file:
        file.writelines(f"{value!r}\n" for value in best)


main(sys.argv[1])
