"""Minimax polynomials behind src/Tacit.Tensors/Simd/VecMath.cs, fitted by Lawson's iteration on a dense grid.

Each line printed: the function, the interval of the polynomial's variable, the largest weighted error in exact
arithmetic, and the coefficients from the constant term upwards. Needs numpy and mpmath.
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(name, f, lo, hi, degree, weight, points=1200):
    """Polynomial p of the degree that makes max |weight * (p - f)| small on [lo, hi]."""
    t = np.cos(np.pi * (np.arange(points) + 0.5) / points)
    x = (lo + hi) / 2 + (hi - lo) / 2 * t
    y = np.array([float(f(mp.mpf(float(v)))) for v in x])
    w = np.array([float(weight(mp.mpf(float(v)))) for v in x])
    basis = np.polynomial.chebyshev.chebvander(t, degree)
    lawson = np.ones(points)
    best = None
    for _ in range(200):
        s = np.sqrt(lawson) * w
        c = np.linalg.lstsq(basis * s[:, None], y * s, rcond=None)[0]
        error = np.abs(w * (basis @ c - y))
        if best is None or error.max() < best[0]:
            best = (error.max(), c)
        lawson *= error / error.max() + 1e-3
        lawson /= lawson.sum()
    poly = np.polynomial.chebyshev.Chebyshev(best[1], [lo, hi]).convert(kind=np.polynomial.Polynomial)
    print(f"{name} on [{lo:.6g}, {hi:.6g}] degree {degree}: {best[0]:.3g}")
    print("   " + ", ".join(f"{c:.9g}f" for c in poly.coef))


half_ln2 = float(mp.log(2) / 2)
# exp(r) = 1 + r + r^2 P(r)
fit("exp: (e^r - 1 - r) / r^2", lambda r: (mp.expm1(r) - r) / r**2 if abs(r) > 1e-9 else mp.mpf(0.5), -half_ln2, half_ln2, 4,
    lambda r: r * r / mp.exp(r))
# log(1 + f) = f - f^2/2 + f^3 P(f)
fit("log: (log(1+f) - f + f^2/2) / f^3", lambda f: (mp.log1p(f) - f + f * f / 2) / f**3 if abs(f) > 1e-9 else mp.mpf(1) / 3,
    float(mp.sqrt(0.5)) - 1, float(mp.sqrt(2)) - 1, 8, lambda f: abs(f**3 / mp.log1p(f)) if abs(f) > 1e-9 else mp.mpf(0))
# tanh(x) = x + x^3 P(x^2), |x| <= 0.75
fit("tanh: (tanh(x) - x) / x^3 in x^2", lambda u: (mp.tanh(mp.sqrt(u)) - mp.sqrt(u)) / mp.sqrt(u)**3 if u > 1e-12 else -mp.mpf(1) / 3,
    0.0, 0.75**2, 4, lambda u: mp.sqrt(u)**3 / mp.tanh(mp.sqrt(u)) if u > 1e-12 else mp.mpf(0))
# erf(x) = x P(x^2), |x| <= 1
fit("erf: erf(x) / x in x^2", lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u) if u > 1e-12 else 2 / mp.sqrt(mp.pi), 0.0, 1.0, 6,
    lambda u: mp.sqrt(u) / mp.erf(mp.sqrt(u)) if u > 1e-12 else mp.sqrt(mp.pi) / 2)


def erfcx(t):
    return mp.exp(t * t) * mp.erfc(t) if t < 20 else mp.quad(lambda v: mp.exp(-v * v - 2 * t * v), [0, 1, 4]) * 2 / mp.sqrt(mp.pi)


# erfc(t) = exp(-t^2) s P(s), s = 1 / (1 + 0.3 t), 0 <= t <= 10
fit("erfc: erfcx(t) / s in s = 1 / (1 + 0.3 t)", lambda s: erfcx((1 / s - 1) / mp.mpf("0.3")) / s, 0.25, 1.0, 8,
    lambda s: s / erfcx((1 / s - 1) / mp.mpf("0.3")), points=400)
