#!/usr/bin/python3
"""What torchvision and PIL make of one small picture: resized crops, colour operations, blur, turns, and where crops fall.

Writes tests/oracle/data/augment.safetensors; pictures are [H, W, 3], levels 0 ... 255. Names end in .pil where PIL
computed on bytes (the package's answer, rounded) and in .float where torchvision computed on floats. torchvision 0.14
and PIL 9.4 made the committed file.

    /usr/bin/python3 tests/oracle/make_augment.py
"""
import pathlib

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image, ImageOps

from tiny_safetensors import save

out = {}
rng = np.random.RandomState(7)


def photo(width, height):
    """Shading, a hard edge, saturated colours, greys and noise: every branch of the colour operations is taken."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 100 * np.sin(0.3 * (c + 1) * x + 0.2 * y + c) for c in range(3)]
    picture = np.stack(planes, -1) + rng.normal(0, 12, (height, width, 3))
    picture[: height // 3, : width // 3] = [250, 10, 30]
    picture[-(height // 3):, : width // 3] = np.arange(width // 3)[None, :, None] * 20
    return np.clip(picture, 0, 255).astype(np.uint8)


def keep(name, picture):
    out[name] = np.asarray(picture)


def keep_float(name, tensor):
    """[3, H, W] of 0 ... 1 to [H, W, 3] of 0 ... 255."""
    out[name] = (tensor * 255).permute(1, 2, 0).contiguous()


picture = photo(23, 19)
pil = Image.fromarray(picture)
tensor = torch.from_numpy(picture).permute(2, 0, 1).float() / 255
keep("picture", picture)

# Resized crops: larger, smaller, both at once, a sliver, the identity, outputs below and above a strip of 16 rows.
BOXES = [(0, 0, 23, 19, 16), (3, 2, 9, 7, 16), (1, 0, 20, 5, 16), (5, 4, 3, 11, 16), (2, 1, 16, 16, 16), (0, 0, 23, 19, 7), (4, 3, 12, 10, 21), (6, 6, 1, 1, 8)]
out["boxes"] = np.array(BOXES, dtype=np.int32)
for i, (left, top, width, height, size) in enumerate(BOXES):
    for mode in (T.InterpolationMode.BILINEAR, T.InterpolationMode.BICUBIC):
        name = f"resize.{i}.{mode.value}"
        keep(name + ".pil", F.resized_crop(pil, top, left, height, width, [size, size], mode))
        resized = F.resize(F.crop(tensor, top, left, height, width), [size, size], mode, antialias=True)
        keep_float(name + ".float", resized.clamp(0, 1))

# What evaluation shows: the shorter side resized, the middle cut out.
tall = photo(13, 29)
keep("tall", tall)
for name, source in (("wide", picture), ("tall", tall)):
    for size in (8, 16):
        keep(f"single.{name}.{size}.pil", F.center_crop(F.resize(Image.fromarray(source), size), size))
        float_source = torch.from_numpy(source).permute(2, 0, 1).float() / 255
        keep_float(f"single.{name}.{size}.float", F.center_crop(F.resize(float_source, size, antialias=True), size))

for factor in (0.0, 0.6, 1.4):
    for name, op in (("brightness", F.adjust_brightness), ("contrast", F.adjust_contrast), ("saturation", F.adjust_saturation)):
        keep(f"{name}.{factor}.pil", op(pil, factor))
        keep_float(f"{name}.{factor}.float", op(tensor, factor))
for shift in (-0.5, -0.1, 0.05, 0.3, 0.5):
    keep_float(f"hue.{shift}.float", F.adjust_hue(tensor, shift))
keep("grey.pil", F.rgb_to_grayscale(pil, 3))
keep("solarize.128.pil", F.solarize(pil, 128))
keep("solarize.40.pil", F.solarize(pil, 40))
keep("equalize.pil", ImageOps.equalize(pil))
large = Image.fromarray(photo(40, 40))      # enough pixels that equalising does something to every channel
keep("large", large)
keep("large.equalize.pil", ImageOps.equalize(large))
for kernel, sigma in ((3, 0.1), (3, 2.0), (5, 0.9), (11, 1.7)):
    keep_float(f"blur.{kernel}.{sigma}.float", F.gaussian_blur(tensor, [kernel, kernel], [sigma, sigma]))

square = picture[:16, :16]
for turns in range(4):
    turned = np.rot90(square, turns, axes=(0, 1))
    keep(f"turn.{turns}", np.ascontiguousarray(turned))
    keep(f"flipturn.{turns}", np.ascontiguousarray(np.rot90(square[:, ::-1], turns, axes=(0, 1))))
out["normalize"] = F.normalize(tensor, [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]).permute(1, 2, 0).contiguous()

# Where crops fall. The fallback is certain where no crop of the whole area has an allowed aspect.
torch.manual_seed(0)
fallback = []
for height, width in ((10, 200), (200, 10), (31, 64), (7, 5)):
    i, j, h, w = T.RandomResizedCrop.get_params(torch.empty(3, height, width), [1.0, 1.0], [0.9, 1.1])
    fallback.append([width, height, j, i, w, h])
out["fallback"] = np.array(fallback, dtype=np.int32)
DRAWS = 20000
for height, width in ((32, 32), (20, 50)):
    crops = np.array([T.RandomResizedCrop.get_params(torch.empty(3, height, width), [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(DRAWS)], dtype=np.float64)
    columns = np.stack([crops[:, 1], crops[:, 0], crops[:, 3], crops[:, 2], crops[:, 2] * crops[:, 3]], 1)      # left, top, width, height, area
    out[f"crops.{width}x{height}"] = np.stack([columns.mean(0), columns.std(0)])

save(pathlib.Path(__file__).parent / "data" / "augment.safetensors", out)
