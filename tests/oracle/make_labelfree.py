"""Reference values for label-free scores and projections: LiDAR, principal components.

    /usr/bin/python3 tests/oracle/make_labelfree.py

Inputs are not stored: both sides compute them by `hashed`.
"""
import math
import pathlib

import numpy as np
import torch

from make_nn import hashed
from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"


def lidar(items, views, dim, delta):
    """By its definition, with the symmetric root of the inverse: Thilak et al. 2023, equations 1 to 4."""
    scale = 1.3 ** -torch.arange(dim, dtype=torch.float64)
    centres = torch.from_numpy(hashed(items * dim, 21)).reshape(items, dim) * scale
    noise = torch.from_numpy(hashed(items * views * dim, 22)).reshape(views, items, dim) * 0.4 * scale.flip(0)
    x = (centres + noise).float().double()          # what float32 keeps of them
    means = x.mean(0)
    between = torch.cov(means.T, correction=1)
    off = (x - means).reshape(-1, dim)
    within = off.T @ off / (items * (views - 1)) + delta * torch.eye(dim, dtype=torch.float64)
    values, vectors = torch.linalg.eigh(within)
    root = vectors @ torch.diag(values.rsqrt()) @ vectors.T
    p = torch.linalg.svdvals(root @ between @ root)
    p = p / p.abs().sum() + 1e-7
    return math.exp(-(p * p.log()).sum())


def principal(n, dim, components):
    x = hashed(n * dim, 23).reshape(n, dim) * 1.2 ** -np.arange(dim) + 3
    x = x.astype(np.float32).astype(np.float64)
    u, s, _ = np.linalg.svd(x - x.mean(0), full_matrices=False)
    scores = u[:, :components] * s[:components]
    scores *= np.sign(scores[np.abs(scores).argmax(0), np.arange(components)])
    return scores, s[:components] ** 2 / (s ** 2).sum()


if __name__ == "__main__":
    out = {"lidar": np.float32(lidar(80, 5, 16, 1e-4)), "lidar.regularised": np.float32(lidar(80, 5, 16, 0.05)), "lidar.wide": np.float32(lidar(12, 3, 20, 1e-4))}
    for name, (n, dim) in {"tall": (70, 11), "wide": (13, 40)}.items():
        scores, shares = principal(n, dim, 3)
        out[f"pca.{name}.scores"], out[f"pca.{name}.shares"] = scores.astype(np.float32), shares.astype(np.float32)
    save(DATA / "labelfree.safetensors", out)
    print({k: v if v.ndim == 0 else v.shape for k, v in out.items()})
