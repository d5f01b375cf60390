"""k-means by Lloyd's two steps; turns; colours; the losses of DeepCluster v2 and colourisation, with gradients. All in float64.

    /usr/bin/python3 tests/oracle/make_predictive.py

Inputs are not stored: both sides compute them by `hashed`, an exact integer hash.
"""
import pathlib

import numpy as np
import torch

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


def lab(rgb):
    """CIE L*a*b* of sRGB levels 0 ... 1, white D65."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]).T
    t = xyz / np.array([0.95047, 1, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def bins():
    """Points of the ab plane, 10 apart, within 13.5 of a colour of sRGB; here from every fifth level of the whole cube."""
    level = np.arange(0, 256, 5) / 255
    cube = np.stack(np.meshgrid(level, level, level, indexing="ij"), -1).reshape(-1, 3)
    colours = np.unique(np.round(lab(cube)[:, 1:], 1), axis=0)
    grid = np.stack(np.meshgrid(np.arange(-130, 131, 10.0), np.arange(-130, 131, 10.0), indexing="ij"), -1).reshape(-1, 2)
    return np.array([g for g in grid if (((colours - g) ** 2).sum(1)).min() <= 13.5 ** 2])


def encode(ab, centres):
    """Zhang et al. 2016, section 2.1: the five nearest bins, a Gaussian of deviation 5, to sum 1."""
    out = np.zeros((len(ab), len(centres)))
    for row, point in zip(out, ab):
        distance = ((centres - point) ** 2).sum(1)
        near = np.argsort(distance, kind="stable")[:5]
        weight = np.exp(-distance[near] / (2 * 5 ** 2))
        row[near] = weight / weight.sum()
    return out


def gradient_of(loss, *inputs):
    loss.backward()
    return [x.grad.numpy().astype(np.float32) for x in inputs]


tensors = {}

pictures = hashed(2 * 5 * 5 * 3, 20).reshape(2, 5, 5, 3)
for quarters in range(4):
    tensors[f"turns.{quarters}"] = np.rot90(pictures, quarters, axes=(1, 2)).astype(np.float32)

small = torch.tensor(hashed(1 * 7 * 7 * 2, 21).reshape(1, 7, 7, 2)[:, 1:6, 2:7]).permute(0, 3, 1, 2)
large = torch.nn.functional.interpolate(small, size=(12, 12), mode="bilinear", align_corners=False)
tensors["windows"] = large.permute(0, 2, 3, 1).numpy().astype(np.float32)

rgb = (hashed(40 * 3, 22).reshape(40, 3) + 1) / 2
tensors["lab"] = lab(rgb.astype(np.float32).astype(np.float64)).astype(np.float32)
centres = bins()
tensors["bins"] = centres.astype(np.float32)
ab = hashed(60 * 2, 23).reshape(60, 2) * 90
soft = encode(ab.astype(np.float32).astype(np.float64), centres)
tensors["encoded"] = soft[:10].astype(np.float32)

prior = np.abs(hashed(313, 24)) ** 3
share = prior / prior.sum()
weight = 1 / (0.5 * share + 0.5 / 313)
weight /= (share * weight).sum()
tensors["rebalanced"] = weight.astype(np.float32)

logits = torch.tensor(hashed(60 * 313, 25).reshape(60, 313) * 3, requires_grad=True)
weighted = torch.tensor(soft * weight[soft.argmax(1)][:, None])
loss = -(weighted * torch.log_softmax(logits, 1)).sum() / 60
tensors["weighted_entropy.loss"] = loss.detach().float()
tensors["weighted_entropy.gradient"] = gradient_of(loss, logits)[0][:3]

z = torch.tensor(hashed(14 * 6, 26).reshape(14, 6), requires_grad=True)
loss = 0
for head, k in enumerate([5, 8]):
    c = torch.tensor(unit(hashed(k * 6, 27 + head).reshape(k, 6)))
    target = torch.arange(14) * 3 % k
    target[head::5] = -1
    scores = torch.nn.functional.normalize(z, dim=1) @ c.T / 0.1
    loss = loss + torch.nn.functional.cross_entropy(scores, target, ignore_index=-1)
loss = loss / 2
tensors["prototypes.loss"] = loss.detach().float()
tensors["prototypes.gradient"] = gradient_of(loss, z)[0]

rows = hashed(400 * 9, 1).reshape(400, 9)
for name, spherical in [("euclidean", False), ("spherical", True)]:
    centroids, nearest, inertia = lloyd(rows, 12, 7, spherical)
    tensors[f"kmeans.{name}.centroids"] = centroids.astype(np.float32)
    tensors[f"kmeans.{name}.nearest"] = nearest.astype(np.float32)
    tensors[f"kmeans.{name}.inertia"] = np.array(inertia)
save(DATA / "predictive.safetensors", tensors)
