#!/usr/bin/env python3
"""Seconds that ZipML Lab and other programs take to within 1% and 0.01% of the optimum of the same objective on the
same data, one core each: `./dev bench --peers`. Prints a Markdown table, misses included.

The objective is mean loss + 1e-4/2 |w|^2, of 1/2 (a.w + c - b)^2 or log(1 + exp(-b (a.w + c))), the intercept c
not regularized; its optimum is found here in double by Newton's method. Everybody reads the same float32 columns of
mean 0 and variance 1. Loading, scaling, the rounding of samples and the building of each program's own structures are
in nobody's seconds; Vowpal Wabbit reads its cache while it learns, since that is how it works.

A program is tried with a growing budget (epochs, iterations, tolerance) from scratch until it is within the bound or
its time is up. The budgets found are then run again, all programs in turn, for as many rounds as were asked for; the
median is shown. Objectives are computed here, in double, from the weights that a program returns.
"""
import argparse
import gzip
import io
import json
import lzma
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy reads it

import numpy as np  # noqa: E402
import scipy.sparse  # noqa: E402

warnings.filterwarnings("ignore")
LAMBDA = 1e-4
BOUNDS = {"1%": 1e-2, "0.01%": 1e-4}


class Problem:
    """Rows that are scaled, labels of variance 1 or -1 and +1, and the optimum."""

    def __init__(self, name, rows, labels, classes):
        rows = np.asarray(rows, np.float64)
        deviation = rows.std(axis=0)
        rows = (rows - rows.mean(axis=0))[:, deviation > 0] / deviation[deviation > 0]
        labels = np.asarray(labels, np.float64)
        if classes:
            labels = np.where(labels == labels.max(), 1.0, -1.0)
        else:
            labels = (labels - labels.mean()) / labels.std()
        order = np.random.default_rng(1).permutation(len(rows))
        self.name, self.classes = name, classes
        self.rows = np.ascontiguousarray(rows[order], np.float32)
        self.labels = labels[order].astype(np.float32)
        self.count = len(rows)
        self.optimum = self.objective(*self.solve())

    def objective(self, weights, intercept):
        weights = np.asarray(weights, np.float64)
        scores = self.rows.astype(np.float64) @ weights + intercept
        labels = self.labels.astype(np.float64)
        losses = np.logaddexp(0, -labels * scores) if self.classes else (scores - labels) ** 2 / 2
        return float(losses.mean() + LAMBDA / 2 * weights @ weights)

    def solve(self):
        """Newton's method with halved steps: one step for squares."""
        rows = np.hstack([self.rows, np.ones((self.count, 1), np.float32)]).astype(np.float64)
        labels = self.labels.astype(np.float64)
        price = np.full(rows.shape[1], LAMBDA)
        price[-1] = 0
        at = np.zeros(rows.shape[1])
        value = self.objective(at[:-1], at[-1])
        for _ in range(100):
            scores = rows @ at
            share = 1 / (1 + np.exp(labels * scores)) if self.classes else None
            slopes = -labels * share if self.classes else scores - labels
            curvature = share * (1 - share) if self.classes else np.ones(self.count)
            gradient = rows.T @ slopes / self.count + price * at
            hessian = (rows.T * curvature) @ rows / self.count + np.diag(price + 1e-14)
            step = np.linalg.solve(hessian, gradient)
            size = 1.0
            while size > 1e-8 and self.objective(*np.split(at - size * step, [-1])) > value:
                size /= 2
            new = self.objective(*np.split(at - size * step, [-1]))
            if not value - new > 1e-13 * value:
                break
            at, value = at - size * step, new
        return at[:-1], at[-1]


def opened(path):
    openers = {".gz": gzip.open, ".xz": lzma.open}
    with openers.get(path.suffix, open)(path, "rb") as file:
        return file.read()


def libsvm(path, classes):
    from sklearn.datasets import load_svmlight_file

    rows, labels = load_svmlight_file(io.BytesIO(opened(path)))
    return Problem(path.name.split(".")[0], rows.toarray(), labels, classes)


