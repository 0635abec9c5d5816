"""`ganzoo data`: list, look at, build and fetch sets of images."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.checks import check_parent
from ganzoo.cli.notes import note
from ganzoo.cli.options import backend_option, reading_options
from ganzoo.cli.setting_options import named_here
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError, RunError

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet
    from ganzoo.data.reading import Reading

SOURCE = "NAME|PATH"
resolution_option = click.option(
    "--resolution",
    type=click.IntRange(min=1),
    default=56,
    show_default=True,
    help="Pixels a side.",
)
force_option = click.option("--force", is_flag=True, help="Write over a file that is there.")


def _examples(*commands: str) -> str:
    """Commands for the end of a help text, which click then does not wrap."""
    return "\b\nExample:\n" + "\n".join(f"  {command}" for command in commands)


@click.group(
    epilog=_examples(
        "ganzoo data list",
        "ganzoo data preview unown",
        "ganzoo data preview ~/photos --resolution 64",
    )
)
def data() -> None:
    """Sets of images: list, preview, build, fetch, fit features.

    Wherever a set is asked for, give the NAME of one from `ganzoo data list`, or the
    PATH of your own images: a folder (each subfolder is a class), a .zip of one, or a
    .npz or .npy file of uint8 arrays [N, H, W, C].
    """


@data.command(
    "list",
    epilog=_examples(
        "ganzoo data list",
        "ganzoo data list --json",
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def list_sets(as_json: bool) -> None:
    """List the sets that have a name.

    Each row says what a set is called, whether its images are at hand, and what it
    is. A set that is not here comes with `ganzoo data fetch NAME`.
    """
    rows = [row for name in _usable() if (row := _row(name))]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    from ganzoo.cli.table import print_table

    cells = [(row["name"], _where(row), row["origin"], row["summary"]) for row in rows]
    print_table({"name": None, "images": None, "origin": None, "what it is": None}, cells)


def _where(row: dict[str, Any]) -> str:
    if row["here"]:
        return "here"
    return "to install" if row["origin"] == "built in" else "to fetch"


def _usable() -> list[str]:
    """Names of the sets whose module exists; of the others a line each."""
    from ganzoo.data import sets

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        names = [entry.name for entry in sets.usable()]
    for warning in caught:
        click.echo(f"warning: {warning.message}", err=True)
    return names


def _row(name: str) -> dict[str, Any] | None:
    from ganzoo.data import sets

    entry = sets.entries[name]
    try:
        source = sets.get(name)
    except InputError as error:  # one broken plug-in does not hide the other sets
        click.echo(f"warning: {error}", err=True)
        return None
    fetchable = hasattr(source, "fetch")
    own = entry.target.startswith(f"{sets.package}.")
    return {
        "name": name,
        "summary": entry.summary,
        "origin": "plug-in" if not own else "download" if fetchable else "built in",
        "here": source.is_here(),
    }


@data.command(
    epilog=_examples(
        "ganzoo data preview unown --out unown.png",
        "ganzoo data preview ./photos.zip --resolution 28 --count 100",
    )
)
@click.argument("source", metavar=SOURCE, callback=named_here)
@resolution_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("preview.png"),
    show_default=True,
    help="The PNG to write, over an older one.",
)
@click.option(
    "--count", type=click.IntRange(min=1), default=56, show_default=True, help="Images to show."
)
@reading_options
def preview(
    source: str, resolution: int, out: Path, count: int, reading: "Reading | None"
) -> None:
    """Show the first images of a set on one sheet.

    One of each class comes first, then a second of each, and so on. Prints how many
    images there are, their size, channels and classes, and the checksum that runs and
    tables give, then the path of the sheet. What was cropped, enlarged or left out is
    said on lines that begin with `note:`.
    """
    _check_out(out, ".png")
    if Path(source).is_dir() and Path(source).resolve() in out.resolve().parents:
        raise InputError(
            f"{out} would become one of the images in {source}. Give another --out."
        )
    images = _load(source, resolution, reading)
    from ganzoo.data.sheet import by_turns, class_columns, enlarge_sheet, save_png, sheet

    shown = images.images[by_turns(images.labels)[:count]]
    with _writing(out):
        plain = sheet(shown, class_columns(images.class_count, len(shown)))
        about = [images.name, f"{len(images)} images", f"{images.resolution} px"]
        save_png(enlarge_sheet(plain, about), out)
    _describe(images)
    click.echo(f"sheet: {out}")


@data.command(
    epilog=_examples(
        "ganzoo data build unown --out unown56.npz",
        "ganzoo data build ./photos --out photos.npz --resolution 64 --per-class 200",
    )
)
@click.argument("source", metavar=SOURCE, callback=named_here)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The .npz file to write.",
)
@resolution_option
@click.option(
    "--per-class",
    type=click.IntRange(min=1),
    help="Training images per class. Default: all, or the set's own number.",
)
@force_option
@reading_options
def build(
    source: str,
    out: Path,
    resolution: int,
    per_class: int | None,
    force: bool,
    reading: "Reading | None",
) -> None:
    """Write a set to a .npz file.

    To keep it, or to train from it elsewhere: given as a PATH it is the same set, with
    the same checksum. The file holds `images` (uint8 [N, H, W, C]), `labels` (int32
    [N]), `classes` (names) and, where the set has them, `captions` (texts [N]),
    `held_out_images`, `held_out_labels` and `held_out_captions`. A file of your own
    needs no more than `images`.
    """
    from ganzoo.data.arrays import save_npz

    _check_new(out, force)
    images = _load(source, resolution, reading, per_class)
    with _writing(out):
        save_npz(images, out)
    _describe(images)
    click.echo(f"file: {out}")


@data.command(
    epilog=_examples(
        "ganzoo data fetch unown-original",
        "ganzoo data fetch unown-mnist --from https://mirror.example/unown",
    )
)
@click.argument("name")
@click.option(
    "--from", "url", metavar="URL", help="Get it from here instead of its own address."
)
def fetch(name: str, url: str | None) -> None:
    """Download a set that has a name, and check it.

    What comes is checked: the originals by their sha256, so that any mirror will do;
    Unown-MNIST, which publishes none, by its shapes, types and labels, and its sha256 is
    printed and kept. A set fetched once is used from then on without a network.
    """
    from ganzoo.data import sets

    source = sets.get(name)
    if not hasattr(source, "fetch"):
        raise InputError(
            f"There is nothing to fetch for the data set {name!r}: it needs no network. "
            f"Look at it with: ganzoo data preview {name}"
        )
    click.echo(f"folder: {source.fetch(url=url, report=note)}")


@data.command(
    epilog=_examples(
        "ganzoo data features ~/photos",
        "ganzoo data features unown --out unown_features.npz",
    )
)
@click.argument("source", metavar=SOURCE, callback=named_here)
@resolution_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fit anew and write this .npz file. [default: keep it in the cache folder]",
)
@force_option
@reading_options
@backend_option
def features(
    source: str,
    resolution: int,
    out: Path | None,
    force: bool,
    backend: str | None,
    reading: "Reading | None",
) -> None:
    """Fit the feature network by which images are measured.

    `ganzoo evaluate` does this itself where it is needed; it takes one to three minutes. Sets
    with classes get a classifier, others an autoencoder. That of `unown` comes with the
    package.
    """
    if out is not None:
        _check_new(out, force)
    images = _load(source, resolution, reading)
    start_backend(backend)
    from ganzoo.metrics.fit_features import features_for, fit_features

    with waiting("Fitting features"):
        fitted = None if out is None else fit_features(images, note)
        found = fitted or features_for(images, note)
    if fitted is not None and out is not None:
        with _writing(out):
            fitted.save(out)
        click.echo(f"file: {out}")
    click.echo(f"kind: {found.kind}")
    click.echo(f"sha256: {found.sha256}")


def _load(
    source: str, resolution: int, reading: "Reading | None", per_class: int | None = None
) -> "ImageSet":
    with waiting("Reading images"):
        from ganzoo.data import load

        return load(source, resolution, per_class, report=note, reading=reading)


def _describe(images: "ImageSet") -> None:
    from ganzoo.data.messages import printable

    names = ", ".join(printable(name, 40) for name in images.classes[:8])
    names += ", ..." * (len(images.classes) > 8)
    held_out = f", {len(images.held_out)} held out" if images.held_out is not None else ""
    click.echo(f"images: {len(images)}{held_out}")
    click.echo(f"size: {images.resolution}x{images.resolution}")
    click.echo(f"channels: {images.channels}")
    click.echo(f"classes: {len(images.classes)} ({names})")
    if images.captions is not None:
        (first,) = images.captions.rows(slice(1))
        count = len(images.captions.texts)
        click.echo(f"captions: {count} ({printable(first, 80)}, ...)")
    click.echo(f"sha256: {images.sha256}")


def _check_new(out: Path, force: bool) -> None:
    _check_out(out, ".npz")
    if out.exists() and not force:
        raise InputError(
            f"{out} is there already. Choose another name, or write over it: --force."
        )


def _check_out(out: Path, suffix: str) -> None:
    """Refuse a path that cannot be written before the work, not after it."""
    if out.suffix.lower() != suffix:
        raise InputError(
            f"{out} does not end in {suffix}. Write --out {out.parent / out.stem}{suffix}."
        )
    check_parent(out)


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunError(
            f"{out} cannot be written: {error.strerror or error}. "
            "Choose another place with --out."
        ) from error
