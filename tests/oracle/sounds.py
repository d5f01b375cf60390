#!/usr/bin/python3
"""Makes the decoders' reference sounds, what other decoders read from them, and torchaudio's resampling.

Writes tests/oracle/data/sounds/: the files (sounds.tar.gz) and expected.bin.gz, their samples one after the other in the
order of index.tsv (name, rate, channels, bits, frames, "int32" or "float32"; interleaved, little-endian). Integers are as
stored. `flac -d` reads the FLAC files and sox the others; floats and what ffmpeg decodes are read by ffmpeg. FLAC's rarer
parts, which no encoder at hand writes, are written below and must be read by `flac -d` as they were meant.
Writes tests/oracle/data/resample.safetensors as well. Needs flac, sox, ffmpeg, numpy, torch, torchaudio; flac 1.4.2,
sox 14.4.2, ffmpeg 5.1 and torchaudio 0.13 made the committed files.
"""
import gzip
import io
import os
import struct
import subprocess
import tarfile
import tempfile

import numpy as np
import torch
import torchaudio

import tiny_safetensors

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "data", "sounds")
sounds = []         # (name, bytes, rate, channels, bits, samples [frames, channels])
work = tempfile.mkdtemp()


def run(*command, data=None):
    return subprocess.run(command, input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


def tone(frames, channels, bits, seed=0, alike=0.0, level=0.6, noise=0.02):
    """Two tones and noise; `alike` is how much the channels share."""
    rng = np.random.RandomState(seed)
    t = np.arange(frames)[:, None]
    f = rng.uniform(0.01, 0.2, (2, channels))
    own = 0.6 * np.sin(t * f[0]) + 0.3 * np.sin(t * f[1] + 1) + noise * rng.normal(size=(frames, channels))
    mixed = alike * own[:, :1] + (1 - alike) * own
    return np.clip(np.round(mixed * level * 2 ** (bits - 1)), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1).astype(np.int64)


def wav(samples, rate, bits, container=None, tail=b""):
    """PCM with the extensible header where the bits do not fill their bytes (left-justified, as the standard has it)."""
    container = container or (bits + 7) // 8 * 8
    channels = samples.shape[1]
    values = samples << (container - bits)
    raw = (values + 128).astype("<u1").tobytes() if container == 8 else (
        values.astype("<i4").view("<u1").reshape(-1, 4)[:, : container // 8].tobytes())
    block = channels * container // 8
    form = struct.pack("<HHIIHH", 0xFFFE, channels, rate, rate * block, block, container)
    form += struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(raw)) + raw + b"\0" * (len(raw) & 1) + tail
    return b"RIFF" + struct.pack("<I", len(body)) + body


def decoded_flac(data):
    """What `flac -d` reads: a WAV whose unused bits are lowest, shifted back to the stream's bits."""
    out = run("flac", "-d", "-s", "-c", "-", data=data)
    bits, channels = ((data_info(data)[0] >> 36) & 31) + 1, ((data_info(data)[0] >> 41) & 7) + 1
    size = (bits + 7) // 8
    bytes_ = np.frombuffer(out[out.index(b"data") + 8:], "<u1")
    bytes_ = bytes_[: len(bytes_) // (size * channels) * size * channels].reshape(-1, size)
    wide = np.zeros((len(bytes_), 8), "<u1")
    wide[:, 8 - size:] = bytes_ if size > 1 else bytes_ ^ 128
    return (wide.view("<i8")[:, 0] >> (64 - bits)).reshape(-1, channels), bits


def data_info(data):
    at = data.index(b"fLaC")
    return [struct.unpack(">Q", data[at + 18: at + 26])[0]]


def add_flac(name, data, expected=None):
    samples, bits = decoded_flac(data)
    if expected is not None:
        assert np.array_equal(samples, expected), name
    rate = data_info(data)[0] >> 44
    sounds.append((name, data, rate, samples.shape[1], bits, samples))


def encode(name, samples, rate, bits, *options):
    path = os.path.join(work, "in.wav")
    with open(path, "wb") as file:
        file.write(wav(samples, rate, bits))
    run("flac", "-s", "-f", "--no-padding", *options, path, "-o", os.path.join(work, "out.flac"))
    data = open(os.path.join(work, "out.flac"), "rb").read()
    add_flac(name, data, samples)


# FLAC by the reference encoder ----------------------------------------------------------------------------------
for level in range(9):
    encode(f"flac-level{level}-mono.flac", tone(1500, 1, 16, level), 16000, 16, f"-{level}", "-b", "576")
for index, alike in enumerate([0, 0.5, 0.9, 1.0]):
    encode(f"flac-stereo{index}.flac", tone(1200, 2, 16, index, alike), 44100, 16, "-8", "-b", "512")
quiet = tone(1200, 2, 16, 9)
quiet[:, 1] = quiet[:, 0] + tone(1200, 1, 16, 10, level=0.003)[:, 0]
encode("flac-stereo-near.flac", quiet, 44100, 16, "-8", "-b", "512")
quiet = quiet[:, ::-1].copy()
quiet[:, 0] = tone(1200, 1, 16, 12, level=0.01)[:, 0]
encode("flac-stereo-far.flac", quiet, 44100, 16, "-8", "-b", "512")
for bits in [4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 32]:
    encode(f"flac-{bits}bit.flac", tone(700, 2, bits, bits, 0.7), 48000, bits, "-8", "--lax", "-b", "256")
for channels in [3, 4, 5, 6, 7, 8]:
    encode(f"flac-{channels}channels.flac", tone(300, channels, 16, channels), 32000, 16, "-5", "-b", "192", "--channel-map=none")
for order in [1, 2, 3, 4, 5, 9, 13, 17, 20, 27, 32]:
    encode(f"flac-lpc{order}.flac", tone(900, 1, 16, order, noise=0.001), 16000, 16, "--lax", "-l", str(order), "-b", "450", "--disable-fixed-subframes")
    if order in (4, 12, 32):
        encode(f"flac-lpc{order}-24bit.flac", tone(900, 1, 24, order, noise=0.001), 16000, 24, "--lax", "-l", str(order), "-b", "450", "-q", "15")
encode("flac-tiny-blocks.flac", tone(200, 1, 16, 1), 8000, 16, "--lax", "-b", "16")
encode("flac-one-sample.flac", tone(1, 1, 16, 1), 8000, 16)
encode("flac-partitions.flac", tone(4096, 1, 16, 3) * (np.arange(4096)[:, None] % 1024 < 300), 16000, 16, "--lax", "-r", "8,12", "-b", "4096")
encode("flac-wasted3.flac", (tone(800, 1, 16, 4) >> 3) << 3, 16000, 16, "-5")
encode("flac-wasted8.flac", (tone(800, 2, 24, 4) >> 8) << 8, 16000, 24, "-5")
encode("flac-silence.flac", np.zeros((2000, 2), np.int64), 16000, 16)
encode("flac-constant.flac", np.full((2000, 1), -1234), 16000, 16)
encode("flac-loud-noise.flac", np.random.RandomState(7).randint(-32768, 32768, (700, 2)), 16000, 16)
encode("flac-noise-24bit.flac", np.random.RandomState(8).randint(-2 ** 23, 2 ** 23, (500, 1)), 96000, 24)
encode("flac-extremes.flac", np.where(np.random.RandomState(9).randint(0, 2, (600, 2)) > 0, 32767, -32768), 16000, 16, "-8")
encode("flac-odd-rate.flac", tone(300, 1, 16, 5), 11021, 16, "--lax")
encode("flac-high-rate.flac", tone(300, 1, 16, 5), 384000, 16, "--lax")
encode("flac-seektable.flac", tone(9000, 1, 8, 6), 16000, 8, "-b", "256", "-S", "1000x")
add_flac("flac-id3.flac", b"ID3\4\0\0" + bytes([0, 0, 1, 2]) + b"x" * 130 + sounds[0][1], sounds[0][5])
# `flac -d` gives these samples too, but ends with an error.
sounds.append(("flac-id3v1-behind.flac", sounds[0][1] + b"TAG" + b"y" * 125, *sounds[0][2:]))


# FLAC by hand ---------------------------------------------------------------------------------------------------
class Bits:
    def __init__(self):
        self.text = []

    def put(self, value, bits):
        self.text.append(format(int(value) & ((1 << bits) - 1), f"0{bits}b") if bits else "")

    def unary(self, zeros):
        self.text.append("0" * int(zeros) + "1")

    def bytes(self):
        text = "".join(self.text)
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def crc(data, polynomial, bits):
    value = 0
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value >> (bits - 1) & 1 else 0)
            value &= (1 << bits) - 1
    return value


def utf8(number):
    if number < 128:
        return bytes([number])
    for count in range(2, 8):
        if number < 1 << (5 * count + 1):
            out = [(number >> (6 * i) & 63) | 128 for i in range(count - 1)]
            lead = (0xFF << (8 - count)) & 0xFF
            return bytes([lead | (number >> (6 * (count - 1)))] + out[::-1])


FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]


def residual(bits, values, block, order, spec):
    """spec: (method, partition order, one parameter a partition; ("raw", n) is an escape)."""
    method, partition_order, parameters = spec
    bits.put(method, 2)
    bits.put(partition_order, 4)
    size, width = block >> partition_order, 5 if method else 4
    for p, parameter in enumerate(parameters):
        part = values[max(0, p * size - order): (p + 1) * size - order]
        if isinstance(parameter, tuple):
            bits.put(-1, width)
            bits.put(parameter[1], 5)
            for value in part:
                bits.put(value, parameter[1])
            continue
        bits.put(parameter, width)
        for value in part:
            folded = 2 * value if value >= 0 else -2 * value - 1
            bits.unary(folded >> parameter)
            bits.put(folded, parameter)


def subframe(bits, x, width, kind, spec=None, coefficients=None, shift=0, precision=15, wasted=0):
    x = [int(v) >> wasted for v in x]
    width -= wasted
    order = {"constant": 0, "verbatim": 1}.get(kind)
    if kind == "fixed":
        coefficients, order = FIXED[coefficients], 8 + coefficients
        taps = len(coefficients)
    elif kind == "lpc":
        taps, order = len(coefficients), 32 + len(coefficients) - 1
    bits.put(0, 1)
    bits.put(order, 6)
    bits.put(wasted > 0, 1)
    if wasted:
        bits.unary(wasted - 1)
    if kind == "constant":
        bits.put(x[0], width)
        return
    if kind == "verbatim":
        for v in x:
            bits.put(v, width)
        return
    for v in x[:taps]:
        bits.put(v, width)
    if kind == "lpc":
        bits.put(precision - 1, 4)
        bits.put(shift, 5)
        for c in coefficients:
            bits.put(c, precision)
    rest = [x[i] - (sum(c * x[i - 1 - j] for j, c in enumerate(coefficients)) >> shift) for i in range(taps, len(x))]
    residual(bits, rest, len(x), taps, spec)


def frame(x, bits, number, variable, channel_code, subframes):
    """x: [block, channels] as coded; subframes: keyword arguments of each channel."""
    block = len(x)
    head = bytes([0xFF, 0xF8 | variable, 7 << 4, channel_code << 4]) + utf8(number) + struct.pack(">H", block - 1)
    head += bytes([crc(head, 0x07, 8)])
    body = Bits()
    for c, arguments in enumerate(subframes):
        side = {8: 1, 9: 0, 10: 1}.get(channel_code) == c
        subframe(body, x[:, c], bits + side, **arguments)
    data = head + body.bytes()
    return data + struct.pack(">H", crc(data, 0x8005, 16))


def stream(frames, rate, channels, bits, total, smallest=16, largest=4096):
    info = struct.pack(">HH", smallest, largest) + bytes(6) + struct.pack(">Q", rate << 44 | (channels - 1) << 41 | (bits - 1) << 36 | total) + bytes(16)
    return b"fLaC" + b"\x80\0\0\x22" + info + b"".join(frames)


x = tone(96, 1, 16, 20)
kinds = [dict(kind="fixed", coefficients=2, spec=(0, 2, [("raw", 17), 11, ("raw", 18), 14])),
         dict(kind="fixed", coefficients=4, spec=(1, 1, [("raw", 20), 16])),
         dict(kind="fixed", coefficients=0, spec=(1, 0, [30])),
         dict(kind="fixed", coefficients=1, spec=(0, 3, [9] * 8)),
         dict(kind="fixed", coefficients=3, spec=(0, 0, [8])),
         dict(kind="verbatim"),
         dict(kind="lpc", coefficients=[1, 0, 0, 1, -1], shift=0, precision=2, spec=(0, 0, [12])),
         dict(kind="lpc", coefficients=[16000] + [0] * 30 + [-300], shift=14, precision=15, spec=(0, 0, [12]))]
add_flac("flac-hand-kinds.flac", stream([frame(x, 16, i, 0, 0, [kind]) for i, kind in enumerate(kinds)], 16000, 1, 16, 96 * len(kinds), 96, 96), np.tile(x, (len(kinds), 1)))
few = np.array([5, -3, 0, 2] * 8)[:, None]
add_flac("flac-hand-unary.flac", stream([frame(few * 40, 16, 0, 0, 0, [dict(kind="fixed", coefficients=0, spec=(0, 0, [0]))])], 8000, 1, 16, 32, 32, 32), few * 40)
zeros = np.zeros((64, 1), np.int64)
add_flac("flac-hand-escape0.flac", stream([frame(zeros, 16, 0, 0, 0, [dict(kind="fixed", coefficients=0, spec=(0, 1, [("raw", 0)] * 2))])], 8000, 1, 16, 64, 64, 64), zeros)

pieces, at, whole = [], 0, tone(1500, 1, 12, 21)
for size in [16, 300, 77, 1000, 107]:
    pieces.append(frame(whole[at: at + size], 12, at, 1, 0, [dict(kind="fixed", coefficients=2, spec=(0, 0, [6]))]))
    at += size
add_flac("flac-hand-variable.flac", stream(pieces, 22050, 1, 12, 1500, 16, 1000), whole)
add_flac("flac-hand-unknown-total.flac", stream(pieces, 22050, 1, 12, 0, 16, 1000), whole)

for code, name in [(8, "left-side"), (9, "side-right"), (10, "mid-side")]:
    for bits in [16, 24, 31, 32]:
        rng = np.random.RandomState(code * 40 + bits)
        wide = rng.randint(-2 ** (bits - 1), 2 ** (bits - 1), (48, 2))
        wide[:4] = [[-2 ** (bits - 1), 2 ** (bits - 1) - 1], [2 ** (bits - 1) - 1, -2 ** (bits - 1)], [0, -1], [-1, 0]]
        smooth = tone(48, 2, bits, bits, noise=0.001, level=0.4)
        smooth = np.stack([smooth[:, 0], -smooth[:, 0]], 1)
        frames = []
        for number, (values, kind) in enumerate([(wide, None), (smooth, 1), (smooth, 2)]):
            left, right = values[:, 0], values[:, 1]
            coded = {8: [left, left - right], 9: [left - right, right], 10: [(left + right) >> 1, left - right]}[code]
            how = dict(kind="verbatim") if kind is None else dict(kind="fixed", coefficients=kind, spec=(1, 1, [bits - 3, bits - 4])) if kind == 1 \
                else dict(kind="lpc", coefficients=[28000 >> 1, -12000 >> 1], shift=13, precision=15, spec=(1, 0, [bits - 4]))
            frames.append(frame(np.stack(coded, 1), bits, number, 0, code, [how, how]))
        add_flac(f"flac-hand-{name}-{bits}bit.flac", stream(frames, 48000, 2, bits, 144, 48, 48), np.concatenate([wide, smooth, smooth]))
many = (tone(64, 1, 16, 5) >> 5) << 5
add_flac("flac-hand-wasted.flac", stream([frame(many, 16, 0, 0, 0, [dict(kind="fixed", coefficients=1, wasted=5, spec=(0, 0, [6]))]),
                                          frame(np.full((64, 1), -2 ** 15), 16, 1, 0, 0, [dict(kind="constant", wasted=15)])], 8000, 1, 16, 128, 64, 64),
         np.concatenate([many, np.full((64, 1), -2 ** 15)]))


# WAV, SPHERE and others by sox -----------------------------------------------------------------------------------
def by_sox(name, kind, channels, rate, *encoding, bits, floats=False):
    source = os.path.join(work, "source.wav")
    with open(source, "wb") as file:
        file.write(wav(tone(400, channels, 24, len(sounds), level=0.8), rate, 24))
    path = os.path.join(work, "made." + kind)
    run("sox", "-D", source, *encoding, path)
    data = open(path, "rb").read()
    if floats:
        raw = run("ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-")
        samples = np.frombuffer(raw, "<f4").reshape(-1, channels)
    else:
        raw = run("sox", path, "-t", "raw", "-e", "signed-integer", "-b", "32", "-L", "-")
        samples = np.frombuffer(raw, "<i4").reshape(-1, channels).astype(np.int64) >> (32 - bits)
    sounds.append((name, data, rate, channels, bits, samples))


for bits in [8, 16, 24, 32]:
    by_sox(f"wav-{bits}bit.wav", "wav", 1 if bits != 16 else 2, 16000, "-b", str(bits), bits=bits)
by_sox("wav-6channels.wav", "wav", 6, 48000, "-b", "16", bits=16)
by_sox("wav-float32.wav", "wav", 2, 44100, "-e", "floating-point", "-b", "32", bits=32, floats=True)
by_sox("wav-float64.wav", "wav", 1, 44100, "-e", "floating-point", "-b", "64", bits=64, floats=True)
by_sox("wav-alaw.wav", "wav", 1, 8000, "-e", "a-law", bits=16)
by_sox("wav-mulaw.wav", "wav", 2, 8000, "-e", "u-law", bits=16)
by_sox("wav-rifx.wav", "wav", 1, 16000, "-b", "16", "-B", bits=16)
every = np.arange(256, dtype="<u1")
for tag, coding in [(6, "a-law"), (7, "u-law")]:
    raw = run("sox", "-t", "raw", "-r", "8000", "-c", "1", "-e", coding, "-b", "8", "-", "-t", "raw", "-e", "signed-integer", "-b", "16", "-L", "-", data=every.tobytes())
    form = struct.pack("<HHIIHH", tag, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 256) + every.tobytes()
    sounds.append((f"wav-every-{coding}.wav", b"RIFF" + struct.pack("<I", len(body)) + body, 8000, 1, 16, np.frombuffer(raw, "<i2").astype(np.int64)[:, None]))
by_sox("sphere-16bit-le.sph", "sph", 1, 16000, "-b", "16", "-L", bits=16)
by_sox("sphere-16bit-be.sph", "sph", 2, 16000, "-b", "16", "-B", bits=16)
by_sox("sphere-24bit.sph", "sph", 1, 16000, "-b", "24", bits=24)
by_sox("sphere-ulaw.sph", "sph", 1, 8000, "-e", "u-law", bits=16)
by_sox("other.aiff", "aiff", 2, 22050, "-b", "16", bits=32, floats=True)
by_sox("other.ogg", "ogg", 1, 16000, bits=32, floats=True)
by_sox("other.au", "au", 1, 16000, "-b", "16", bits=32, floats=True)
adpcm = os.path.join(work, "adpcm.wav")
run("sox", os.path.join(work, "source.wav"), "-e", "ima-adpcm", adpcm)
raw = run("ffmpeg", "-v", "error", "-i", adpcm, "-f", "f32le", "-")
sounds.append(("other-adpcm.wav", open(adpcm, "rb").read(), 16000, 1, 32, np.frombuffer(raw, "<f4")[:, None]))

os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "sounds.tar.gz"), "wb") as raw_file, gzip.GzipFile(fileobj=raw_file, mode="wb", mtime=0, filename="") as packed, \
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
    for name, data, *_ in sounds:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
