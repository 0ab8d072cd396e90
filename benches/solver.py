"""One palette, HHH-80% on a table of 2312 x 6, by this project's solver, by SciPy and by CVXPY, side by side in one run, one thread each.

    OMP_NUM_THREADS=1 python3 benches/solver.py CORE_BENCH TABLE.csv

Needs numpy, scipy, cvxpy and clarabel (pip install numpy scipy cvxpy clarabel). CORE_BENCH is the program that benches/solver builds.
All three solve the same problem: the least KL divergence from the uniform weights such that the mean of the first three columns is at least the
larger of mean and 80% quantile, and that of the others at least their mean.
"""

import json
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import clarabel  # noqa: E402,F401
import cvxpy  # noqa: E402
import numpy  # noqa: E402
import scipy  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

core, table = sys.argv[1:3]
rewards = numpy.loadtxt(table, delimiter=",", skiprows=1)
n, m = rewards.shape
mean, sd = rewards.mean(0), rewards.std(0)
z = (rewards - mean) / sd
c = numpy.array([max(0.0, numpy.quantile(z[:, i], 0.8)) if i < 3 else 0.0 for i in range(m)])


def negative_dual(weights):
    scores = z @ weights
    shift = scores.max()
    e = numpy.exp(scores - shift)
    total = e.sum()
    return shift + numpy.log(total / n) - weights @ c, e @ z / total - c


def by_scipy(tight):
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 10000} if tight else {}
    start = time.perf_counter()
    found = minimize(negative_dual, numpy.zeros(m), jac=True, method="L-BFGS-B", bounds=[(0, None)] * m, options=options)
    seconds = time.perf_counter() - start
    gap = -found.jac
    residual = max(abs(g) if w > 0 else max(g, 0) for g, w in zip(gap, found.x))
    return seconds * 1e3, -found.fun, residual


def by_cvxpy():
    start = time.perf_counter()
    # Weights relative to the uniform ones: with weights of 1/2312 the interior-point method ends before it is exact.
    w = cvxpy.Variable(n)
    problem = cvxpy.Problem(cvxpy.Minimize(-cvxpy.sum(cvxpy.entr(w)) / n), [z.T @ w / n >= c, cvxpy.sum(w) == n])
    problem.solve(solver=cvxpy.CLARABEL)
    return (time.perf_counter() - start) * 1e3, problem.value, problem.solver_stats.solve_time * 1e3


times = {"core": [], "core with verdict": [], "scipy": [], "scipy tight": [], "cvxpy": [], "clarabel alone": []}
for _ in range(7):
    mine = json.loads(subprocess.run([core, table, "table"], check=True, capture_output=True, text=True).stdout)["table"]
    times["core"].append(mine["solve_cold"])
    times["core with verdict"].append(mine["answer_cold"])
    loose = [by_scipy(False) for _ in range(9)]
    tight = [by_scipy(True) for _ in range(9)]
    times["scipy"].append(statistics.median(x[0] for x in loose))
    times["scipy tight"].append(statistics.median(x[0] for x in tight))
    conic = by_cvxpy()
    times["cvxpy"].append(conic[0])
    times["clarabel alone"].append(conic[2])

print(f"numpy {numpy.__version__}, scipy {scipy.__version__}, cvxpy {cvxpy.__version__}, clarabel {clarabel.__version__}; {n} x {m}")
print(f"KL: core {mine['kl']:.9f}, scipy {loose[0][1]:.9f} (residual {loose[0][2]:.1e} sd), tight {tight[0][1]:.9f} "
      f"(residual {tight[0][2]:.1e} sd), cvxpy {conic[1]:.9f}")
base = statistics.median(times["core"])
for name, values in times.items():
    print(f"{name:18} {statistics.median(values):9.3f} ms  {statistics.median(values) / base:8.1f} x")
