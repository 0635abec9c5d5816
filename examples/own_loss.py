"""A loss of your own, compared with one of the zoo on equal terms.

From the command line the same class is `--loss own_loss:SquaredHinge` in this folder, or
`--loss my_package.my_module:SquaredHinge` once it is installed.
"""

import keras
from keras import ops

import ganzoo
from ganzoo.losses.loss import Loss
from ganzoo.training.progress import progress


@keras.saving.register_keras_serializable("my_package")
class SquaredHinge(Loss):
    """The hinge loss with squared margins, so that its gradient fades out."""

    def __init__(self, margin=1.0):
        self.margin = margin

    def discriminator(self, real, fake):
        on_real = ops.mean(ops.square(ops.relu(self.margin - real)))
        on_fake = ops.mean(ops.square(ops.relu(self.margin + fake)))
        return on_real + on_fake

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"margin": self.margin}


def main(outdir="runs", **settings):
    """Train both with the same seed: equal networks, latents and data order."""
    for loss in (SquaredHinge(margin=0.5), "hinge"):
        trainer = ganzoo.Trainer(
            loss=loss, penalties=["r1:gamma=0.1"], progress=progress(), **settings
        )
        run = trainer.new_run(outdir)
        result = trainer.train(run)
        print(f"{trainer.loss}: d_loss {result['figures']['d_loss']:.3f}, sheets in {run.path}")


if __name__ == "__main__":
    main(schedule="28:30,56:30:12")
