#!/usr/bin/python3
"""Writes what PIL reads from every JPEG in some tar files, for the long comparison of the picture decoder.

    expect_pictures.py OUTPUT_FOLDER TAR...

For DIR/NAME.tar writes OUTPUT_FOLDER/NAME.tsv, a line `entry width height` for each picture in the tar's order, and
OUTPUT_FOLDER/NAME.bin, their RGB pixels one after the other. Set TACIT_PICTURE_EXPECTATIONS to OUTPUT_FOLDER for
tests/long/Tacit.Long. The folder takes 190 MB for CIFAR-10 and 60 flowers: make it outside the repository.
"""
import os
import sys
import tarfile

from PIL import Image, ImageOps

output, tars = sys.argv[1], sys.argv[2:]
os.makedirs(output, exist_ok=True)
for path in tars:
    name = os.path.join(output, os.path.splitext(os.path.basename(path))[0])
    count = 0
    with tarfile.open(path) as tar, open(name + ".tsv", "w") as index, open(name + ".bin", "wb") as pixels:
        for entry in tar:
            if entry.isfile() and entry.name.lower().endswith((".jpg", ".jpeg")):
                picture = ImageOps.exif_transpose(Image.open(tar.extractfile(entry))).convert("RGB")
                index.write(f"{entry.name}\t{picture.width}\t{picture.height}\n")
                pixels.write(picture.tobytes())
                count += 1
    print(path, count, "pictures")