def blog_feedback(folder):
    table = np.loadtxt(io.BytesIO(opened(folder / "blogfeedback.csv.xz")), delimiter=",")
    return Problem("BlogFeedback", table[:, :-1], table[:, -1], False)


def mnist(folder):
    def idx(name, offset):
        return np.frombuffer(opened(folder / "mnist" / name), np.uint8, offset=offset)

    labels = idx("train-labels-idx1-ubyte.gz", 8)
    images = idx("train-images-idx3-ubyte.gz", 16).reshape(len(labels), -1)
    chosen = (labels == 4) | (labels == 9)
    return Problem("MNIST 4 against 9", images[chosen], labels[chosen], True)


def generated(classes):
    random = np.random.default_rng(7)
    count, features = (200_000, 100) if classes else (463_715, 90)
    mixing = random.normal(size=(features, features)) / features**0.5
    rows = random.normal(size=(count, features)).astype(np.float32) @ mixing.astype(np.float32)
    scores = rows @ random.normal(size=features).astype(np.float32)
    scores += random.normal(size=count).astype(np.float32) * scores.std()
    name = f"generated {'classes' if classes else 'regression'}, {features} x {count:,}"
    return Problem(name, rows, scores > 0 if classes else scores, classes)


SETS = {
    "cadata": lambda folder: libsvm(folder / "cadata", False),
    "cpusmall": lambda folder: libsvm(folder / "cpusmall", False),
    "blogfeedback": blog_feedback,
    "cod-rna": lambda folder: libsvm(folder / "cod-rna.xz", True),
    "a9a": lambda folder: libsvm(folder / "a9a", True),
    "mnist": mnist,
    "regression": lambda folder: generated(False),
    "classes": lambda folder: generated(True),
}


class Outcome:
    """What a run with one budget took and reached: the least objective at some of its seconds, in order."""

    def __init__(self, points):
        self.points = points

    def within(self, limit):
        return next((seconds for seconds, value in self.points if value <= limit), None)

    @property
    def least(self):
        return min(value for _, value in self.points)


class ZipML:
    """Reads NPY; the record has the objective and the seconds of every epoch."""

    budgets = [8, 64, 512]

    def __init__(self, name, settings):
        self.name, self.settings = name, settings

    def prepare(self, problem, folder):
        self.file = folder / "rows.npy"
        if not self.file.exists():
            np.save(self.file, np.hstack([problem.rows, problem.labels[:, None]]))
        task = ["--task", "classification", "--loss", "logistic"] if problem.classes else ["--task", "regression"]
        self.command = [os.environ["ZIPML"], "train", str(self.file), "--label-column", "last", "--scaling", "none",
                        "--regularizer", f"l2:{LAMBDA}", "--threads", "1", "--bias-draws", "0", "--no-history",
                        "--json", *task, *self.settings]
        self.factor = 1 if problem.classes else 2  # squares are reported without the half

    def run(self, problem, epochs):
        done = subprocess.run([*self.command, "--epochs", str(epochs)], capture_output=True, text=True, check=False)
        if not done.stdout:
            raise RuntimeError(done.stderr.strip())
        record = json.loads(done.stdout)
        seconds, points = 0.0, []
        for epoch in record["epochs"]:
            seconds += epoch["seconds"]
            points.append((seconds, epoch["objective"] / self.factor))
        model = record["model"]
        own = problem.objective(model["weights"], model["intercept"])
        if abs(own - points[-1][1]) > 1e-5 * own:
            raise RuntimeError(f"says {points[-1][1]:.9g} of an objective that is {own:.9g}")
        return Outcome(points)


class InProcess:
    """A function that learns with a budget, and how its weights are had."""

    def __init__(self, name, budgets, make, only=None):
        self.name, self.budgets, self.make, self.only = name, budgets, make, only

    def prepare(self, problem, folder):
        self.learn = self.make(problem, folder)

    def run(self, problem, budget):
        learn, weights = self.learn(budget)
        begin = time.perf_counter()
        fitted = learn()
        seconds = time.perf_counter() - begin
        return Outcome([(seconds, problem.objective(*weights(fitted)))])


