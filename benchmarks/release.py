"""A folder of trained generators to be given away, with cards and checksums.

    python benchmarks/release.py runs/00000-unown-hinge runs/00001-digits-gan --out release
    cd release && sha256sum -c SHA256SUMS

Each run becomes a folder of its name without the number: averaged weights as safetensors,
settings, a sheet of samples, a card with the figures, all as `ganzoo push` uploads them, and
`generator.onnx`. `ganzoo pull release/unown-hinge` makes a run of it again.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError, RunError
from ganzoo.files.atomic import atomic
from ganzoo.start import start_backend
from ganzoo.training.run import Run

SUMS, ONNX = "SHA256SUMS", "generator.onnx"
HEAD = """\
# Trained generators

| generator | model | data | condition | images | weights |
|---|---|---|---|---:|---:|
{rows}

Made by ganzoo {version}. Each folder has a card. Checksums: `sha256sum -c {sums}`.

```sh
ganzoo pull {first}                 # from this folder
ganzoo generate runs/{first} --out sheet.png
```
"""


def named(runs: list[Run]) -> dict[str, Run]:
    """Runs by what their folders are called, without the number of the run."""
    found: dict[str, Run] = {}
    for run in runs:
        name = re.sub(r"^\d+-", "", run.path.resolve().name)
        if name in found:
            raise InputError(f"{found[name].path} and {run.path} are both called {name}.")
        found[name] = run
    return found


def write(run: Run, folder: Path, title: str) -> dict[str, Any]:
    """Write one generator, and give its row of the table."""
    from ganzoo.export.export import export
    from ganzoo.hub.release import MANIFEST, WEIGHTS, write_release

    folder.mkdir()
    write_release(run, folder, title)
    export(run, folder / ONNX)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["manifest"]
    config, size = run.config, (folder / WEIGHTS).stat().st_size
    return {
        "generator": f"[{folder.name}]({folder.name}/README.md)",
        "model": config.get("model", "gan"),
        "data": Path(config["data"]).name,
        "condition": config.get("condition", "none").partition(":")[0],
        "images": f"{manifest['kimg']:g} thousand",
        "weights": f"{size / 1e6:.1f} MB",
    }


def sums(folder: Path) -> str:
    """Checksums of all files below `folder`, as `sha256sum` writes them."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", nargs="+", metavar="RUN")
    parser.add_argument("--out", required=True, type=Path, help="a new folder")
    parser.add_argument("--owner", default="ganzoo", help="whose repositories the cards name")
    given = parser.parse_args(argv)
    if given.out.exists():
        raise InputError(f"--out {str(given.out)!r} is there already. Give a new name.")
    runs = named([Run.open(run) for run in given.runs])
    start_backend("tensorflow")  # What writes ONNX.
    import ganzoo

    with atomic(given.out) as folder:
        folder.mkdir()
        rows = [
            write(run, folder / name, f"{given.owner}/{name}") for name, run in runs.items()
        ]
        lines = "\n".join(f"| {' | '.join(row.values())} |" for row in rows)
        said = {"version": ganzoo.__version__, "sums": SUMS, "first": next(iter(runs))}
        (folder / "README.md").write_text(HEAD.format(rows=lines, **said), encoding="utf-8")
        (folder / SUMS).write_text(sums(folder), encoding="utf-8")
    print(f"{given.out}: {len(runs)} generator{'s' * (len(runs) > 1)}")


if __name__ == "__main__":
    try:
        main()
    except (InputError, RunError) as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, InputError) else 1)
