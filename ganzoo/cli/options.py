"""Options that several commands share."""

import click

BACKENDS = ("tensorflow", "jax", "torch")

backend_option = click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    help="Framework that does the arithmetic. [default: KERAS_BACKEND, else tensorflow]",
)

precision_option = click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    help="What layers compute in; auto: what is faster here. Weights, losses and what is "
    "penalised stay float32. [default: the preset's]",
)
