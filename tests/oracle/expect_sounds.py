#!/usr/bin/python3
"""What `flac -d` and sox read from the recordings of shared/data: one SHA-256 of all samples of an archive.

usage: expect_sounds.py SHARED_DATA_FOLDER. Writes tests/oracle/data/sounds/shared.tsv: archive, files, files that state an
MD5 of their samples, samples, and the sum over all samples (16 bits, little-endian) in the archive's order.
"""
import hashlib
import os
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["librispeech-train", "librispeech-test", "speech-commands-train", "speech-commands-test", "fsdd-train", "fsdd-test", "emodb-4class"]

with open(os.path.join(HERE, "data", "sounds", "shared.tsv"), "w") as out:
    for name in NAMES:
        digest, files, stated, samples = hashlib.sha256(), 0, 0, 0
        with tarfile.open(os.path.join(sys.argv[1], name + ".tar")) as archive:
            for entry in archive:
                if entry.name.endswith(".flac"):
                    command = ["flac", "-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", "-"]
                elif entry.name.endswith(".wav"):
                    command = ["sox", "-t", "wav", "-", "-t", "raw", "-e", "signed-integer", "-b", "16", "-L", "-"]
                else:
                    continue
                data = archive.extractfile(entry).read()
                raw = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
                digest.update(raw)
                files += 1
                stated += data[:4] == b"fLaC" and any(data[26:42])
                samples += len(raw) // 2
        out.write(f"{name}\t{files}\t{stated}\t{samples}\t{digest.hexdigest()}\n")
        print(name, files, stated, samples)
