"""`ganzoo generate`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ganzoo.cli.checks import check_pictures
from ganzoo.cli.options import (
    allow_option,
    backend_option,
    checkpoint_option,
    label_option,
    sampling_options,
)
from ganzoo.cli.setting_options import NumberRange
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.errors import InputError

COLUMNS = 8  # Of a sheet with prompts, at most.


@click.command()
@click.argument("run")
@click.option(
    "--count",
    type=click.IntRange(min=1),
    help="How many images. [default: 56; with --text one a letter, with --prompt 8 a prompt]",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--out",
    default="generated.png",
    show_default=True,
    metavar="X",
    help="X.npz: array `images`, uint8 [N, H, W, C]; X.png: an enlarged sheet with a caption; "
    "either over an older one; else a new folder of PNGs.",
)
@click.option(
    "--truncation",
    type=NumberRange(min=0, min_open=True),
    metavar="T",
    help="Cut the latents' normal distribution off at -T and T: images are more usual and less "
    "varied. [default: not cut off]",
)
@click.option(
    "--mix",
    type=click.IntRange(min=1),
    metavar="SIZE",
    help="Mix styles, of a RUN that has them (stylegan2): those of features of fewer than SIZE "
    "pixels stay, the others are of another latent.",
)
@click.option(
    "--reject",
    type=NumberRange(0, 1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Draw more images and let the discriminator keep this share of them. [default: all "
    "are kept]",
)
@click.option(
    "--save-latents",
    is_flag=True,
    help="Save the latents too, float32 [N, L]: in X.npz as `latents`, in a folder as "
    "latents.npy. An exported file must make the same images of them.",
)
@label_option
@click.option(
    "--text",
    metavar="TEXT",
    help='Write a line in generated letters, such as "HELLO WORLD?", with a RUN that was '
    "trained with --condition labels.",
)
@click.option(
    "--prompt",
    "prompts",
    metavar="TEXT",
    multiple=True,
    help='What to make images of, such as "a small red question mark leaning left on blue", '
    "with a RUN that was trained with --condition text. May be repeated: each has its turn.",
)
@sampling_options
@checkpoint_option
@allow_option
@backend_option
def generate(
    run: str,
    count: int | None,
    seed: int,
    out: str,
    truncation: float | None,
    mix: int | None,
    reject: float | None,
    save_latents: bool,
    label: tuple[str, ...] | None,
    text: str | None,
    prompts: tuple[str, ...],
    making: dict[str, Any],
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Make images from a trained RUN, by its averaged generator.

    \b
    ganzoo generate runs/00000-unown-wgan-gp --count 1000 --seed 1 --out fakes.npz
    ganzoo generate runs/00000-unown-wgan-gp --out sheet.png
    ganzoo generate RUN --label A,B --out ab.png        of a RUN with a condition
    ganzoo generate RUN --text "HELLO WORLD?" --out hello.png
    ganzoo generate RUN --prompt "a big green A leaning right" --out a.png
    ganzoo generate RUN --truncation 1 --out usual.png
    ganzoo generate RUN --reject 0.25 --out kept.png      by the discriminator
    ganzoo generate RUN --mix 14 --out mixed.png          of a RUN with stylegan2
    ganzoo generate RUN --sampler euler --steps 8         of a diffusion model
    ganzoo generate hf:user/letters --out sheet.png       of a hub: ganzoo pull
    """
    from ganzoo.hub.kept import open_run

    target = Path(out)
    with waiting("Opening the run"):
        opened = open_run(run)
        check_pictures(target)
    if text is not None and (label is not None or count is not None):
        raise InputError("--text says which images are made. Leave out --label and --count.")
    if prompts and (label is not None or text is not None):
        raise InputError("--prompt says what is made. Leave out --label and --text.")
    if save_latents and target.suffix.lower() == ".png":
        raise InputError("A PNG holds no latents. Give --out X.npz or a folder.")
    if mix is not None and reject is not None:
        raise InputError("--mix and --reject go one at a time. Leave one of them out.")
    start_backend(backend or opened.config["backend"])
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_discriminator, load_generator

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name  # Once: a run that trains gets newer ones.
        generator = load_generator(opened, name, **making)
        discriminator = None if reject is None else load_discriminator(opened, name)
    asked = _asked(opened, generator, text, prompts, label, count)
    with counting("Making images", asked.count) as made:
        if reject is None:
            images, latents = _make(generator, asked, seed, truncation, mix, made)
            drawn = ""
        else:
            from ganzoo.rejection import keep_samples

            kept = keep_samples(
                *(generator, discriminator, asked.count, reject),
                *(seed, asked.labels, truncation, made),
            )
            images, latents, drawn = kept.images, kept.latents, f", kept of {kept.drawn:,}"
    with waiting(f"Writing {target.name}"):
        ways = [f"{key} {value}" for key, value in making.items()]
        ways += [] if truncation is None else [f"truncation {truncation:g}"]
        ways += [] if mix is None else [f"styles mixed at {mix} px"]
        ways += [] if reject is None else [f"{reject:.0%} kept by D"]
        about = caption(opened, name, f"seed {seed}", *ways)
        beside = {"latents": latents} if save_latents else {}
        _write(images, asked, target, beside, about, opened.config.get("classes", []))
    click.echo(f"{asked.count} image{'s' * (asked.count > 1)} in {target}{drawn}")


