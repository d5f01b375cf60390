"""Makes the demo's pictures from Debian's package dataset-fashion-mnist: python3 subset.py (into this folder).

The first 600 training and the first 300 test pictures of each class, in their original order, as IDX files.
"""
import gzip
import pathlib
import struct

SOURCE = pathlib.Path("/usr/share/datasets/fashion-mnist")
HERE = pathlib.Path(__file__).parent


def write(name, content):
    with open(HERE / name, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.write(content)


for part, per_class in (("train", 600), ("t10k", 300)):
    pictures = gzip.open(SOURCE / f"{part}-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(SOURCE / f"{part}-labels-idx1-ubyte.gz").read()[8:]
    count, kept = [0] * 10, []
    for item, label in enumerate(labels):
        if count[label] < per_class:
            count[label] += 1
            kept.append(item)
    write(f"{part}-images-idx3-ubyte.gz", struct.pack(">IIII", 0x803, len(kept), 28, 28) + b"".join(pictures[784 * i:784 * i + 784] for i in kept))
    write(f"{part}-labels-idx1-ubyte.gz", struct.pack(">II", 0x801, len(kept)) + bytes(labels[i] for i in kept))
