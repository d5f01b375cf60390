"""Files in the formats that the tests read: one tensor of each stored type, and NumPy arrays of versions 1 and 2.

    /usr/bin/python3 tests/oracle/make_formats.py
"""
import pathlib

import numpy as np
import torch

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
VALUES = np.array([[0.0, 1.0, -2.5], [0.1, 100.0, -0.001]])
WHOLE = np.array([[0, 1, 2], [100, 7, 127]])

bfloat = torch.tensor(VALUES, dtype=torch.bfloat16)
save(DATA / "formats.safetensors", {
    "double": VALUES,
    "single": VALUES.astype(np.float32),
    "half": VALUES.astype(np.float16),
    "bfloat": ("BF16", list(bfloat.shape), bfloat.view(torch.int16).numpy().tobytes()),
    "long": -WHOLE.astype(np.int64),
    "int": -WHOLE.astype(np.int32),
    "short": -WHOLE.astype(np.int16),
    "byte": WHOLE.astype(np.uint8),
    "flag": WHOLE > 1,
    "scalar": np.array(3.5, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
    # What bfloat16 rounds to, as PyTorch sees it.
    "bfloat.expected": bfloat.float(),
}, {"purpose": "formats", "quote": "a \"b\" \\ é"})

np.save(DATA / "float32.npy", VALUES.astype(np.float32))
np.save(DATA / "float64.npy", VALUES)
np.save(DATA / "int64.npy", -WHOLE.astype(np.int64))
with open(DATA / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, VALUES.astype(np.float32), version=(2, 0))
np.save(DATA / "fortran.npy", np.asfortranarray(VALUES.astype(np.float32)))
