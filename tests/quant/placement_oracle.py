#!/usr/bin/env python3
"""Holds placements of levels against exact fractions. Shares no code with the lab.

Reads lines from standard input:
    column INDEX VALUE...            float32 values, ascending, as hexadecimal floats
    placed METHOD LEVELS VARIANCE LEVEL...    of that column; LEVELS is the most, VARIANCE the lab's mean
Checks what tests/quant/placement_oracle_test.cpp says, prints what fails and a summary as JSON; exit 1 if
anything failed.
"""
import json
import struct
import sys
from bisect import bisect_left
from fractions import Fraction

TOLERANCE = Fraction(1, 10**9)
MINIMIZING = ("optimal", "candidates", "greedy")


def is_float32(x):
    return struct.unpack("f", struct.pack("f", x))[0] == x


def ulp32(x):
    bits = struct.unpack("I", struct.pack("f", abs(x)))[0]
    return struct.unpack("f", struct.pack("I", bits + 1))[0] - abs(x)


class Column:
    """Values as integers over one power of two, with exact prefix sums."""

    def __init__(self, values):
        self.values = values
        self.distinct = sorted(set(values))
        self.unit = max(v.as_integer_ratio()[1] for v in values)  # 1 / 2^k
        self.x = [self.scaled(v) for v in self.distinct]
        counts = {}
        for v in values:
            counts[v] = counts.get(v, 0) + 1
        self.counts = [counts[v] for v in self.distinct]
        n = s = q = 0
        self.n, self.s, self.q = [0], [0], [0]
        for x, c in zip(self.x, self.counts):
            n, s, q = n + c, s + c * x, q + c * x * x
            self.n.append(n)
            self.s.append(s)
            self.q.append(q)
        self.known = {}

    def scaled(self, v):
        a, b = v.as_integer_ratio()
        assert self.unit % b == 0
        return a * (self.unit // b)

    def cost(self, i, j):
        """Rounding variance between the levels x[i] and x[j]."""
        a, b = self.x[i], self.x[j]
        return (a + b) * (self.s[j] - self.s[i + 1]) - a * b * (self.n[j] - self.n[i + 1]) - (self.q[j] - self.q[i + 1])

    def least(self, levels):
        """Least variance of at most so many levels among the values, for 2, 4, 8, ... up to `levels`, in
        units. Fewest intervals first; an interval's end moves up with its position (quadrangle inequality)."""
        if levels in self.known:
            return self.known[levels]
        m = len(self.x)
        if m <= levels:
            return 0
        layer = [None] + [self.cost(0, j) for j in range(1, m)]
        if not hasattr(self, "layers"):
            self.layers = [None, layer]
        while len(self.layers) < levels:
            before = self.layers[-1]
            k = len(self.layers)  # intervals
            now = [None] * m

            def fill(first, last, low, high):
                while first <= last:
                    j = (first + last) // 2
                    best, at = None, low
                    for i in range(low, min(high, j - 1) + 1):
                        c = before[i] + self.cost(i, j)
                        if best is None or c < best:
                            best, at = c, i
                    now[j] = best
                    fill(first, j - 1, low, at)
                    first, low = j + 1, at

            fill(k, m - 1, k - 1, m - 2)
            self.layers.append(now)
        self.known[levels] = self.layers[levels - 1][m - 1]
        return self.known[levels]

    def variance(self, levels):
        """Exact total rounding variance on any levels, in units."""
        unit = max([self.unit] + [l.as_integer_ratio()[1] for l in levels])
        f = unit // self.unit
        ls = []
        for l in levels:
            a, b = l.as_integer_ratio()
            ls.append(a * (unit // b))
        total, at = 0, 1
        for x, c in zip(self.x, self.counts):
            x *= f
            while at + 1 < len(ls) and ls[at] < x:
                at += 1
            if at < len(ls):
                total += c * (ls[at] - x) * (x - ls[at - 1])
        return Fraction(total, f * f)

    def nearest(self, levels):
        """Squared error of rounding to the nearest, and what rounding the levels to floats may add."""
        unit = max([self.unit] + [l.as_integer_ratio()[1] for l in levels])
        f = unit // self.unit
        ls = [l.as_integer_ratio()[0] * (unit // l.as_integer_ratio()[1]) for l in levels]
        total, slack = 0, Fraction(0)
        for x, c in zip(self.x, self.counts):
            x *= f
            at = bisect_left(ls, x)
            near = [i for i in (at - 1, at) if 0 <= i < len(ls)]
            i = min(near, key=lambda i: abs(ls[i] - x))
            total += c * (ls[i] - x) ** 2
            slack += c * (Fraction(ulp32(levels[i])) * self.unit) ** 2
        return Fraction(total, f * f), slack


class Report:
    def __init__(self):
        self.failed, self.checks, self.columns = 0, 0, 0
        self.worst = {"optimal": Fraction(0), "greedy": Fraction(0), "candidates": Fraction(0), "variance": Fraction(0)}

    def check(self, good, *what):
        self.checks += 1
        if not good:
            self.failed += 1
            if self.failed <= 20:
                print("WRONG", *what, file=sys.stderr)


def check_column(index, column, placed, report):
    by = {(m, k): (v, l) for m, k, v, l in placed}
    uniform = {k: column.variance(l) for (m, k), (v, l) in by.items() if m == "uniform"}
    before = {}
    for (method, k), (variance, levels) in sorted(by.items(), key=lambda e: e[0][1]):
        where = (index, method, k)
        ends = levels[0] == column.distinct[0] and levels[-1] == column.distinct[-1]
        report.check(ends, where, "ends", levels[0], levels[-1])
        report.check(all(a < b for a, b in zip(levels, levels[1:])), where, "not increasing")
        report.check(len(levels) <= k, where, "too many", len(levels))
        if len(column.distinct) == 1:
            report.check(len(levels) == 1, where, "constant")
            continue
        exact = column.variance(levels)
        least = column.least(k)
        mean = exact / (column.n[-1] * column.unit * column.unit)
        report.check(exact >= least, where, "better than the optimum")
        if method != "uniform":
            report.check(all(map(is_float32, levels)), where, "not on floats")
            off = abs(Fraction(variance) - mean)
            report.check(off <= TOLERANCE * mean + Fraction(5e-324), where, "variance", variance, float(mean))
        if method == "optimal":
            report.check(exact <= least * (1 + TOLERANCE), where, "optimum", float(exact), float(least))
            if least > 0:
                report.worst["optimal"] = max(report.worst["optimal"], exact / least - 1)
        if method == "greedy":
            report.check(exact <= 2 * least, where, "greedy", float(exact), float(least))
        if method in ("greedy", "candidates") and least > 0:
            report.worst[method] = max(report.worst[method], exact / least)
        if method in MINIMIZING:
            report.check(exact <= uniform[k] * (1 + TOLERANCE), where, "worse than uniform", float(exact), float(uniform[k]))
        if method in ("optimal", "logarithmic"):
            if method in before:
                report.check(exact <= before[method] * (1 + TOLERANCE), where, "not monotone")
            before[method] = exact
        if method == "lloyd-max" and len(column.distinct) <= 1024:
            error, slack = column.nearest(levels)
            for other in ("uniform", "quantile", "optimal", "logarithmic", "greedy"):
                rival, _ = column.nearest(by[(other, k)][1])
                report.check(error <= rival * (1 + TOLERANCE) + slack, where, "lloyd-max", other, float(error), float(rival))
            if method in before:
                report.check(error <= before[method] * (1 + TOLERANCE) + slack, where, "not monotone")
            before[method] = error
            if len(column.distinct) <= k:
                report.check(exact == 0, where, "levels suffice")
    report.columns += 1


def main():
    sys.setrecursionlimit(10000)
    report = Report()
    column, index, placed = None, None, []
    for line in sys.stdin:
        words = line.split()
        if words[0] == "column":
            if column is not None:
                check_column(index, column, placed, report)
            index, placed = words[1], []
            column = Column([float.fromhex(w) for w in words[2:]])
        elif words[0] == "placed":
            placed.append((words[1], int(words[2]), float.fromhex(words[3]), [float.fromhex(w) for w in words[4:]]))
    if column is not None:
        check_column(index, column, placed, report)
    print(json.dumps({"columns": report.columns, "checks": report.checks, "failed": report.failed,
                      "worst": {k: float(v) for k, v in report.worst.items()}}))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
