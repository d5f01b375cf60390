"""Losses and gradients of Barlow Twins, VICReg and W-MSE by their papers' formulas, in float64 with PyTorch's autograd.

    /usr/bin/python3 tests/oracle/make_regularized.py
"""
import pathlib

import torch

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"


def off_diagonal(c):
    return c - torch.diag(torch.diagonal(c))


def barlow(a, b, lam, eps=1e-5):
    """arXiv:2103.03230, Algorithm 1, normalised by biased batch statistics as torch.nn.BatchNorm1d(affine=False)."""
    def norm(z):
        return (z - z.mean(0)) / torch.sqrt(z.var(0, unbiased=False) + eps)
    c = norm(a).T @ norm(b) / len(a)
    return (1 - torch.diagonal(c)).square().sum() + lam * off_diagonal(c).square().sum()


def vicreg(a, b, invariance, variance, covariance, halved, eps=1e-4):
    """arXiv:2105.04906, Algorithm 1."""
    def hinge(z):
        return torch.relu(1 - torch.sqrt(z.var(0) + eps)).mean()

    def cov(z):
        z = z - z.mean(0)
        return off_diagonal(z.T @ z / (len(z) - 1)).square().sum() / z.shape[1]
    var = (hinge(a) + hinge(b)) * (0.5 if halved else 1)
    return invariance * (a - b).square().mean() + variance * var + covariance * (cov(a) + cov(b))


def whiten(x, eps):
    centred = x - x.mean(0)
    sigma = (1 - eps) * centred.T @ centred / (len(x) - 1) + eps * torch.eye(x.shape[1], dtype=x.dtype)
    return torch.linalg.solve_triangular(torch.linalg.cholesky(sigma), centred.T, upper=False).T


def w_mse(a, b, sizes, eps):
    """arXiv:2007.06346, equation 6."""
    u = torch.cat([whiten(part, eps) for part in a.split(sizes)])
    v = torch.cat([whiten(part, eps) for part in b.split(sizes)])
    return (2 - 2 * torch.nn.functional.cosine_similarity(u, v)).mean()


tensors = {}


def record(key, loss, **inputs):
    loss.backward()
    tensors[key + ".loss"] = loss.detach()
    for name, value in inputs.items():
        tensors[f"{key}.{name}"] = value.detach()
        tensors[f"{key}.{name}_gradient"] = value.grad


def pair(n, d, spread=1.0, seed=0):
    generator = torch.Generator().manual_seed(1000 * n + d + seed)
    mix = torch.randn(d, d, generator=generator, dtype=torch.float64) * spread / d ** 0.5
    common = torch.randn(n, d, generator=generator, dtype=torch.float64)
    return [((common + 0.7 * torch.randn(n, d, generator=generator, dtype=torch.float64)) @ mix + 0.3).float().double().requires_grad_()
            for _ in range(2)]


for n, d in [(2, 3), (8, 5), (16, 33)]:
    for lam in [0.005, 1.0]:
        a, b = pair(n, d)
        record(f"barlow.{n}.{d}.{lam}", barlow(a, b, lam), a=a, b=b)
for n, d in [(2, 3), (8, 5), (16, 33)]:
    for name, weights in {"all": (25, 25, 1, True), "whole": (25, 25, 1, False), "invariance": (3, 0, 0, True),
                          "variance": (0, 7, 0, True), "covariance": (0, 0, 2, False)}.items():
        a, b = pair(n, d, 0.8)
        record(f"vicreg.{n}.{d}.{name}", vicreg(a, b, *weights), a=a, b=b)
for n, d, sizes, eps in [(7, 2, [7], 0.0), (24, 5, [12, 12], 0.0), (31, 9, [15, 16], 0.01), (6, 8, [6], 0.25)]:
    a, b = pair(n, d)
    record(f"w_mse.{n}.{d}", w_mse(a, b, sizes, eps), a=a, b=b)
for n, d, eps in [(12, 1, 0.0), (20, 7, 0.0), (9, 13, 0.1)]:
    x, _ = pair(n, d, 2)
    weights = torch.randn(n, d, generator=torch.Generator().manual_seed(n), dtype=torch.float64).float().double()
    white = whiten(x, eps)
    key = f"whitening.{n}.{d}"
    record(key, (white * weights).sum(), x=x)
    tensors[key + ".white"] = white.detach()
    tensors[key + ".weights"] = weights
save(DATA / "regularized.safetensors", tensors)
