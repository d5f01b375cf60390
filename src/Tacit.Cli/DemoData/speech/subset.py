"""Makes the demo's recordings from Debian's packages asterisk-core-sounds-{en,es,fr,it,ru}-wav: python3 subset.py (into this folder).

Needs the program flac. Two seconds each of some prompts of every language to learn from, and one second each of other prompts to
be judged on, chosen by a hash of their names. Samples are rounded to 10 bits, which is what a telephone line keeps, so that five
languages fit into 4 MB.
"""
import array
import hashlib
import io
import pathlib
import subprocess
import tarfile
import tempfile
import wave

SOUNDS = pathlib.Path("/usr/share/asterisk/sounds")
HERE = pathlib.Path(__file__).parent
LANGUAGES = {"en_US_f_Allison": "english", "es_MX_f_Allison": "spanish", "fr_CA_f_June": "french", "it_IT_m_Carlo": "italian", "ru_RU_f_IvrvoiceRU": "russian"}
PARTS = (("train", 2.0, 44), ("test", 1.0, 40))
RATE, BITS = 8000, 10
NO_SPEECH = ("silence/", "beep", "ascending", "descending", "tt-monkeys", "confbridge-join.", "confbridge-leave.")


def samples(path):
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return array.array("h", file.readframes(file.getnframes()))


def spoken(sound, seconds):
    """So much from the middle of what is loud; None where a prompt is shorter."""
    loud = [i for i, x in enumerate(sound) if abs(x) > 800]
    wanted = int(seconds * RATE)
    if not loud or loud[-1] - loud[0] < wanted:
        return None
    start = (loud[0] + loud[-1] - wanted) // 2
    return sound[start:start + wanted]


def flac(sound):
    unit = 1 << (16 - BITS)
    rounded = array.array("h", (max(-32768, min(32768 - unit, (x + unit // 2) // unit * unit)) for x in sound))
    with tempfile.NamedTemporaryFile(suffix=".flac") as file:       # a file, so that flac can write the MD5 of the samples back
        command = ["flac", "-8", "--silent", "--force", "--no-padding", "--no-seektable", "--force-raw-format", "--endian=little", "--sign=signed"]
        subprocess.run([*command, "--channels=1", "--bps=16", f"--sample-rate={RATE}", "-o", file.name, "-"], input=rounded.tobytes(), check=True)
        return pathlib.Path(file.name).read_bytes()


archives = {part: tarfile.open(HERE / f"{part}.tar", "w", format=tarfile.USTAR_FORMAT) for part, _, _ in PARTS}
for folder, language in LANGUAGES.items():
    prompts = sorted((p.relative_to(SOUNDS / folder).as_posix() for p in (SOUNDS / folder).rglob("*.wav")), key=lambda name: hashlib.sha256(name.encode()).digest())
    prompts = [name for name in prompts if not name.startswith(NO_SPEECH)]
    for part, seconds, count in PARTS:
        for name in list(prompts):
            sound = spoken(samples(SOUNDS / folder / name), seconds)
            if sound is None or count == 0:
                continue
            prompts.remove(name)
            count -= 1
            content = flac(sound)
            info = tarfile.TarInfo(f"{language}/{name.replace('/', '-')[:-4]}.flac")
            info.size = len(content)
            archives[part].addfile(info, io.BytesIO(content))
        assert count == 0, (language, part)
for archive in archives.values():
    archive.close()
