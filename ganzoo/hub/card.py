"""The card of a generator: what it makes, how it was trained, how good it is."""

from collections.abc import Mapping
from pathlib import PureWindowsPath
from typing import Any

import ganzoo
from ganzoo.data import sets
from ganzoo.data.load import is_name
from ganzoo.files.names import clean
from ganzoo.metrics.measures import MEASURES
from ganzoo.spec import parse
from ganzoo.training.setting import is_number

LIMITS = """\
- It makes images of {resolution} x {resolution} pixels like those of its set alone.
- Figures are of samples at one checkpoint of one run. Another seed gives others.
- Some of its images may be near to training images; *Memorisation* above says how many.
"""


def card(
    title: str,
    config: Mapping[str, Any],
    manifest: Mapping[str, Any],
    result: Mapping[str, Any],
    pictured: bool,
) -> str:
    """The card in Markdown, with the header that the Hub reads.

    Args:
        title: What it is called there, such as `"somebody/letters"`.
        config: The run's settings.
        manifest: The checkpoint's.
        result: How the run ended; empty while it has not.
        pictured: Whether `samples.png` stands beside the card.
    """
    data, licence = _data(config["data"])
    parts = [
        _header(config, licence),
        f"# {title}",
        f"A generator trained by ganzoo {config.get('ganzoo', '')} on {data}.",
        "![Samples](samples.png)" if pictured else "",
        f"```sh\npip install ganzoo huggingface_hub safetensors\nganzoo pull {title}\n```",
        "## Training",
        _table(("", ""), _training(config, manifest)),
        "## Figures",
        _figures(result, manifest),
        "## Limits",
        LIMITS.format(resolution=manifest.get("resolution", "the trained")),
        f"Terms of the images that it was trained on: {licence}.",
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _header(config: Mapping[str, Any], licence: str) -> str:
    tags = ["ganzoo", "keras", parse(config.get("model", "gan"))[0]]
    known = "apache-2.0" if licence == "Apache-2.0" else "other"
    lines = ["---", f"license: {known}", "library_name: ganzoo"]
    lines += ["pipeline_tag: unconditional-image-generation", "tags:"]
    return "\n".join([*lines, *(f"- {tag}" for tag in tags), "---"])


def _training(config: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = ["model", "loss", "penalties", "architecture", "condition", "schedule", "batch"]
    keys += ["optimizer", "ema", "seed", "backend"]
    said = [(key, config[key]) for key in keys if config.get(key) not in (None, [], "")]
    shown = [(k, " + ".join(v) if isinstance(v, list) else str(v)) for k, v in said]
    images = f"{manifest['kimg']:g} thousand"
    return [*((k, f"`{v}`") for k, v in shown), ("images shown", images)]


def _figures(result: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """Measures of this checkpoint, each beside what as many real images get.

    They are read of a file that anybody may have changed: what is no number is left out.
    """
    measures = result.get("measures") or {}
    if not measures or measures.get("step") != manifest["step"]:
        return "This checkpoint was not scored. `ganzoo evaluate RUN` scores it."
    real = measures.get("floor")
    floor = real if isinstance(real, dict) else {}
    rows = [
        (f"{each.title} {each.arrow}", each.show(value), each.show(_number(floor.get(name))))
        for name, each in MEASURES.items()
        if (value := _number(measures.get(name))) is not None
    ]
    count, verdict = _number(measures.get("count")), measures.get("verdict")
    about = "" if count is None else f"Of {count:,} samples. "
    said = f"Verdict: {clean(verdict)}." if isinstance(verdict, str) else ""
    return f"{about}{said}\n\n{_table(('measure', 'value', 'real images'), rows)}"


def _number(value: Any) -> int | float | None:
    return value if is_number(value) else None


def _data(data: str) -> tuple[str, str]:
    """The set's name, of a path its last part alone, and its licence."""
    if not is_name(data):
        return PureWindowsPath(data).name, "unknown"
    name = parse(data)[0]
    return data, sets.find(name).licence if name in sets else "unknown"


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def made_by() -> str:
    """What commits say."""
    return f"ganzoo {ganzoo.__version__}"
