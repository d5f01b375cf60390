"""Rows of the speech suite on disk, and the page that is made of them. Called by bench/suite/run."""
import json
import pathlib
import sys

TASKS = ["pr", "asr", "ks", "qbe", "sid", "asv", "sd", "er", "ic", "sf", "vad"]

# metric: title, whether it is shown in per cent, whether higher is better
METRICS = {
    "accuracy": ("accuracy", True, True), "unweighted-accuracy": ("unweighted accuracy", True, True), "eer": ("EER", True, False),
    "min-dcf": ("minDCF", False, False), "per": ("PER", True, False), "wer": ("WER", True, False), "wer-lm": ("WER, with LM", True, False),
    "cer": ("CER", True, False), "mtwv": ("MTWV", False, True), "slot-f1": ("slot F1", True, True), "slot-cer": ("slot CER", True, False),
    "der": ("DER", True, False), "f1": ("F1", True, True),
}

# The leaderboard's, in per cent; MTWV as it is.
PUBLISHED = {
    ("pr", "per"): (82.01, 5.41), ("ks", "accuracy"): (41.38, 96.30), ("ic", "accuracy"): (9.65, 98.34), ("sid", "accuracy"): (20.06, 81.42),
    ("er", "accuracy"): (48.24, 64.92), ("asr", "wer"): (23.18, 6.42), ("asr", "wer-lm"): (15.21, 4.79), ("qbe", "mtwv"): (.0058, .0736),
    ("sf", "slot-f1"): (69.64, 88.53), ("sf", "slot-cer"): (52.94, 25.20), ("asv", "eer"): (9.56, 5.11), ("sd", "der"): (10.05, 5.88),
}


def read(path):
    path = pathlib.Path(path)
    return json.loads(path.read_text()) if path.exists() else {"results": [], "tasks": []}


def missing(row, tasks, again):
    """Names of the tasks to run, with commas between; empty where there is nothing to do."""
    known = {task["task"] for task in read(row)["tasks"] if task["done"]}
    if tasks == "all":
        print("all" if again or not known else ",".join(t for t in TASKS if t in offered() and t not in known))
    else:
        print(",".join(t for t in tasks.split(",") if again or t not in known))


def offered():
    """The tasks that this build has: what the catalogue's source lists."""
    folder = pathlib.Path(__file__).resolve().parents[2] / "src/Tacit.Evaluation/Suite"
    return {t for t in TASKS if any(f'Name => "{t}"' in path.read_text() for path in folder.rglob("*.cs"))}


def join(row, new):
    old, found = read(row), read(new)
    again = {task["task"] for task in found["tasks"]}
    merged = {key: [entry for entry in old[key] if entry["task"] not in again] + found[key] for key in ("results", "tasks")}
    for entries in merged.values():
        entries.sort(key=lambda entry: TASKS.index(entry["task"]))
    pathlib.Path(row).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(row).write_text(json.dumps(merged, indent=2, ensure_ascii=False) + "\n")


def cell(result):
    percent = METRICS[result["metric"]][1]
    value, low, high = ((100 if percent else 1) * result[key] for key in ("value", "low", "high"))
    return f"{value:.1f} ({low:.1f}–{high:.1f})" if percent else f"{value:.3f} ({low:.3f}–{high:.3f})"


def page(root):
    root = pathlib.Path(root)
    rows = {path.stem: read(path) for path in sorted((root / "bench/suite/rows").glob("*.json"))}
    order = sorted(rows, key=lambda name: (not name.startswith("raw"), name))
    wanted = list(dict.fromkeys((r["task"], r["metric"]) for name in order for r in sorted(rows[name]["results"], key=lambda r: TASKS.index(r["task"]))))
    wanted.sort(key=lambda pair: TASKS.index(pair[0]))
    lines = [(root / "bench/suite/head.md").read_text().rstrip(), ""]
    lines.append("| task | metric | " + " | ".join(order) + " | published: FBANK … HuBERT base |")
    lines.append("|---" * (len(order) + 3) + "|")
    for task, metric in wanted:
        title, percent, higher = METRICS[metric]
        found = [next((r for r in rows[name]["results"] if (r["task"], r["metric"]) == (task, metric)), None) for name in order]
        raw = next((r for r, name in zip(found, order) if name == "raw"), None)
        cells = []
        for result, name in zip(found, order):
            better = result and raw and name != "raw" and (result["value"] > raw["value"] if higher else result["value"] < raw["value"])
            cells.append("" if result is None else f"**{cell(result)}**" if better else cell(result))
        theirs = PUBLISHED.get((task, metric))
        shown = "" if theirs is None else f"{theirs[0]:g} … {theirs[1]:g}"
        lines.append(f"| {task} | {title}{', %' if percent else ''} {'↑' if higher else '↓'} | " + " | ".join(cells) + f" | {shown} |")
    lines += ["", "Bold is better than `raw`. What was chosen, and how long each took:", ""]
    for name in order:
        done = [task for task in rows[name]["tasks"] if task["done"]]
        lines.append(f"**{name}**, {sum(task['seconds'] for task in done) / 60:.1f} minutes in all:")
        lines.append("")
        lines += [f"- {task['task']}, {task['seconds']:.0f} s: {task['detail']}" for task in done]
        lines.append("")
    (root / "docs/results-suite.md").write_text("\n".join(lines).rstrip() + "\n")


{"missing": missing, "join": join, "page": page}[sys.argv[1]](*sys.argv[2:])
