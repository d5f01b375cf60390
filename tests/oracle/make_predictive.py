"""k-means by Lloyd's two steps in float64 with NumPy.

    /usr/bin/python3 tests/oracle/make_predictive.py

Inputs are not stored: both sides compute them by `hashed`, an exact integer hash.
"""
import pathlib

import numpy as np

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"


def hashed(count, salt):
    h = np.arange(count, dtype=np.uint64)
    h = (h * 2654435761 + salt * 40503 + 1) % 2 ** 32
    h ^= h >> np.uint64(16)
    h = h * 0x85EBCA6B % 2 ** 32
    h ^= h >> np.uint64(13)
    h = h * 0xC2B2AE35 % 2 ** 32
    h ^= h >> np.uint64(16)
    return (h >> np.uint64(8)).astype(np.float64) / 8388608 - 1


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def lloyd(rows, k, moves, spherical):
    """Begins with the first k rows."""
    rows = unit(rows) if spherical else rows
    centroids = rows[:k].copy()
    for move in range(moves + 1):
        distances = ((rows[:, None] - centroids[None]) ** 2).sum(2)
        nearest = distances.argmin(1)
        if move < moves:
            centroids = np.stack([rows[nearest == j].mean(0) for j in range(k)])
            centroids = unit(centroids) if spherical else centroids
    return centroids, nearest, distances.min(1).sum()


tensors = {}
rows = hashed(400 * 9, 1).reshape(400, 9)
for name, spherical in [("euclidean", False), ("spherical", True)]:
    centroids, nearest, inertia = lloyd(rows, 12, 7, spherical)
    tensors[f"kmeans.{name}.centroids"] = centroids.astype(np.float32)
    tensors[f"kmeans.{name}.nearest"] = nearest.astype(np.float32)
    tensors[f"kmeans.{name}.inertia"] = np.array(inertia)
save(DATA / "predictive.safetensors", tensors)