with open(os.path.join(OUT, "index.tsv"), "w") as index, open(os.path.join(OUT, "expected.bin.gz"), "wb") as raw_file, \
        gzip.GzipFile(fileobj=raw_file, mode="wb", mtime=0, filename="") as packed:
    for name, data, rate, channels, bits, samples in sounds:
        kind = "float32" if samples.dtype == np.float32 else "int32"
        index.write(f"{name}\t{rate}\t{channels}\t{bits}\t{len(samples)}\t{kind}\n")
        packed.write(np.ascontiguousarray(samples.astype("<f4" if kind == "float32" else "<i4")).tobytes())

# Resampling ------------------------------------------------------------------------------------------------------
tensors = {}
torch.manual_seed(1)
for source, target in [(44100, 16000), (8000, 16000), (48000, 16000), (16000, 8000), (22050, 16000), (16000, 44100), (11025, 16000)]:
    x = torch.randn(1501).clamp(-3, 3) / 3
    tensors[f"{source}-{target}.x"] = x
    tensors[f"{source}-{target}.y"] = torchaudio.transforms.Resample(source, target)(x)
tiny_safetensors.save(os.path.join(HERE, "data", "resample.safetensors"), tensors)
print(len(sounds), "sounds", sum(len(s[1]) for s in sounds), "bytes")
