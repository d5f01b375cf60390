"""Reference vectors for the transformers of Tacit.Models, from torchvision, torch and NumPy in float64.

    /usr/bin/python3 tests/oracle/make_models.py

Inputs and weights are not stored: both sides compute them by `hashed` (make_nn.py), parameter by parameter in the order of
torchvision's names. Large gradients are stored as their norm and five entries.
"""
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.vision_transformer import EncoderBlock, VisionTransformer

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)


def hashed(count, salt):
    """count numbers in [-1, 1): murmur3's finaliser over the index, salted."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 40503 + 1) % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def tensor(shape, salt):
    return torch.tensor(hashed(math.prod(shape), salt).reshape(shape))


def fill(parameters):
    """Matrices within 1.5 / sqrt(fan-in), norms' scales around 1, the rest within 0.2; values as float32 holds them."""
    for salt, (name, p) in enumerate(parameters):
        scale = 1.5 / math.sqrt(math.prod(p.shape[1:])) if p.dim() in (2, 4) else 0.2
        shift = 1 if p.dim() == 1 and "ln" in name and name.endswith("weight") else 0
        with torch.no_grad():
            p.copy_((scale * tensor(p.shape, salt) + shift).float().double())


def gradients(parameters):
    """One row a parameter: norm, then five entries."""
    rows = []
    for _, p in parameters:
        flat = p.grad.flatten()
        rows.append([float(flat.norm())] + [float(flat[i * len(flat) // 5]) for i in range(5)])
    return np.array(rows, dtype=np.float32)


def f32(t):
    return t.detach().numpy().astype(np.float32)


def blocks(out):
    dim, heads, items, length = 24, 3, 2, 7
    for label, causal in (("block", False), ("block.causal", True)):
        block = EncoderBlock(heads, dim, 4 * dim, 0.0, 0.0, norm_layer=lambda d: nn.LayerNorm(d, eps=1e-6))
        parameters = list(block.named_parameters())
        fill(parameters)
        x = tensor((items, length, dim), 1000).requires_grad_()
        if causal:
            mask = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)
            y = block.ln_1(x)
            y, _ = block.self_attention(y, y, y, attn_mask=mask, need_weights=False)
            y = y + x
            y = y + block.mlp(block.ln_2(y))
        else:
            y = block(x)
        (y * tensor(y.shape, 1001)).sum().backward()
        out[f"{label}.y"], out[f"{label}.dx"] = f32(y), f32(x.grad)
        out[f"{label}.gradients"] = gradients(parameters)
        out[f"{label}.names"] = np.frombuffer("\n".join(n for n, _ in parameters).encode(), dtype=np.uint8).copy()


def vits(out):
    """torchvision's own forward with the class token; the same encoder without one, averaged over places."""
    side, patch, dim, items = 32, 8, 48, 2
    x = tensor((items, side, side, 3), 1000)
    # Only the learned class-token network is torchvision's; its head goes.
    model = VisionTransformer(side, patch, num_layers=2, num_heads=3, hidden_dim=dim, mlp_dim=4 * dim)
    model.heads = nn.Identity()
    parameters = list(model.named_parameters())
    fill(parameters)
    out["vit.names"] = np.frombuffer("\n".join(f"{n} {'x'.join(map(str, p.shape))}" for n, p in parameters).encode(), dtype=np.uint8).copy()
    y = model(x.permute(0, 3, 1, 2))
    (y * tensor(y.shape, 1001)).sum().backward()
    out["vit.token.y"], out["vit.token.gradients"] = f32(y), gradients(parameters)

    # Mean of the patches, sine-cosine positions, no class token: torchvision's layers, put together by hand.
    model = VisionTransformer(side, patch, num_layers=2, num_heads=3, hidden_dim=dim, mlp_dim=4 * dim)
    parameters = [(n, p) for n, p in model.named_parameters() if "heads" not in n and n not in ("class_token", "encoder.pos_embedding")]
    fill(parameters)
    tokens = model.conv_proj(x.permute(0, 3, 1, 2)).flatten(2).transpose(1, 2) + torch.tensor(sincos(4, 4, dim))
    y = model.encoder.ln(model.encoder.layers(tokens)).mean(1)
    (y * tensor(y.shape, 1001)).sum().backward()
    out["vit.mean.y"], out["vit.mean.gradients"] = f32(y), gradients(parameters)

    # Learned positions carried to pictures of 24 × 40: 3 × 5 patches.
    model = VisionTransformer(side, patch, num_layers=2, num_heads=3, hidden_dim=dim, mlp_dim=4 * dim)
    parameters = [(n, p) for n, p in model.named_parameters() if "heads" not in n]
    fill(parameters)
    other = tensor((items, 24, 40, 3), 1002)
    positions = model.encoder.pos_embedding
    grid = positions[:, 1:].reshape(1, 4, 4, dim).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=(3, 5), mode="bicubic", align_corners=False).permute(0, 2, 3, 1).reshape(1, 15, dim)
    tokens = model.conv_proj(other.permute(0, 3, 1, 2)).flatten(2).transpose(1, 2) + grid
    first = (model.class_token + positions[:, :1]).expand(items, -1, -1)
    y = model.encoder.ln(model.encoder.layers(torch.cat([first, tokens], 1)))[:, 0]
    (y * tensor(y.shape, 1001)).sum().backward()
    out["vit.other.y"], out["vit.other.gradients"] = f32(y), gradients(parameters)


def sincos(rows, columns, dim):
    """Positions of a grid, row by row: half the features tell the column, half the row."""
    frequencies = 1 / 10000 ** (np.arange(dim // 4) / (dim // 4))
    table = []
    for r in range(rows):
        for c in range(columns):
            table.append(np.concatenate([np.sin(c * frequencies), np.cos(c * frequencies), np.sin(r * frequencies), np.cos(r * frequencies)]))
    return np.array(table)


def positions(out):
    out["sincos"] = sincos(3, 5, 24).astype(np.float32)
    for rows, columns in ((3, 5), (8, 8), (2, 2), (7, 4)):
        grid = tensor((1, 6, 4, 4), 2000)
        y = F.interpolate(grid, size=(rows, columns), mode="bicubic", align_corners=False)
        out[f"bicubic.{rows}x{columns}"] = f32(y.permute(0, 2, 3, 1).reshape(rows * columns, 6))


def pixels(out):
    """A pixel transformer put together from torch's functions: causal and masked logits, features of the middle."""
    colours, side, dim, heads, depth, items = 11, 3, 16, 2, 3, 2
    length = side * side
    embedding, places = nn.Parameter(torch.empty(colours + 2, dim)), nn.Parameter(torch.empty(length, dim))
    layers = nn.ModuleList(EncoderBlock(heads, dim, 4 * dim, 0.0, 0.0, norm_layer=lambda d: nn.LayerNorm(d, eps=1e-5)) for _ in range(depth))
    ln, head = nn.LayerNorm(dim, eps=1e-5), nn.Linear(dim, colours, bias=False)
    parameters = [("token_embedding", embedding), ("pos_embedding", places)]
    parameters += [(f"blocks.{n}", p) for n, p in layers.named_parameters()]
    parameters += [(f"ln.{n}", p) for n, p in ln.named_parameters()] + [("head.weight", head.weight)]
    fill(parameters)
    tokens = torch.tensor([[(7 * i * i + 3 * i + n) % colours for i in range(length)] for n in range(items)])

    def run(seen, causal, upto=depth):
        x = embedding[seen] + places
        mask = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1) if causal else None
        for block in layers[:upto]:
            y = block.ln_1(x)
            x = x + block.self_attention(y, y, y, attn_mask=mask, need_weights=False)[0]
            x = x + block.mlp(block.ln_2(x))
        return x

    shifted = torch.cat([torch.full((items, 1), colours), tokens[:, :-1]], 1)
    logits = head(ln(run(shifted, True)))
    F.cross_entropy(logits.reshape(-1, colours), tokens.reshape(-1)).backward()
    out["pixels.causal.logits"], out["pixels.causal.gradients"] = f32(logits), gradients(parameters)
    out["pixels.features"] = f32(layers[2].ln_1(run(shifted, True, 2)).mean(1))

    for _, p in parameters:
        p.grad = None
    masked = tokens.clone()
    masked.view(-1)[[1, 5, 9, 16]] = colours + 1
    logits = head(ln(run(masked, False)))
    chosen = [1, 5, 9, 16]
    F.cross_entropy(logits.reshape(-1, colours)[chosen], tokens.reshape(-1)[chosen]).backward()
    out["pixels.masked.logits"], out["pixels.masked.gradients"] = f32(logits), gradients(parameters)


def main():
    out = {}
    blocks(out)
    vits(out)
    positions(out)
    pixels(out)
    save(DATA / "models.safetensors", out)


main()
