#!/usr/bin/python3
"""Crops of a small spectrogram resized by torch's bicubic interpolation with its corners kept in place.

Writes tests/oracle/data/augment-sounds.safetensors; spectrograms are [frames, bins]. torch 1.13 made the committed file.

    /usr/bin/python3 tests/oracle/make_augment_sounds.py
"""
import pathlib

import torch

from tiny_safetensors import save

torch.manual_seed(0)
x = torch.randn(24, 16)
out = {"spectrogram": x}
for top, height, left, width in ((3, 12, 2, 9), (-6, 36, 0, 16), (-2, 20, 5, 11), (10, 1, 7, 1), (0, 24, 0, 10)):
    canvas = torch.zeros(100, 100)
    canvas[40:64, 40:56] = x
    crop = canvas[40 + top:40 + top + height, 40 + left:40 + left + width]
    out[f"crop.{top}.{height}.{left}.{width}"] = torch.nn.functional.interpolate(crop[None, None], x.shape, mode="bicubic", align_corners=True)[0, 0]

save(pathlib.Path(__file__).parent / "data" / "augment-sounds.safetensors", out)
