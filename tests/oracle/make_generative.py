"""Masked-pixel losses and gradients of MAE and SimMIM, in float64 with PyTorch's autograd.

    /usr/bin/python3 tests/oracle/make_generative.py
"""
import pathlib

import torch

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
tensors = {}
generator = torch.Generator().manual_seed(3)


def draw(*shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64).float().double()


for n, patches, width in [(1, 4, 12), (3, 9, 48), (2, 16, 27)]:
    key = f"masked.{n}.{patches}.{width}"
    target, prediction = draw(n, patches, width) * 0.4 + 0.1, draw(n, patches, width)
    # The masks as arrays of 0 and 1, as both papers' code has them; the first patch of the first picture is always hidden.
    mask = (torch.rand(n, patches, generator=generator) < 0.6).double()
    mask[0, 0] = 1
    mean, var = target.mean(-1, keepdim=True), target.var(-1, keepdim=True)
    normalised = (target - mean) / (var + 1e-6) ** 0.5
    square = prediction.clone().requires_grad_()
    mae = (((square - normalised) ** 2).mean(-1) * mask).sum() / mask.sum()
    mae.backward()
    absolute = prediction.clone().requires_grad_()
    simmim = ((absolute - target).abs() * mask[..., None]).sum() / mask.sum() / width
    simmim.backward()
    tensors |= {key + ".target": target, key + ".prediction": prediction, key + ".mask": mask, key + ".normalised": normalised,
                key + ".mae": mae.detach(), key + ".mae_gradient": square.grad,
                key + ".simmim": simmim.detach(), key + ".simmim_gradient": absolute.grad}
save(DATA / "generative.safetensors", tensors)
