"""Every way of a condition into the networks of an architecture."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, conditions, joint_batch
from ganzoo.architectures.architecture import Architecture
from ganzoo.conditions import discriminators, generators
from ganzoo.errors import InputError
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

CLASSES, LATENT = 3, 6
PAIRS = [(d, g) for d in discriminators.registry for g in generators.registry]


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def make(discriminator="projection", generator="latent", seed=0, **options):
    architecture = architectures.get(
        "progressive-dcgan:base=8,width=2,similarities=2,score_width=8,categories=2",
        {"latent_size": LATENT, "seed": seed} | options,
    )
    ways = {"discriminator": discriminator, "generator": generator}
    architecture.condition = conditions.get("labels", {"classes": CLASSES} | ways)
    return architecture


def asked(*labels):
    return np.array(labels, "int32")


def latents(n=4):
    return np.random.default_rng(0).standard_normal((n, LATENT)).astype("float32")


def score(discriminator, images, labels):
    inputs = [images, labels] if len(discriminator.inputs) == 2 else images
    outputs = discriminator(inputs, training=False)
    return [numpy(each) for each in (outputs if isinstance(outputs, list) else [outputs])]


@pytest.mark.parametrize(("discriminator", "generator"), PAIRS)
def test_labels_change_images_and_scores_and_growth_keeps_both(discriminator, generator):
    architecture = make(discriminator, generator)
    small, judge, _ = architecture(Stage(8, 1))
    ones, twos = asked(1, 1, 1, 1), asked(2, 2, 2, 2)
    before = numpy(small([latents(), ones], training=False))
    assert np.abs(before - numpy(small([latents(), twos], training=False))).max() > 1e-4
    images = before.repeat(2, axis=1).repeat(2, axis=2)
    of_small = score(judge, before, ones)
    others = score(judge, before, twos)
    if len(judge.inputs) == 2:
        assert np.abs(of_small[0] - others[0]).max() > 1e-5
    else:
        assert of_small[-1].shape[1] in (CLASSES, 2 * CLASSES)
    large, grown_judge, fade = architecture(Stage(16, 1, fade=0.5))
    assert float(fade.alpha) == 0
    np.testing.assert_array_equal(numpy(large([latents(), ones], training=False)), images)
    for value, old in zip(score(grown_judge, images, ones), of_small, strict=True):
        np.testing.assert_array_equal(value, old)
    assert joint_batch.possible(grown_judge)


def test_weights_are_a_function_of_the_seed():
    one, same, other = (make(seed=seed)(Stage(8, 1)) for seed in (1, 1, 2))
    for network, again, apart in zip(one[:2], same[:2], other[:2], strict=True):
        table = next(layer for layer in network.layers if layer.name.endswith("_class"))
        assert table.kernel.shape[0] == CLASSES
        for w, x in zip(network.get_weights(), again.get_weights(), strict=True):
            np.testing.assert_array_equal(w, x)
        different = apart.get_layer(table.name).kernel
        assert np.abs(numpy(table.kernel) - numpy(different)).min() > 0


def test_the_last_of_many_classes_is_exact_in_bfloat16():
    classes = 300  # bfloat16 has no 299.
    architecture = architectures.get(
        "progressive-dcgan:base=8,width=2", {"precision": "bfloat16"}
    )
    architecture.condition = conditions.get("labels", {"classes": classes})
    generator, discriminator, _ = architecture(Stage(8, 1))
    table = generator.get_layer("g_class")
    vectors = numpy(ops.cast(table(asked(298, 299)), "float32"))
    np.testing.assert_allclose(vectors, numpy(table.kernel)[-2:], rtol=0.01)
    assert {generator.outputs[0].dtype, discriminator.outputs[0].dtype} == {"float32"}


def test_an_architecture_that_takes_no_condition_is_one_line():
    class Plain(Architecture):
        def generator(self, resolution, fade):
            x = inputs = keras.Input((LATENT,))
            x = self.keep(keras.layers.Dense, resolution**2, name="g")(x)
            x = keras.layers.Reshape((resolution, resolution, 1))(x)
            return keras.Model(inputs, x)

        def discriminator(self, resolution, fade):
            inputs, x = self.begin(keras.Input((resolution, resolution, 1)))
            x = keras.layers.Flatten()(x)
            return keras.Model(inputs, self.keep(keras.layers.Dense, 1, name="d")(x))

    plain = Plain(base=8)
    generator, discriminator, _ = plain(Stage(8, 1))
    assert len(generator.inputs) == len(discriminator.inputs) == 1
    plain.condition = conditions.get("labels:classes=3")
    with pytest.raises(InputError, match=r"generator cannot take the condition.*self\.begin"):
        plain(Stage(8, 1))
    with pytest.raises(InputError, match=r"discriminator cannot take .*self\.end"):
        plain(Stage(8, 1), roles=("discriminator",))


def test_an_encoder_is_asked_for_nothing():
    encoder, _ = make()(Stage(8, 1), roles=("encoder",))
    assert len(encoder.inputs) == 1
