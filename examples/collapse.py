"""Mode collapse on eight points, and its cure by one flag, side by side as a GIF.

From the command line, with sheets of dots in the run's folder in place of the GIF:

    ganzoo train --data ring8 --schedule 1:1280 --arch mlp:width=64,latent_size=8 --batch 128 \
        --penalty none --optimizer adam:learning_rate=0.001,beta_1=0.0,beta_2=0.9
    ganzoo train ... --loss wgan-gp:weight=1
"""

import sys

import numpy as np
from keras.optimizers import Adam
from PIL import Image

import ganzoo
from ganzoo.data.sheet import sheet
from ganzoo.metrics.modes import modes
from ganzoo.metrics.point_features import PointFeatures


def watched(data, frames, loss):
    """1,000 points after each pass over the data, and how many modes they reach."""
    architecture = ganzoo.architectures.get("mlp:width=64,latent_size=8,channels=2,base=1")
    generator, discriminator, _ = architecture(ganzoo.Stage(1, kimg=1))
    model = ganzoo.GANModel(generator, discriminator, loss)
    model.compile(*(Adam(1e-3, beta_1=0.0, beta_2=0.9) for _ in range(2)))
    features = PointFeatures(data)
    for _ in range(frames):
        model.fit(data.images, batch_size=128, verbose=0)
        points = model.sample(1000)
        _, found = features.of(points)
        yield sheet(points), modes(found)


def main(frames=40, out="collapse.gif", per_class=4000):
    """Train the plain GAN and one with a gradient penalty, and save both films in one."""
    data = ganzoo.data.load("ring8", resolution=1, per_class=per_class)
    plain = watched(data, frames, "non-saturating")
    cured = watched(data, frames, "wgan-gp:weight=1")
    pictures = []
    for (left, of_left), (right, of_right) in zip(plain, cured, strict=True):
        pair = np.hstack([left, np.full((256, 4), 90, np.uint8), right])
        pictures.append(Image.fromarray(pair).resize((1032, 512), Image.Resampling.NEAREST))
        print(f"modes reached: {of_left.reached} and {of_right.reached}", file=sys.stderr)
    pictures[0].save(out, save_all=True, append_images=pictures[1:], duration=150, loop=0)
    print(
        f"{of_left.reached} of 8 modes by the plain GAN, {of_right.reached} by WGAN-GP: {out}"
    )


if __name__ == "__main__":
    main()
