"""`ganzoo export`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_parent
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.cli.waiting import start_backend
from ganzoo.errors import InputError

# By the suffix of --out; what has none of these is a folder, TensorFlow's SavedModel.
FORMATS = {".keras": "keras", ".onnx": "onnx", ".tflite": "litert"}


@click.command()
@click.argument("run")
@click.option(
    "--out",
    required=True,
    metavar="X",
    help="X.onnx: for ONNX Runtime; X.tflite: for LiteRT; X.keras: for Keras; else a folder: "
    "TensorFlow's SavedModel.",
)
@checkpoint_option
@allow_option
@backend_option
def export(run: str, out: str, checkpoint: str | None, backend: str | None) -> None:
    """Export a trained RUN's generator, to be used without ganzoo.

    It takes latents, float32 [N, L] from a standard normal distribution, and gives images,
    float32 [N, H, W, C] in [-1, 1]. Only a .keras file needs ganzoo where it is loaded, by
    `from ganzoo.architectures import ProgressiveDCGAN`.

    \b
    ganzoo export runs/00000-unown-wgan-gp --out generator.onnx
    ganzoo export runs/00000-unown-wgan-gp --out generator --backend tensorflow
    """
    from ganzoo.training.run import Run

    opened, target = Run.open(run), Path(out)
    check_parent(target)
    if target.exists():
        raise InputError(f"--out {str(target)!r} is there already. Give a new name.")
    start_backend(backend or opened.config.get("backend"))
    from ganzoo.files.atomic import atomic
    from ganzoo.training.trained import load_generator

    generator = load_generator(opened, checkpoint)
    form = FORMATS.get(target.suffix.lower(), "tf_saved_model")
    with atomic(target) as temporary:
        _write(generator, temporary, form)
    (latent_size,), image = generator.input_shape[1:], generator.output_shape[1:]
    shape = ", ".join(map(str, image))
    click.echo(f"{target}: latents [N, {latent_size}] to images [N, {shape}]")


def _write(generator, path: Path, form: str) -> None:
    import numpy as np

    if form == "keras":
        generator.save(path)
        return
    generator(np.zeros((1, *generator.input_shape[1:]), "float32"))  # ONNX asks for a call.
    try:
        generator.export(path, format=form, verbose=False)
    except (ImportError, ValueError, NotImplementedError) as error:
        raise InputError(
            f"Keras cannot export as {form!r} here: {str(error).rstrip('.')}. Install what it "
            "asks for, or give another --backend or another suffix of --out."
        ) from error