@dataclass(frozen=True)
class Asked:
    """What images are asked for.

    Attributes:
        count: How many.
        labels: What the generator is given beside latents, int32 [N, ...], or `None`.
        lines: Of a text, the letters of each line.
        prompts: Of prompts, the prompt of each image.
    """

    count: int
    labels: Any
    lines: Sequence[list[int | None]] = ()
    prompts: Sequence[str] = ()


def _asked(
    opened: Any,
    generator: Any,
    text: str | None,
    prompts: tuple[str, ...],
    label: tuple[str, ...] | None,
    count: int | None,
) -> Asked:
    from ganzoo import samples
    from ganzoo.networks import asked_shape
    from ganzoo.training import asked

    if text is not None:
        lines = asked.letters(opened, generator, text)
        labels = asked.written(lines)
        found = Asked(len(labels), labels, lines=lines)
    elif prompts or (asked_shape(generator) and label is None):
        count = count or (8 * len(prompts) if prompts else 56)
        own = opened.config.get("captions", ())
        labels, said = asked.prompts(opened, generator, prompts or own, count)
        found = Asked(count, labels, prompts=said)
    else:
        count = count or 56
        found = Asked(count, asked.labels(opened, generator, label, count))
    samples.check_memory(generator, found.count)
    return found


def _make(
    generator: Any,
    asked: Asked,
    seed: int,
    truncation: float | None,
    mix: int | None,
    made: Callable[[int], None],
) -> tuple[Any, Any]:
    """Images and their latents."""
    import numpy as np

    from ganzoo import samples
    from ganzoo.networks import latent_size

    size = latent_size(generator, None)
    latents = samples.draw_latents(seed, "generate", asked.count, size, truncation)
    if mix is not None:
        from ganzoo.style_mixing import mixed

        generator = mixed(generator, mix)
        others = samples.draw_latents(seed, "mix", asked.count, size, truncation)
        latents = np.concatenate([latents, others], axis=1)
    return samples.generate(generator, latents, report=made, labels=asked.labels), latents


def _write(
    images: Any,
    asked: Asked,
    target: Path,
    beside: dict[str, Any],
    caption: list[str],
    classes: list[str],
) -> None:
    import numpy as np

    from ganzoo.data.image_folder import write_images
    from ganzoo.data.sheet import class_columns, enlarge_sheet, save_png, sheet
    from ganzoo.files.arrays import write_arrays
    from ganzoo.files.atomic import atomic

    png, labels = target.suffix.lower() == ".png", None if asked.prompts else asked.labels
    if asked.prompts:
        beside = {**beside, "prompts": np.array(asked.prompts)}
    if png and asked.lines:
        _write_text(images, asked.lines, target)
    elif png and asked.prompts:
        _write_prompts(images, asked.prompts, target)
    elif png:
        shown = len(classes) if labels is None else len(np.unique(labels))
        plain = sheet(images, class_columns(shown, len(images)))
        save_png(enlarge_sheet(plain, caption), target)
    elif target.suffix.lower() == ".npz":
        if labels is not None:
            beside = {"labels": labels, "classes": np.array(classes), **beside}
        write_arrays(target, images=images, **beside)
    else:
        with atomic(target) as temporary:
            write_images(images, temporary, len(images), labels, classes)
            for name, array in beside.items():
                np.save(temporary / f"{name}.npy", array)


def _write_prompts(images: Any, said: Sequence[str], target: Path) -> None:
    """Write a PNG of images with their prompts below them; a few prompts in columns."""
    from ganzoo.data.captioned_sheet import captioned_sheet
    from ganzoo.data.sheet import save_png

    several = len(set(said))
    columns = several if 2 < several <= COLUMNS else COLUMNS
    save_png(captioned_sheet(images, said, columns), target)


def _write_text(images: Any, lines: Sequence[list[int | None]], target: Path) -> None:
    """Write a PNG of letters side by side, without a caption."""
    from ganzoo.data.sheet import enlarge_sheet, save_png
    from ganzoo.data.typeset import typeset

    save_png(enlarge_sheet(typeset(images, lines), []), target)
