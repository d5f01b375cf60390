"""The .safetensors format by hand: enough to hand tensors from PyTorch and NumPy to the tests."""
import json
import struct

import numpy as np

NAMES = {"float32": "F32", "float64": "F64", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16",
         "int8": "I8", "uint8": "U8", "bool": "BOOL"}


def save(path, tensors, metadata=None):
    """tensors: name -> numpy array, torch tensor, or (type name, shape, bytes) for types NumPy does not have."""
    header = {"__metadata__": metadata} if metadata else {}
    blobs, at = [], 0
    for name, value in tensors.items():
        if isinstance(value, tuple):
            dtype, shape, blob = value
        else:
            array = np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)
            dtype, shape, blob = NAMES[str(array.dtype)], list(array.shape), np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for blob in blobs:
            file.write(blob)
