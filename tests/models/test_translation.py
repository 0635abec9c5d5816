"""CycleGAN and pix2pix: the buffer, the terms, growth, plain Keras, resuming."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, backend, models
from ganzoo.errors import InputError
from ganzoo.models.cyclegan import apart
from ganzoo.models.generative_model import box_mean, upsample
from ganzoo.models.image_buffer import ImageBuffer
from ganzoo.schedule import Stage
from ganzoo.seeds import StepSeed
from ganzoo.training.carry_over import grow

pytestmark = pytest.mark.backends

NETWORKS = "resnet-translator:base=8,width=8,depth=1,discriminator_width=4"


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def images(n=8, side=8, seed=2):
    return np.random.default_rng(seed).integers(0, 256, (n, side, side, 1), "uint8")


def floats(n=4, side=8, seed=3):
    return ops.convert_to_tensor(images(n, side, seed).astype("float32") / 127.5 - 1)


def make(kind="cyclegan", stage=None, networks=None, **options):
    """A small model of this kind, compiled."""
    cls = models.registry.find(kind)
    *made, fade = (networks or architectures.get(NETWORKS))(stage or Stage(8, 1), cls.roles)
    model = cls(*made, fade=fade, **options)
    model.compile(*(keras.optimizers.SGD(0.01) for _ in cls.roles))
    return model


# The buffer.


class Holder(keras.Model):
    """Has the variables of a buffer."""


def marked(*numbers):
    """One image of one pixel for each number."""
    return ops.convert_to_tensor(np.array(numbers, "float32").reshape(-1, 1, 1, 1))


def shown_by(buffer, *numbers, step=0):
    return numpy(buffer.exchanged(marked(*numbers), StepSeed(0, "buffer", step))).ravel()


def test_fakes_are_shown_as_they_are_until_the_buffer_is_full():
    buffer = ImageBuffer(Holder(), 5, (1, 1, 1), "buffer")
    assert list(shown_by(buffer, 1, 2, 3)) == [1, 2, 3]
    assert list(numpy(buffer.images.value).ravel()) == [1, 2, 3, 0, 0]
    assert list(shown_by(buffer, 4, 5, 6, step=1)) == [4, 5, 6]  # The last has no place.
    assert list(numpy(buffer.images.value).ravel()) == [1, 2, 3, 4, 5]


def test_a_full_buffer_gives_half_of_the_fakes_for_older_ones_and_loses_none():
    size, batch, steps = 10, 4, 200
    buffer = ImageBuffer(Holder(), size, (1, 1, 1), "buffer")
    seen, exchanged = [], 0
    for step in range(steps):
        given = np.arange(batch * step, batch * (step + 1))
        shown = shown_by(buffer, *given, step=step)
        assert len(set(shown)) == batch
        for new, old in zip(given, shown, strict=True):
            assert old == new or old < batch * step  # Itself, or one of an earlier step.
        exchanged += int((shown != given).sum()) if step >= size // batch + 1 else 0
        seen += list(shown)
    held = numpy(buffer.images.value).ravel()
    assert len(set(held)) == size
    # Of those that went in while it was filled, copies were shown at once.
    first = range(size)
    later = [number for number in seen if number not in first]
    assert len(set(later)) == len(later) and not set(later) & (set(held) - set(first))
    assert exchanged / (batch * (steps - size // batch - 1)) == pytest.approx(0.5, abs=0.06)


def test_a_batch_larger_than_the_buffer_is_shown_whole():
    buffer = ImageBuffer(Holder(), 2, (1, 1, 1), "buffer")
    shown_by(buffer, 1, 2)
    shown = shown_by(buffer, 3, 4, 5, 6, 7, step=1)
    assert list(shown[2:]) == [5, 6, 7] and set(shown[:2]) <= {1, 2, 3, 4}
    assert ImageBuffer(Holder(), 0, (1, 1, 1), "none").named_variables() == {}


# The terms.


def numbers(found):
    """A loss and its figures as NumPy has them."""
    total, logs = found
    return numpy(total), {key: numpy(value) for key, value in logs.items()}


def test_the_terms_of_cyclegan_are_those_of_its_formula():
    model = make(cycle=7.0, identity=0.25)
    a, b = floats(seed=3), floats(seed=4)
    total, logs = numbers(model.translation_loss(a, b))
    to_b, to_a = model.translator_ab, model.translator_ba

    def game(discriminator, fake):  # Least squares, G.
        return np.square(numpy(discriminator(fake)) - 1).mean() / 2

    def l1(one, other):
        return np.abs(numpy(one) - numpy(other)).mean()

    cycle = 7.0 * (l1(to_a(to_b(a)), a) + l1(to_b(to_a(b)), b))
    identity = 7.0 * 0.25 * (l1(to_a(a), a) + l1(to_b(b), b))
    games = game(model.discriminator_b, to_b(a)), game(model.discriminator_a, to_a(b))
    assert logs["cycle"] == pytest.approx(cycle, rel=1e-4)
    assert logs["identity"] == pytest.approx(identity, rel=1e-4)
    assert logs["g_loss_b"] == pytest.approx(games[0], rel=1e-4)
    assert logs["g_loss_a"] == pytest.approx(games[1], rel=1e-4)
    assert total == pytest.approx(cycle + identity + sum(games), rel=1e-4)


def test_without_identity_its_passes_are_not_made():
    model = make(identity=0)
    assert (
        model.terms[:3] == ("g_loss_a", "g_loss_b", "cycle") and "identity" not in model.terms
    )
    assert model.passes()["translator_ab"].single == 1.5
    assert make().passes()["translator_ab"].single == 2


def test_the_terms_of_pix2pix_are_those_of_its_formula():
    model = make("pix2pix", l1=30.0, loss="non-saturating")
    a, b = floats(seed=3), floats(seed=4)
    total, logs = numbers(model.translation_loss(a, b))
    fake = numpy(model.translator_ab(a))
    pairs = np.concatenate([numpy(a), fake], axis=-1)
    logits = numpy(model.discriminator_ab(ops.convert_to_tensor(pairs)))
    game, l1 = np.log1p(np.exp(-logits)).mean(), 30 * np.abs(fake - numpy(b)).mean()
    assert logs["g_loss_ab"] == pytest.approx(game, rel=1e-4)
    assert total == pytest.approx(game + l1, rel=1e-4)


def test_the_difference_of_images_is_a_mean_over_pixels():
    assert float(apart(ops.ones((2, 3, 3, 1)), -ops.ones((2, 3, 3, 1)))) == 2


@pytest.mark.backends("torch")
@pytest.mark.parametrize("loss", ["hinge", "wgan-gp", "ra-hinge"])
def test_the_game_is_any_loss_with_its_penalties(loss):
    for kind in ("cyclegan", "pix2pix"):
        model = make(kind, loss=loss, penalties=["r1:gamma=0.1"])
        logs = model.train_on_batch(images(4), images(4, seed=5), return_dict=True)
        assert np.isfinite(list(logs.values())).all()
        names = set(model.judged)
        assert {f"r1_{name}" for name in names} <= logs.keys()


# The images.


def test_with_a_skip_a_translator_begins_as_nearly_the_identity():
    model = make()
    given = images(6)
    kept = np.tanh(2 * (given / 127.5 - 1))
    made = model.translate(given) / 127.5 - 1
    assert np.abs(made - kept).mean() < 0.1
    other = make(networks=architectures.get(NETWORKS, {"skip": False}))
    assert np.abs(other.translate(given) / 127.5 - 1 - kept).mean() > 0.3


def test_a_direction_that_it_lacks_and_latents_are_refused():
    with pytest.raises(InputError, match=r"translates ab\. Received: 'ba'"):
        make("pix2pix").translate(images(), "ba")
    with pytest.raises(InputError, match="images of images"):
        make().sample(4)


@pytest.mark.parametrize("kind", ["cyclegan", "pix2pix"])
def test_fit_takes_two_domains(kind):
    model = make(kind)
    history = model.fit(images(8), images(8, seed=5), batch_size=4, epochs=2, verbose=0).history
    assert len(history["loss"]) == 2 and int(model.images_seen) == 32
    with pytest.raises(InputError, match="two domains"):
        model.fit(images(8), batch_size=4, verbose=0)
    with pytest.raises(InputError, match="two domains"):
        model.fit(images(8), np.zeros(8), batch_size=4, verbose=0)


@pytest.mark.backends("torch")
def test_a_model_that_is_saved_and_loaded_goes_on_the_same(tmp_path):
    model = make(buffer=6)
    model.fit(images(8), images(8, seed=5), batch_size=4, shuffle=False, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for each in (model, loaded):
        each.fit(images(8), images(8, seed=5), batch_size=4, shuffle=False, verbose=0)
    kept, again = model.named_variables(), loaded.named_variables()
    assert int(loaded.buffers["a"].filled) == 6
    for key, variable in kept.items():
        if not key.startswith("metrics"):
            np.testing.assert_array_equal(numpy(variable.value), numpy(again[key].value), key)


# Growth.


@pytest.mark.backends("torch")
@pytest.mark.parametrize("networks", [NETWORKS, "unet-translator:base=8,width=8"])
def test_at_alpha_0_translations_are_those_of_the_old_resolution(networks):
    made = architectures.get(networks)
    old = make(networks=made)
    old.fit(images(8), images(8, seed=5), batch_size=4, verbose=0)
    new = make(stage=Stage(16, 1, fade=0.5), networks=made)
    grow(old, new)
    given = floats(3, 16)
    for direction, network in new.translators(new.ema_networks()).items():
        before = old.translators(old.ema_networks())[direction]
        expected = numpy(upsample(before(box_mean(given, 2))))
        assert numpy(network(given)).tobytes() == expected.tobytes()
    assert int(new.buffers["a"].filled) == 0  # Its images have another size.
    rows = np.arange(8, dtype="int32").reshape(1, 4, 2)
    backend.repeat(new, images(8, 16), 1)(rows)
    assert int(new.buffers["a"].filled) == 4 and 0 < new.alpha < 1