def of_estimator(model):
    return np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])


def scikit_sgd(problem, _):
    from sklearn.linear_model import SGDClassifier, SGDRegressor

    def with_budget(epochs):
        common = dict(alpha=LAMBDA, max_iter=epochs, tol=None, random_state=1)
        model = SGDClassifier(loss="log_loss", **common) if problem.classes else SGDRegressor(**common)
        return lambda: model.fit(problem.rows, problem.labels), of_estimator

    return with_budget


def scikit(solver):
    def make(problem, _):
        from sklearn.linear_model import LogisticRegression, Ridge

        def with_budget(iterations):
            if problem.classes:
                model = LogisticRegression(C=1 / (LAMBDA * problem.count), solver=solver, max_iter=iterations,
                                           tol=1e-12, random_state=1)
            else:
                model = Ridge(alpha=LAMBDA * problem.count, solver=solver, max_iter=iterations, tol=1e-12,
                              random_state=1)
            return lambda: model.fit(problem.rows, problem.labels), of_estimator

        return with_budget

    return make


def squares_by_lbfgs(problem, _):
    """Ridge has no plain L-BFGS; scipy's is the one that LogisticRegression calls."""
    from scipy.optimize import minimize

    def value(at):
        error = problem.rows @ at[:-1].astype(np.float32) + np.float32(at[-1]) - problem.labels
        gradient = np.append(problem.rows.T @ error, error.sum()) / problem.count
        gradient[:-1] += LAMBDA * at[:-1]
        return float(error @ error) / problem.count / 2 + LAMBDA / 2 * at[:-1] @ at[:-1], gradient.astype(float)

    def with_budget(iterations):
        start = np.zeros(problem.rows.shape[1] + 1)
        options = {"maxiter": iterations, "gtol": 1e-12, "ftol": 0}
        return (lambda: minimize(value, start, jac=True, method="L-BFGS-B", options=options).x,
                lambda at: (at[:-1], at[-1]))

    return with_budget


def lbfgs(problem, folder):
    return scikit("lbfgs")(problem, folder) if problem.classes else squares_by_lbfgs(problem, folder)


def liblinear(dual):
    def make(problem, _):
        from liblinear.liblinear import parameter, problem as Data
        from liblinear.liblinearutil import train

        data = Data(problem.labels.astype(float), scipy.sparse.csr_matrix(problem.rows.astype(float)), bias=1)
        cost = 1 / (LAMBDA * problem.count) / (1 if problem.classes else 2)
        solver = (7 if dual else 0) if problem.classes else (12 if dual else 11)
        free = "" if dual else "-R"  # dual solvers regularize the intercept, too

        def with_budget(tolerance):
            options = parameter(f"-s {solver} -c {cost} -e {tolerance} -B 1 {free} -p 0 -q")

            def weights(model):
                # LIBLINEAR's first class is the one that the weights are for.
                sign = -1 if problem.classes and model.get_labels()[0] < 0 else 1
                all_weights = sign * np.array(model.w[: problem.rows.shape[1] + 1])
                return all_weights[:-1], all_weights[-1]

            return lambda: train(data, options), weights

        return with_budget

    return make


def vowpal(options):
    def make(problem, folder):
        from vowpalwabbit import Workspace

        text, cache = folder / "rows.vw", folder / "rows.cache"
        if not text.exists():
            with open(text, "w", encoding="ascii") as file:
                for row, label in zip(problem.rows, problem.labels):
                    file.write(f"{label:.9g} | " + " ".join(f"{i}:{x:.7g}" for i, x in enumerate(row)) + "\n")
        # Its squares are without the half, so that the price counts twice.
        objective = f"logistic --l2 {LAMBDA}" if problem.classes else f"squared --l2 {2 * LAMBDA}"

        def session(passes, rate):  # learns as it is made
            return Workspace(f"-d {text} --cache_file {cache} --passes {passes} -l {rate} --holdout_off --quiet -b 18 "
                             f"--loss_function {objective} {options}")

        if not cache.exists():
            session(2, 0.5).finish()

        def with_budget(budget):
            def weights(learner):
                intercept = learner.get_weight(11650396)  # VW's constant
                found = [learner.get_weight(i) for i in range(problem.rows.shape[1])]
                learner.finish()
                return found, intercept

            return lambda: session(*budget), weights

        return with_budget

    return make


