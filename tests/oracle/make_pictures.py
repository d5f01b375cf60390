#!/usr/bin/python3
"""Makes the decoders' reference pictures and what an independent decoder (PIL over libjpeg-turbo and zlib) reads from them.

Writes tests/oracle/data/pictures/: the pictures (pictures.tar.gz), and expected.bin.gz, the expected pixels one after the
other in the order of index.tsv (name, width, height, channels; a tab between). Grey files have one channel. Needs PIL,
numpy and cjpeg (libjpeg-turbo-progs): the JPEG variants that PIL cannot write are made by cjpeg or by editing bytes,
the PNG, BMP and PNM files by the small writers below. PIL 9.4 with libjpeg-turbo 2.1.5 made the committed files.
"""
import gzip
import io
import os
import random
import struct
import subprocess
import tarfile
import tempfile
import zlib

import numpy as np
from PIL import Image, ImageOps

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "pictures")
SIZES = [(1, 1), (7, 5), (17, 33), (32, 32), (50, 40)]
pictures = []       # (name, bytes, expected array [H, W] or [H, W, 3])


def photo(width, height, seed=0):
    """Smooth shading, a few edges and a little noise: what a photograph looks like to a codec."""
    rng = np.random.RandomState(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(3):
        a, b, p = rng.uniform(0.05, 0.35, 3)
        planes.append(128 + 70 * np.sin(a * x + p * 9) * np.cos(b * y + c) + 30 * ((x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2))
    picture = np.stack(planes, -1) + rng.normal(0, 4, (height, width, 3))
    picture[height // 2:, : width // 4] = [200, 30, 60]
    return np.clip(picture, 0, 255).astype(np.uint8)


def grey(width, height, seed=0):
    return photo(width, height, seed)[..., 1]


def add(name, data, expected=None):
    """Keeps a picture; without `expected`, PIL says what it holds."""
    if expected is None:
        picture = Image.open(io.BytesIO(data))
        # PIL opens 16-bit grey with alpha as RGBA.
        is_grey = picture.mode in ("1", "L", "LA") and not name.endswith(".bmp") or "-type4-" in name
        if name.endswith(".jpg"):
            picture = ImageOps.exif_transpose(picture)
        expected = np.asarray(picture.convert("RGB"))
        if is_grey:
            assert (expected[..., 0] == expected[..., 2]).all()
            expected = expected[..., 0]
    assert name not in [known[0] for known in pictures], name
    pictures.append((name, data, np.ascontiguousarray(expected, np.uint8)))


# JPEG ------------------------------------------------------------------------------------------------------------

def cjpeg(pixels, *options, scans=None):
    kind, shape = (b"P6", pixels.shape) if pixels.ndim == 3 else (b"P5", pixels.shape)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as script:
        if scans:
            script.write(scans)
            script.flush()
            options = (*options, "-scans", script.name)
        ppm = kind + b" %d %d 255\n" % (shape[1], shape[0]) + pixels.tobytes()
        return subprocess.run(["cjpeg", *options], input=ppm, stdout=subprocess.PIPE, check=True).stdout


def pil(pixels, mode="RGB", **options):
    out = io.BytesIO()
    Image.fromarray(pixels, mode).save(out, "JPEG", **options)
    return out.getvalue()


def segments(data):
    """The segments up to the first scan, each with its marker, and the rest from that scan on."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2:at + 4])[0]
        found.append(data[at:at + 2 + length])
        at += 2 + length
    return found, data[at:]


def rebuild(data, edit):
    """The file with its segments before the first scan replaced by edit(segment), None or any bytes."""
    found, rest = segments(data)
    return data[:2] + b"".join(edit(s) or b"" for s in found) + rest


def without(marker):
    return lambda s: None if s[1] == marker else s


def with_exif(data, orientation, big_endian, field_type=3):
    e = ">" if big_endian else "<"
    value = struct.pack(e + "HH", orientation, 0) if field_type == 3 else struct.pack(e + "I", orientation)
    tiff = (b"MM\0*" if big_endian else b"II*\0") + struct.pack(e + "IH", 8, 2)
    tiff += struct.pack(e + "HHI", 0x0100, 4, 1) + struct.pack(e + "I", 7)
    tiff += struct.pack(e + "HHI", 0x0112, field_type, 1) + value + struct.pack(e + "I", 0)
    payload = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + data[2:]


def jpegs():
    for sampling in ["1x1", "2x1", "2x2", "1x2"]:
        for width, height in SIZES:
            content = photo(width, height, width)
            add(f"jpeg-{sampling}-{width}x{height}.jpg", cjpeg(content, "-sample", sampling, "-quality", "80"))
            add(f"jpeg-{sampling}-{width}x{height}-progressive.jpg", cjpeg(content, "-sample", sampling, "-quality", "80", "-progressive"))
    for sampling in ["4x1", "1x4", "4x2", "2x4", "3x1", "3x2", "2x2,2x1", "2x2,1x2", "1x1,2x2,2x2", "2x1,1x2,1x2", "2x2,1x1,2x2", "4x1,2x1", "1x2,1x1"]:
        content = photo(37, 21, 5)
        add(f"jpeg-factors-{sampling.replace(',', '-')}.jpg", cjpeg(content, "-sample", sampling, "-quality", "85"))
    add("jpeg-factors-4x2-progressive.jpg", cjpeg(photo(37, 21, 5), "-sample", "4x2", "-progressive"))
    for quality in [1, 10, 50, 95, 100]:
        for sampling in ["1x1", "2x2"]:
            add(f"jpeg-quality-{quality}-{sampling}.jpg", cjpeg(photo(32, 32, quality), "-sample", sampling, "-quality", str(quality)))
    noise = np.random.RandomState(1).randint(0, 256, (24, 24, 3)).astype(np.uint8)
    add("jpeg-noise-100.jpg", cjpeg(noise, "-sample", "1x1", "-quality", "100"))
    add("jpeg-noise-100-progressive.jpg", cjpeg(noise, "-sample", "2x1", "-quality", "100", "-progressive"))
    stripes = np.where(np.mgrid[0:24, 0:24][1][..., None] % 2 == 0, np.uint8(255), np.uint8(0)).repeat(3, -1)
    add("jpeg-stripes-1.jpg", cjpeg(stripes, "-quality", "1", "-sample", "1x1"))
    for width, height in [(1, 1), (17, 33), (50, 40)]:
        add(f"jpeg-grey-{width}x{height}.jpg", cjpeg(grey(width, height), "-quality", "85"))
        add(f"jpeg-grey-{width}x{height}-progressive.jpg", cjpeg(grey(width, height), "-quality", "85", "-progressive"))
    add("jpeg-grey-factors-2x2.jpg", rebuild(cjpeg(grey(17, 33)), lambda s: s[:11] + b"\x22" + s[12:] if s[1] == 0xC0 else s))
    content = photo(33, 19, 3)
    for width, height, seed in [(32, 32, 1), (50, 40, 2)]:
        add(f"jpeg-optimized-{width}x{height}.jpg", cjpeg(photo(width, height, seed), "-optimize"))
    rgb = cjpeg(content, "-rgb", "-quality", "90")
    add("jpeg-rgb-adobe.jpg", rgb)
    add("jpeg-rgb-by-names.jpg", rebuild(rgb, without(0xEE)))
    add("jpeg-rgb-progressive.jpg", cjpeg(content, "-rgb", "-progressive"))
    add("jpeg-without-jfif.jpg", rebuild(cjpeg(content), without(0xE0)))
    add("jpeg-adobe-ycc.jpg", rebuild(rgb, lambda s: s[:-1] + b"\x01" if s[1] == 0xEE else s))

    inks = np.dstack([255 - content, grey(33, 19, 8) // 2])
    for subsampling in [0, 2]:
        cmyk = pil(inks, "CMYK", quality=90, subsampling=subsampling)
        add(f"jpeg-cmyk-{subsampling}.jpg", cmyk)
        add(f"jpeg-ycck-{subsampling}.jpg", rebuild(cmyk, lambda s: s[:-1] + b"\x02" if s[1] == 0xEE else s))
    add("jpeg-cmyk-without-adobe.jpg", rebuild(cmyk, without(0xEE)))
    progressive = pil(inks, "CMYK", quality=90, progressive=True)
    add("jpeg-cmyk-progressive.jpg", progressive)
    add("jpeg-ycck-progressive.jpg", rebuild(progressive, lambda s: s[:-1] + b"\x02" if s[1] == 0xEE else s))

    for restart in ["1", "1B", "3B", "2"]:
        add(f"jpeg-restart-{restart}.jpg", cjpeg(photo(50, 40, 4), "-restart", restart))
        add(f"jpeg-restart-{restart}-progressive.jpg", cjpeg(photo(50, 40, 4), "-restart", restart, "-progressive", "-sample", "1x1"))
    add("jpeg-restart-1B-planar.jpg", cjpeg(photo(50, 40, 4), "-restart", "1B", scans="0; 1; 2;"))

    add("jpeg-planar.jpg", cjpeg(content, scans="0; 1; 2;"))
    add("jpeg-planar-1x1.jpg", cjpeg(content, "-sample", "1x1", scans="2; 0; 1;"))
    add("jpeg-planar-two.jpg", cjpeg(content, "-sample", "2x1", scans="0; 1 2;"))
    spectral = "0 1 2: 0-0, 0, 0; 0: 1-5, 0, 0; 1: 1-63, 0, 0; 2: 1-63, 0, 0; 0: 6-63, 0, 0;"
    add("jpeg-spectral.jpg", cjpeg(content, scans=spectral))
    deep = "0 1 2: 0-0, 0, 3; " + "".join(f"{c}: 1-63, 0, 4; " for c in range(3))
    for bit in [3, 2, 1, 0]:
        deep += "".join(f"{c}: 1-63, {bit + 1}, {bit}; " for c in range(3))
        deep += f"0 1 2: 0-0, {bit}, {bit - 1}; " if bit > 0 else ""
    add("jpeg-deep.jpg", cjpeg(content, "-quality", "98", scans=deep))
    add("jpeg-deep-1x1.jpg", cjpeg(photo(50, 40, 9), "-quality", "98", "-sample", "1x1", scans=deep))
    single = "0: 0-0, 0, 0; 1 2: 0-0, 0, 0; " + "".join(f"0: {k}-{k}, 0, 0; " for k in range(1, 64)) + "1: 1-63, 0, 0; 2: 1-63, 0, 0;"
    add("jpeg-a-scan-a-coefficient.jpg", cjpeg(photo(17, 12, 2), scans=single))

    small = cjpeg(photo(13, 9, 6), "-quality", "90")
    for orientation in range(1, 9):
        for big_endian in [False, True]:
            add(f"jpeg-exif-{orientation}-{'mm' if big_endian else 'ii'}.jpg", with_exif(small, orientation, big_endian))
    add("jpeg-exif-0.jpg", with_exif(small, 0, True))
    add("jpeg-exif-9.jpg", with_exif(small, 9, False))
    add("jpeg-exif-long.jpg", with_exif(small, 6, False, field_type=4))
    add("jpeg-exif-6-grey.jpg", with_exif(cjpeg(grey(13, 9)), 6, True))
    add("jpeg-exif-8-progressive.jpg", with_exif(cjpeg(photo(21, 30, 2), "-progressive"), 8, False))
    add("jpeg-exif-5-cmyk.jpg", with_exif(pil(inks, "CMYK"), 5, True))

    plain = cjpeg(content, "-quality", "90")
    add("jpeg-fill-bytes.jpg", rebuild(plain, lambda s: b"\xff\xff\xff" + s))
    add("jpeg-junk-between.jpg", rebuild(plain, lambda s: s + b"\x00\x12\x34" if s[1] == 0xE0 else s))
    add("jpeg-extended.jpg", rebuild(plain, lambda s: b"\xff\xc1" + s[2:] if s[1] == 0xC0 else s))
    wide = lambda s: s[:2] + struct.pack(">H", 131) + bytes([0x10 | s[4]]) + b"".join(struct.pack(">H", b) for b in s[5:])
    add("jpeg-16-bit-steps.jpg", rebuild(plain, lambda s: wide(s) if s[1] == 0xDB else s))
    add("jpeg-trailing-bytes.jpg", plain + b"more bytes \xff\xd8\xff")
    comment = b"\xff\xfe\x00\x0ehello there."
    add("jpeg-comment.jpg", plain[:2] + comment + plain[2:])
    assert plain.endswith(b"\xff\xd9")
    add("jpeg-without-end.jpg", plain[:-2], np.asarray(Image.open(io.BytesIO(plain)).convert("RGB")))
    add("jpeg-without-end-progressive.jpg", cjpeg(content, "-progressive")[:-2], np.asarray(Image.open(io.BytesIO(cjpeg(content, "-progressive"))).convert("RGB")))


# PNG -------------------------------------------------------------------------------------------------------------

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_row(samples, depth):
    """Samples of one row (ints) to bytes, leftmost in the high bits."""
    if depth == 16:
        return b"".join(struct.pack(">H", int(v)) for v in samples)
    if depth == 8:
        return bytes(int(v) for v in samples)
    bits = "".join(format(int(v), f"0{depth}b") for v in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def filter_row(kind, row, above, step):
    out = bytearray()
    for i, v in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out.append((v - [0, a, b, (a + b) // 2, paeth][kind]) & 255)
    return bytes(out)


def png(samples, colour_type, depth, interlaced=False, palette=None, transparency=None, parts=1, seed=0):
    """A PNG file of samples [H, W, S]; every row has a filter of its own choice."""
    rng = random.Random(seed)
    height, width, per_pixel = samples.shape
    step = max(1, per_pixel * depth // 8)
    raw = b""
    for x, y, step_x, step_y in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::step_y, x::step_x]
        if part.size == 0:
            continue
        above = None
        for line in part:
            row = pack_row(line.reshape(-1), depth)
            kind = rng.randrange(5)
            raw += bytes([kind]) + filter_row(kind, row, above or bytes(len(row)), step)
            above = row
    data = zlib.compress(raw, 9)
    cuts = [len(data) * i // parts for i in range(parts + 1)]
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced)))
    out += chunk(b"tEXt", b"Comment\0made for a test")
    if palette is not None:
        out += chunk(b"PLTE", palette)
    if transparency is not None:
        out += chunk(b"tRNS", transparency)
    out += b"".join(chunk(b"IDAT", data[a:b]) for a, b in zip(cuts, cuts[1:]))
    return out + chunk(b"IEND", b"")


def pngs():
    kinds = [(0, d) for d in (1, 2, 4, 8, 16)] + [(3, d) for d in (1, 2, 4, 8)] + [(t, d) for t in (2, 4, 6) for d in (8, 16)]
    palette = np.random.RandomState(2).randint(0, 256, 768).astype(np.uint8).tobytes()
    for colour_type, depth in kinds:
        for (width, height), interlaced in [((19, 11), False), ((7, 5), True), ((21, 18), True), ((1, 1), False), ((2, 3), True)]:
            per_pixel = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour_type]
            base = photo(width, height, depth + colour_type).astype(np.int64)
            base = np.dstack([base, 255 - base[..., :1]])[..., :per_pixel] if colour_type != 4 else base[..., :2]
            low = np.random.RandomState(depth).randint(0, 256, base.shape)
            samples = base * 256 + low if depth == 16 else base >> (8 - depth)
            entries = palette[:3 << depth] if colour_type == 3 else None
            data = png(samples, colour_type, depth, interlaced, entries, seed=width)
            name = f"png-type{colour_type}-{depth}bit-{width}x{height}{'-adam7' if interlaced else ''}.png"
            # PIL clips 16-bit grey to 255; the rule here is the high byte, as PIL itself has it for 16-bit RGB.
            add(name, data, (samples[..., 0] >> 8) if (colour_type, depth) == (0, 16) else None)
    content = photo(20, 14, 4).astype(np.int64)
    add("png-grey-transparent.png", png(content[..., :1], 0, 8, transparency=b"\0\x80"))
    add("png-rgb-transparent.png", png(content, 2, 8, transparency=b"\0\x80\0\x80\0\x80"))
    add("png-indexed-transparent.png", png(content[..., :1] >> 4, 3, 4, palette=palette[:48], transparency=bytes(range(0, 160, 10))))
    add("png-many-parts.png", png(content, 2, 8, parts=9))
    add("png-empty-parts.png", png(content[:2, :2], 2, 8, parts=60))
    add("png-short-palette.png", png(content[..., :1] % 5, 3, 8, palette=palette[:15]))
    add("png-suggested-palette.png", png(content, 2, 8, palette=palette[:30]))
    without_end = png(content, 2, 8)[:-12]
    add("png-without-end.png", without_end, content)


# BMP -------------------------------------------------------------------------------------------------------------

def bmp(width, height, bits, rows, palette=b"", compression=0, masks=b"", header=40, colours=0, gap=0):
    size = header
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, len(rows), 2835, 2835, colours, 0)
        if header == 40:
            info += masks
        else:
            info += masks.ljust(header - 40, b"\0")
    start = 14 + len(info) + len(palette) + gap
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + info + palette + bytes(gap) + rows


def padded(rows):
    return b"".join(r + bytes(-len(r) % 4) for r in rows)


def bmps():
    width, height = 19, 11
    content = photo(width, height, 7)
    colours = np.random.RandomState(3).randint(0, 256, (256, 3)).astype(np.uint8)
    quads = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
    triples = b"".join(bytes([b, g, r]) for r, g, b in colours)
    for bits in [1, 4, 8]:
        indices = content[..., 0] >> (8 - bits)
        expected = colours[indices]
        up = padded(pack_row(r, bits) for r in indices[::-1])
        down = padded(pack_row(r, bits) for r in indices)
        add(f"bmp-{bits}.bmp", bmp(width, height, bits, up, quads[:4 << bits]), expected)
        add(f"bmp-{bits}-top-down.bmp", bmp(width, -height, bits, down, quads[:4 << bits]), expected)
        add(f"bmp-{bits}-core.bmp", bmp(width, height, bits, up, triples[:3 << bits], header=12), expected)
        # The script's own expectation is held to PIL's wherever PIL reads the kind.
        for name, data, _ in pictures[-2:-1]:
            assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) == expected).all(), name
    few = content[..., 1] % 7
    add("bmp-8-few-colours.bmp", bmp(width, height, 8, padded(bytes(r) for r in few[::-1]), quads[:28], colours=7))

    bgr = [content[y, :, ::-1].tobytes() for y in range(height)]
    bgrx = [np.dstack([content[y:y + 1, :, ::-1], np.full((1, width, 1), 77, np.uint8)]).tobytes() for y in range(height)]
    add("bmp-24.bmp", bmp(width, height, 24, padded(bgr[::-1])))
    add("bmp-24-top-down.bmp", bmp(width, -height, 24, padded(bgr)))
    add("bmp-24-core.bmp", bmp(width, height, 24, padded(bgr[::-1]), header=12), content)
    add("bmp-24-gap.bmp", bmp(width, height, 24, padded(bgr[::-1]), gap=10))
    add("bmp-24-v5.bmp", bmp(width, height, 24, padded(bgr[::-1]), header=124))
    add("bmp-24-1x1.bmp", bmp(1, 1, 24, b"\x01\x02\x03\x00"))
    add("bmp-32.bmp", bmp(width, height, 32, b"".join(bgrx[::-1])))
    add("bmp-32-top-down.bmp", bmp(width, -height, 32, b"".join(bgrx)))

    five = content.astype(np.int64) >> 3
    six = content.astype(np.int64) >> 2
    x555 = (five[..., 0] << 10) | (five[..., 1] << 5) | five[..., 2]
    x565 = (five[..., 0] << 11) | (six[..., 1] << 5) | five[..., 2]
    words = lambda v: padded(b"".join(struct.pack("<H", int(p)) for p in r) for r in v[::-1])
    add("bmp-16-555.bmp", bmp(width, height, 16, words(x555)))
    add("bmp-16-555-fields.bmp", bmp(width, height, 16, words(x555), compression=3, masks=struct.pack("<III", 0x7C00, 0x3E0, 0x1F)))
    add("bmp-16-565.bmp", bmp(width, height, 16, words(x565), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
    add("bmp-16-565-v4.bmp", bmp(width, height, 16, words(x565), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F), header=108))
    rgbx = padded(b"".join(struct.pack(">I", (int(r) << 24) | (int(g) << 16) | (int(b) << 8)) for r, g, b in row) for row in content[::-1])
    add("bmp-32-fields.bmp", bmp(width, height, 32, rgbx, compression=3, masks=struct.pack("<III", 0xFF, 0xFF00, 0xFF0000)), content)
    ten = content.astype(np.int64) * 4 + 1
    tens = padded(b"".join(struct.pack("<I", (int(r) << 20) | (int(g) << 10) | int(b)) for r, g, b in row) for row in ten[::-1])
    add("bmp-32-ten-bits.bmp", bmp(width, height, 32, tens, compression=3, masks=struct.pack("<III", 0x3FF << 20, 0x3FF << 10, 0x3FF)), ten * 255 // 1023)

    indices = (content[..., 0] >> 4).astype(np.int64)
    indices[3] = 5
    runs8, runs4 = b"", b""
    for y, row in enumerate(indices[::-1]):
        if y % 3 == 0:      # one absolute run
            runs8 += bytes([0, width]) + bytes(int(v) for v in row) + bytes(width % 2)
            packed = pack_row(row, 4)
            runs4 += bytes([0, width]) + packed + bytes(len(packed) % 2)
        else:
            x = 0
            while x < width:
                end = x
                while end < width and row[end] == row[x]:
                    end += 1
                runs8 += bytes([end - x, int(row[x])])
                runs4 += bytes([end - x, int(row[x]) * 17])
                x = end
        runs8 += b"\0\0"
        runs4 += b"\0\0"
    add("bmp-rle8.bmp", bmp(width, height, 8, runs8 + b"\0\1", quads, compression=1))
    add("bmp-rle4.bmp", bmp(width, height, 4, runs4 + b"\0\1", quads[:64], compression=2), colours[indices])
    # Two pixels, a jump of 3 right and 2 up, alternating nibbles, an early end: the rest is colour 0.
    jump = np.zeros((6, 9), np.int64)
    jump[5, 0:2] = 3
    jump[3, 5:8] = 7
    add("bmp-rle8-jump.bmp", bmp(9, 6, 8, b"\2\3\0\2\3\2\3\7\0\1", quads, compression=1), colours[jump])
    jump[3, 5:8] = [7, 9, 7]
    add("bmp-rle4-jump.bmp", bmp(9, 6, 4, b"\2\x33\0\2\3\2\3\x79\0\1", quads[:64], compression=2), colours[jump])


# PGM and PPM -----------------------------------------------------------------------------------------------------

def pnms():
    for max_value in [255, 15, 102, 1000, 65535]:
        for magic, plain in [("P5", False), ("P2", True), ("P6", False), ("P3", True)]:
            per_pixel = 1 if magic in ("P5", "P2") else 3
            content = np.round(photo(13, 7, max_value % 100) / 255 * max_value).astype(np.int64)[..., :per_pixel]
            header = f"{magic}\n# a comment\n13 # another\n7\n{max_value}\n".encode()
            flat = content.reshape(-1)
            if plain:
                body = " ".join(str(v) for v in flat).encode().replace(b" ", b"\n", 5)
            else:
                body = b"".join(struct.pack(">H" if max_value > 255 else "B", int(v)) for v in flat)
            # PIL keeps more than 8 bits of grey and clips them; the rule here is the one PIL has for colour.
            rounded = np.array([round(int(v) / max_value * 255) for v in flat]).reshape(content.shape)
            expected = rounded[..., 0] if per_pixel == 1 else rounded
            if not (per_pixel == 1 and max_value > 255):
                theirs = np.asarray(Image.open(io.BytesIO(header + body)).convert("RGB"))
                assert (theirs == rounded).all(), (magic, max_value)
            add(f"pnm-{magic}-{max_value}.{'pgm' if per_pixel == 1 else 'ppm'}", header + body, expected)


def main():
    jpegs()
    pngs()
    bmps()
    pnms()
    os.makedirs(OUT, exist_ok=True)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data, _ in pictures:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    raw = b"".join(e.tobytes() for _, _, e in pictures)
    for name, data in [("pictures.tar.gz", packed.getvalue()), ("expected.bin.gz", raw)]:
        with open(os.path.join(OUT, name), "wb") as f:
            with gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
                z.write(data)
    with open(os.path.join(OUT, "index.tsv"), "w") as f:
        for name, _, e in pictures:
            f.write(f"{name}\t{e.shape[1]}\t{e.shape[0]}\t{1 if e.ndim == 2 else 3}\n")
    print(len(pictures), "pictures,", sum(len(d) for _, d, _ in pictures), "bytes; expected", len(raw), "bytes")


main()
