"""The condition text: words as numbers, in the networks, and what is refused."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, backend, conditions, joint_batch
from ganzoo.conditions import generators
from ganzoo.data.captions import Captions
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.models.diffusion import DiffusionModel
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

WORDS = "A B a an blue on orange red"
CAPTIONS = ["a red A on blue", "an orange B", "a blue A on red", "a red B on orange"]
SPEC = f"text:words='{WORDS}',length=5,width=8,depth=1,heads=2"


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def text(**options):
    return conditions.get(SPEC, options)


def gan(way="latent", discriminator="projection", **options):
    architecture = architectures.get(
        "progressive-dcgan:base=8,width=2,latent_size=6,channels=3"
    )
    architecture.condition = text(generator=way, discriminator=discriminator)
    generator, judge, _ = architecture(Stage(8, 1))
    model = GANModel(generator, judge, condition=architecture.condition, **options)
    model.compile(*(keras.optimizers.SGD(0.01) for _ in range(2)))
    return architecture, model


def data(count=16, side=8):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, side, side, 3)).astype("uint8")
    captions = Captions.of([CAPTIONS[i % 4] for i in range(count)])
    return ImageSet(
        "said", images, np.arange(count, dtype=np.int32) % 2, ("A", "B"), None, captions
    )


def test_words_are_numbers_in_their_order_and_nothing_follows_the_last():
    assert text().encode(["a red A on blue", "an orange B"]).tolist() == [
        [2, 7, 0, 5, 4],
        [3, 6, 1, -1, -1],
    ]
    known = conditions.registry.spec(text())
    assert conditions.get(known).get_config() == text().get_config()
    options = type(text()).fitted({}, data(), "said")
    assert options == {"words": WORDS, "length": 5}
    given = text().of_images(data())
    assert given.dtype == np.int32 and given[:4].tolist() == text().encode(CAPTIONS).tolist()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: text().encode(["a rad A", "a red C"]), "'rad' (did you mean 'red'?)"),
        (lambda: text().encode(["a red A on a blue B"]), "1 to 5 words. 'a red A on a blue B'"),
        (lambda: text(discriminator="ac-gan"), "captions are no classes. Take projection"),
        (lambda: text(words="a b a"), "one or more, each once"),
        (lambda: text().fitted({}, replace(data(), captions=None), "d"), "have no captions"),
        (lambda: text().fitted({"length": 9}, data(), "d"), "there are 5 here, not 9"),
        (lambda: text().check(np.zeros((3, 4), int), 3), "[N, 5]"),
        (lambda: text().check(np.zeros((3, 5)), 3), "float64 [3, 5]"),
        (lambda: text().check(None, 3), "Received: nothing"),
        (lambda: text().check(np.full((3, 5), 8), 3), "0 to 7, and -1 after the last"),
        (lambda: text().check(np.zeros((2, 5), int), 3), "3 images and 2 captions"),
    ],
)
def test_what_cannot_be_asked_is_one_line(make, message):
    with pytest.raises(InputError) as raised:
        make()
    assert message in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.backends
@pytest.mark.parametrize("discriminator", ["projection", "concat"])
@pytest.mark.parametrize("way", list(generators.registry))
def test_every_word_changes_images_and_scores_and_growth_keeps_both(way, discriminator):
    architecture, model = gan(way, discriminator)
    latents = np.random.default_rng(0).standard_normal((4, 6)).astype("float32")
    said, others = text().encode([CAPTIONS[0]] * 4), text().encode(CAPTIONS)
    others[3] = text().encode(["a red A on red"])[0]
    one, other = (numpy(model.generator([latents, words])) for words in (said, others))
    np.testing.assert_array_equal(one[0], other[0])
    assert (np.abs(one - other).max(axis=(1, 2, 3))[1:] > 1e-5).all()
    scores, changed = (numpy(model.discriminator([one, words])) for words in (said, others))
    assert (np.abs(scores - changed)[1:] > 1e-6).all()
    assert joint_batch.possible(model.discriminator)
    grown, *_ = architecture(Stage(16, 1, fade=1))
    larger = numpy(grown([latents, said]))
    np.testing.assert_allclose(larger, one.repeat(2, axis=1).repeat(2, axis=2), atol=1e-5)


@pytest.mark.backends
@pytest.mark.parametrize("loss", ["wgan-gp", "hinge"])
def test_a_gan_trains_and_every_weight_of_the_words_learns(loss):
    _, model = gan(loss=loss, penalties=("r1:gamma=1",))
    images, given = data().images, text().of_images(data())
    before = {v.path: numpy(v.value) for v in model.trainable_variables}
    history = model.fit(images, given, batch_size=8, verbose=0, shuffle=False).history
    assert np.isfinite(list(history.values())).all()
    words = [v for v in model.trainable_variables if "_text_" in v.path]
    assert {path.partition("_text")[0] for v in words for path in [v.path]} == {
        "generator",
        "discriminator",
    }
    moved = {v.path: np.abs(numpy(v.value) - before[v.path]).max() for v in words}
    assert min(moved.values()) > 0, moved
    with pytest.raises(InputError, match=r"asked in words, int32 \[2, 5\]"):
        model.sample(2)
    made = model.sample(3, labels=given[:3])
    np.testing.assert_array_equal(made[:2], model.sample(2, labels=given[:2]))
    with pytest.raises(InputError, match=r"Give condition\.encode"):
        model.fit(images, given + 7, batch_size=8, verbose=0)


@pytest.mark.backends
def test_fit_and_a_run_of_steps_give_the_same_weights():
    ends, rows = [], np.arange(16, dtype="int32").reshape(2, 8)
    images, given = data().images, text().of_images(data())
    for by_fit in (True, False):
        _, model = gan()
        if by_fit:
            model.fit(images, given, batch_size=8, shuffle=False, verbose=0)
        else:
            backend.repeat(model, (images, given), 4)(rows)
        ends.append([numpy(v.value) for v in model.named_variables().values()])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


@pytest.mark.backends
def test_a_denoiser_is_asked_in_words_with_guidance():
    architecture = architectures.get("patch-mixer:base=8,width=4,depth=1,channels=3")
    architecture.condition = text()
    denoiser, _ = architecture(Stage(8, 1), roles=("denoiser",))
    model = DiffusionModel(
        denoiser, objective="flow", steps=2, condition=architecture.condition, drop=0.5
    )
    model.compile(keras.optimizers.SGD(0.1))
    given = text().of_images(data())
    before = [numpy(v.value) for v in model.trainable_variables]
    model.fit(data().images, given, batch_size=8, verbose=0, epochs=2)
    assert any(
        np.abs(numpy(v.value) - old).max() > 0 and "_text_words" in v.path
        for v, old in zip(model.trainable_variables, before, strict=True)
    )
    # What nothing is asked of is the other end of guidance.
    latents = np.random.default_rng(1).standard_normal((2, 192)).astype("float32")
    nothing, words = np.full((2, 5), -1, "int32"), given[:2]
    estimates = {}
    for weight in (0.0, 1.0, 3.0):
        made = model.make_generator({"denoiser": denoiser}, "flow", "euler", 1, weight)
        made.get_layer("sampling").moments.mean.assign(model.sampling.moments.mean)
        estimates[weight] = numpy(made([latents, words]))
        if weight == 1:
            np.testing.assert_allclose(
                estimates[0.0], numpy(made([latents, nothing])), atol=1e-5
            )
    step = estimates[1.0] - estimates[0.0]
    inside = np.max([np.abs(each) for each in estimates.values()], axis=0) < 0.99  # Unclipped.
    np.testing.assert_allclose(
        estimates[3.0][inside], (estimates[0.0] + 3 * step)[inside], atol=1e-4
    )
    assert np.abs(step).max() > 1e-5