class Torch:
    """PyTorch of Debian's package, in that Python: torch_peer.py beside this file."""

    def __init__(self, name, method, budgets):
        self.name, self.method, self.budgets = name, method, budgets

    def prepare(self, problem, folder):
        self.file = folder / "rows.npy"
        if not self.file.exists():
            np.save(self.file, np.hstack([problem.rows, problem.labels[:, None]]))

    def run(self, problem, budget):
        program = pathlib.Path(__file__).with_name("torch_peer.py")
        done = subprocess.run(["/usr/bin/python3", program, self.file, self.method, str(budget), str(LAMBDA),
                               str(int(problem.classes))], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        result = json.loads(done.stdout)
        return Outcome([(result["seconds"], problem.objective(result["weights"], result["intercept"]))])


POWERS = [2**k for k in range(12)]
TOLERANCES = [10.0**-k for k in range(1, 10)]
PROGRAMS = [
    ZipML("ZipML, float32", ["--estimator", "full"]),
    ZipML("ZipML, 4 bits", ["--bits", "4"]),
    ZipML("ZipML, 4 bits, svrg", ["--bits", "4", "--solver", "svrg"]),
    InProcess("scikit-learn SGD", POWERS, scikit_sgd),
    InProcess("scikit-learn saga", POWERS, scikit("saga")),
    InProcess("scikit-learn lbfgs", POWERS, lbfgs),
    InProcess("scikit-learn Ridge, Cholesky", [1], scikit("cholesky"), only="regression"),
    InProcess("LIBLINEAR, primal", TOLERANCES, liblinear(False)),
    InProcess("LIBLINEAR, dual", TOLERANCES, liblinear(True)),
    # Its own learning rate, and smaller ones where that diverges.
    InProcess("Vowpal Wabbit", [(passes, rate) for passes in POWERS for rate in (0.5, 0.05, 0.005)], vowpal("")),
    InProcess("Vowpal Wabbit, bfgs", [(passes, 0.5) for passes in POWERS[1:]], vowpal("--bfgs")),
    Torch("PyTorch SGD", "sgd", POWERS),
    Torch("PyTorch L-BFGS", "lbfgs", POWERS),
]


def show(text):
    print(text, file=sys.stderr, flush=True)


class Entry:
    """One program on one set."""

    def __init__(self, program, problem, folder, limit):
        self.program, self.problem = program, problem
        self.budget, self.seconds, self.note, self.least = {}, {bound: [] for bound in BOUNDS}, "", float("inf")
        try:
            program.prepare(problem, folder)
            self.search(limit)
        except Exception as error:  # whatever another program does is its row's note
            self.budget, self.note = {}, str(error) or type(error).__name__
            show(f"  {program.name}: {self.note}")

    def search(self, limit):
        begin = time.perf_counter()
        spent = 0.0  # of learning; processes that start cost more, and are cut off later
        for budget in self.program.budgets:
            outcome = self.program.run(self.problem, budget)
            spent += outcome.points[-1][0]
            self.least = min(self.least, outcome.least)
            for bound, share in BOUNDS.items():
                if bound not in self.budget and outcome.within((1 + share) * self.problem.optimum) is not None:
                    self.budget[bound] = budget
            if len(self.budget) == len(BOUNDS) or spent > limit or time.perf_counter() - begin > 10 * limit:
                break

    def repeat(self):
        outcomes = {budget: self.program.run(self.problem, budget) for budget in set(self.budget.values())}
        for bound, budget in self.budget.items():
            seconds = outcomes[budget].within((1 + BOUNDS[bound]) * self.problem.optimum)
            if seconds is not None:  # draws of another run may end elsewhere
                self.seconds[bound].append(seconds)

    def cell(self, bound, best):
        if self.note:
            return "does not run"
        if not self.seconds[bound]:
            return f"miss (+{100 * (self.least / self.problem.optimum - 1):.2g}%)"
        seconds = statistics.median(self.seconds[bound])
        text = f"{seconds:.3g}"
        return f"**{text}**" if seconds == best else text

    def median(self, bound):
        return statistics.median(self.seconds[bound]) if self.seconds[bound] else float("inf")


def table(bound, entries):
    sets = list(dict.fromkeys(entry.problem.name for entry in entries))
    lines = ["| program | " + " | ".join(sets) + " |", "| --- |" + " --- |" * len(sets)]
    for program in dict.fromkeys(entry.program.name for entry in entries):
        cells = []
        for name in sets:
            column = [entry for entry in entries if entry.problem.name == name]
            best = min(entry.median(bound) for entry in column)
            mine = [entry for entry in column if entry.program.name == program]
            cells.append(mine[0].cell(bound, best) if mine else "")
        lines.append(f"| {program} | " + " | ".join(cells) + " |")
    return lines


def versions():
    import sklearn
    import vowpalwabbit
    from importlib.metadata import version

    zipml = subprocess.run([os.environ["ZIPML"], "--version"], capture_output=True, text=True, check=False)
    return (f"{zipml.stdout.strip()}; scikit-learn {sklearn.__version__}, LIBLINEAR {version('liblinear-official')}, "
            f"Vowpal Wabbit {vowpalwabbit.__version__}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--sets", default=",".join(SETS), help="some of " + ", ".join(SETS))
    parser.add_argument("--programs", default="", help="only those whose name has one of these texts in it")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each budget that was found [%(default)s]")
    parser.add_argument("--limit", type=float, default=2,
                        help="seconds of learning in which a program looks for its budget on a set [%(default)s]")
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("ZIPML_DATA_DIR"))
    parser.add_argument("--out", type=pathlib.Path, help="also write the tables there")
    options = parser.parse_args()
    unknown = [name for name in options.sets.split(",") if name not in SETS]
    if unknown:
        parser.error(f"--sets: there is no {unknown[0]}; use some of " + ", ".join(SETS))
    if options.data is None:
        parser.error("where are the data? Give --data or set ZIPML_DATA_DIR")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    wanted = [text.lower() for text in options.programs.split(",")]
    entries = []
    for name in options.sets.split(","):
        problem = SETS[name](options.data)
        show(f"{problem.name}: {problem.count:,} x {problem.rows.shape[1]}, optimum {problem.optimum:.9g}")
        with tempfile.TemporaryDirectory() as folder:
            mine = []
            for program in PROGRAMS:
                if not any(text in program.name.lower() for text in wanted):
                    continue
                if getattr(program, "only", None) == "regression" and problem.classes:
                    continue
                mine.append(Entry(program, problem, pathlib.Path(folder), options.limit))
                show(f"  {program.name}: {mine[-1].budget}")
            for _ in range(options.rounds):
                for entry in mine:
                    entry.repeat()
        for entry in mine:
            entry.program.learn = None  # lets go of the data
            entry.problem.rows = entry.problem.rows[:0]
        entries += mine
    lines = [f"Median seconds of {options.rounds} runs, one core, all programs in turn; {versions()}.", ""]
    for bound in BOUNDS:
        lines += [f"To within {bound} of the optimum (a miss says how close the program came in {options.limit:g} s "
                  "or with its largest budget):", "", *table(bound, entries), ""]
    notes = [f"- {entry.program.name} on {entry.problem.name}: {entry.note}" for entry in entries if entry.note]
    text = "\n".join(lines + notes)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
