"""Options that several commands share."""

import click

from ganzoo.start import BACKENDS
from ganzoo.training.presets import PRESETS

backend_option = click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    help="Framework that does the arithmetic. [default: KERAS_BACKEND, else tensorflow]",
)

preset_option = click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="smoke: a minute; quick: five to ten on two cores; full: a GPU. "
    "[default: full on a GPU, else quick]",
)

checkpoint_option = click.option(
    "--checkpoint", metavar="NAME", help="Which of RUN's, such as 000040. [default: the newest]"
)

precision_option = click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    help="What layers compute in; auto: the faster one here. Weights, losses and penalties "
    "stay float32. [default: the preset's]",
)
