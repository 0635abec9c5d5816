"""Growth by hand: 28 -> 56 -> 112, in plain Keras, one `fit` a stage.

An architecture keeps its layers, so that a later stage holds the trained earlier one.
"""

from keras.optimizers import Adam

import ganzoo
from ganzoo.data.sheet import save_png, sheet
from ganzoo.samples import draw_latents, generate

SCHEDULE = ganzoo.Schedule(
    ganzoo.Stage(28, kimg=30),
    ganzoo.Stage(56, kimg=30, fade=12),
    ganzoo.Stage(112, kimg=30, fade=12),
)


def main(schedule=SCHEDULE, per_class=500, width=16, out="grown_{}.png"):
    """Train each stage and save a sheet of its averaged generator."""
    images = ganzoo.data.load("unown", schedule[-1].resolution, per_class).images
    architecture = ganzoo.architectures.get(f"progressive-dcgan:width={width}")
    latents = draw_latents(seed=0, purpose="sheet", count=28, size=architecture.latent_size)
    for stage in schedule:
        generator, discriminator, fade = architecture(stage)
        model = ganzoo.GANModel(generator, discriminator, "wgan-gp", fade=fade)
        # A stage has new optimizers: an old Adam counter misleads its new layers.
        model.compile(Adam(1e-3, beta_1=0.0, beta_2=0.99), Adam(1e-3, beta_1=0.0, beta_2=0.99))
        model.fit(
            images,  # Larger than an early stage: the step takes the exact box mean.
            batch_size=16,
            epochs=max(1, round(1000 * stage.kimg / len(images))),
        )
        name = out.format(stage.resolution)
        save_png(sheet(generate(model.ema_generator, latents), columns=7), name)
        print(f"{stage.resolution} px: alpha {float(fade.alpha) if fade else 1:.2f}, {name}")


if __name__ == "__main__":
    main()
