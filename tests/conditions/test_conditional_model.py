"""A conditional GAN in plain Keras: which label each image has, and what is refused."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import backend
from ganzoo.conditions.discriminators.ac_gan import cross_entropy
from ganzoo.conditions.layers import Embedding, InnerProduct
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel

pytestmark = pytest.mark.backends

SIDE, LATENT, CLASSES = 4, 3, 5


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def labels_input():
    return keras.Input((), dtype="int32", name="labels")


def generator():
    latents, labels = keras.Input((LATENT,)), labels_input()
    x = layers.Concatenate()([latents, Embedding(CLASSES, 4, name="g_class")(labels)])
    x = layers.Dense(SIDE * SIDE, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((SIDE, SIDE, 1))(x))


def projecting():
    image, labels = keras.Input((SIDE, SIDE, 1)), labels_input()
    x = layers.Dense(6)(layers.Flatten()(image))
    x = layers.LeakyReLU(0.2)(x)
    product = InnerProduct()([x, Embedding(CLASSES, 6, name="d_class")(labels)])
    return keras.Model([image, labels], layers.Add()([layers.Dense(1)(x), product]))


def classifying():
    image = keras.Input((SIDE, SIDE, 1))
    x = layers.LeakyReLU(0.2)(layers.Dense(6)(layers.Flatten()(image)))
    return keras.Model(image, [layers.Dense(1)(x), layers.Dense(CLASSES)(x)])


DISCRIMINATORS = {"projection": projecting, "ac-gan": classifying, "concat": projecting}


def make(way="projection", cls=GANModel, eager=False, **options):
    condition = f"labels:classes={CLASSES},discriminator={way}"
    model = cls(generator(), DISCRIMINATORS[way](), condition=condition, **options)
    rng = np.random.default_rng(1)
    for network in (model.generator, model.discriminator):
        for variable in network.trainable_variables:
            variable.assign(rng.normal(0, 0.3, variable.shape).astype("float32"))
    model.ema_generator.set_weights(model.generator.get_weights())
    optimizers = (keras.optimizers.SGD(0.01) for _ in range(2))
    model.compile(*optimizers, run_eagerly=eager)
    return model


def images(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, SIDE, SIDE, 1)).astype("uint8")


def labels(n, classes=CLASSES):
    return (np.arange(n) % classes).astype("int32")


class Spy(GANModel):
    """Records the labels of each loss; of use in an eager model only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = []

    def discriminator_loss(self, real, fake, seed):
        self.seen.append(("d", numpy(real), numpy(self.asked.real), numpy(self.asked.fake)))
        return super().discriminator_loss(real, fake, seed)

    def generator_loss(self, fake, real):
        self.seen.append(("g", numpy(real), numpy(self.asked.real), numpy(self.asked.fake)))
        return super().generator_loss(fake, real)


@pytest.mark.parametrize("steps", [1, 3])
def test_real_images_keep_their_labels_and_fakes_get_some_of_the_batch(steps):
    model = make(cls=Spy, eager=True, loss="wgan-gp", critic_steps=steps)
    # The label of an image can be read off its first pixel.
    data, classes = images(12), labels(12)
    data[:, 0, 0, 0] = 10 * classes
    for start in (0, 6):
        model.train_on_batch(data[start : start + 6], classes[start : start + 6])
    assert [player for player, *_ in model.seen] == [*"d" * steps, "g"] * 2
    for _, real, of_real, of_fake in model.seen:
        pixels = np.rint((real[:, 0, 0, 0] + 1) * 127.5 / 10)
        np.testing.assert_array_equal(pixels, of_real)
        assert of_real.dtype == of_fake.dtype == np.int32
        assert len(of_fake) == len(of_real) == 6 // steps and set(of_fake) <= set(range(6))
    drawn = np.concatenate([of_fake for *_, of_fake in model.seen])
    assert len(set(drawn)) > 2 and drawn.tolist() != sorted(drawn)


def test_fakes_are_asked_for_what_is_in_the_data_as_often_as_it_is_there():
    model = make(cls=Spy, eager=True)
    rare = np.array([0] * 56 + [4] * 8, "int32")
    for _ in range(6):
        model.train_on_batch(images(64), rare)
    drawn = np.concatenate([of_fake for player, *_, of_fake in model.seen])
    assert set(drawn) == {0, 4}
    assert 0.08 < np.mean(drawn == 4) < 0.17  # An eighth of 768, 3.8 deviations on each side.


@pytest.mark.parametrize("loss", ["wgan-gp", "rpgan", "hinge"])
@pytest.mark.parametrize("way", DISCRIMINATORS)
def test_each_backend_trains_every_way_with_penalties(way, loss):
    penalties = ("r1:gamma=1", "r2:gamma=1,every=2")
    model = make(way, loss=loss, penalties=penalties)
    before = [numpy(v.value) for v in model.trainable_variables]
    history = model.fit(images(24), labels(24), batch_size=8, verbose=0, shuffle=False).history
    extra = {"class_loss", "g_class_loss"} if way == "ac-gan" else set()
    own = {"gp"} if loss == "wgan-gp" else set()
    assert set(history) == {
        *("loss", "d_loss", "g_loss", "real_score", "fake_score", "r1", "r2"),
        *own,
        *extra,
    }
    assert np.isfinite(list(history.values())).all()
    for variable, old in zip(model.trainable_variables, before, strict=True):
        if "bias" not in variable.path:
            assert np.abs(numpy(variable.value) - old).max() > 1e-7, variable.path


def test_fit_and_repeat_give_the_same_weights():
    rows = np.arange(24, dtype="int32").reshape(3, 8)
    ends = []
    for by_fit in (True, False):
        model = make(loss="wgan-gp")
        if by_fit:
            model.fit(images(24), labels(24), batch_size=8, shuffle=False, verbose=0)
        else:
            backend.repeat(model, (images(24), labels(24)), 4)(rows)
        ends.append([numpy(v.value) for v in model.named_variables().values()])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


def test_the_auxiliary_classifier_is_paid_for_both_and_the_generator_for_fakes():
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]], "float32"))
    expected = -(np.log(0.7) + np.log(0.25)) / 2
    value = cross_entropy(ops.convert_to_tensor(logits), ops.convert_to_tensor([0, 1]))
    assert float(value) == pytest.approx(expected, rel=1e-5)
    model = make("ac-gan", eager=True, loss="hinge")
    logs = model.train_on_batch(images(8), labels(8), return_dict=True)
    named = ("d_loss", "class_loss", "g_loss", "g_class_loss")
    assert float(logs["loss"]) == pytest.approx(sum(float(logs[n]) for n in named), rel=1e-5)
    # Five classes, weights at random: each cross-entropy is near log 5, two of them in D.
    assert 2.5 < float(logs["class_loss"]) < 5.5 and 1.2 < float(logs["g_class_loss"]) < 2.8


def test_images_follow_the_label_and_are_averaged_copied_and_saved(tmp_path):
    model = make("ac-gan")
    model.fit(images(8), labels(8)[:, None].astype("int64"), verbose=0)  # As Keras's sets are.
    latents = np.random.default_rng(4).normal(size=(4, LATENT)).astype("float32")
    asked = [np.full(4, k, "int32") for k in (0, 3)]
    one, other = (model.predict([latents, each], verbose=0) for each in asked)
    assert np.abs(one - other).mean() > 0.01
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    assert loaded.condition.get_config() == model.condition.get_config()
    np.testing.assert_array_equal(loaded.predict([latents, asked[0]], verbose=0), one)
    loaded.fit(images(8), labels(8), verbose=0)
    assert int(loaded.iteration) == 2


REFUSED = [
    (None, "has no labels|have no labels"),
    (labels(8).astype("float32"), "whole numbers. Received: float32"),
    (np.eye(8, CLASSES), r"labels\.argmax\(axis=-1\)"),
    (labels(8) + 1, r"0 to 4.* Received: 1 to 5\. Give labels - 1"),
    (labels(7), "8 images and 7 labels"),
    (-labels(8), "Received: -4 to 0"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_labels_that_cannot_be_used_are_one_line_before_the_first_step(wrong, message):
    model = make()
    for train in (model.fit, model.train_on_batch):
        with pytest.raises(InputError, match=message) as caught:
            train(images(8), wrong)
        assert "\n" not in str(caught.value)
    assert int(model.iteration) == 0


def batches(wrong):
    """A data set of Keras's, of which nobody knows the labels before they come."""

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return images(8), labels(8) + 100 * (index == wrong)

    return Batches()


@pytest.mark.parametrize("wrong", [0, 1])
def test_labels_of_a_data_set_that_are_none_of_the_classes_end_the_training(wrong):
    make().fit(batches(wrong=None), verbose=0)
    with pytest.raises(InputError, match=r"Received: .* to 104"):
        make().fit(batches(wrong), verbose=0, shuffle=False)


@pytest.mark.parametrize(
    ("networks", "condition", "message"),
    [
        ("both", None, "takes latents .*nothing else"),
        ("neither", "labels:classes=5", r"With a condition the generator takes"),
        ("generator", "labels:classes=5", r"With a condition the discriminator takes"),
        ("both", "labels", "classes"),
        ("both", "labels:classes=1", "2 or more"),
        ("both", "labels:classes=5,generator=nonsense", "no conditioning of the generator"),
        ("both", "lables:classes=5", "Did you mean 'labels'"),
    ],
)
def test_networks_and_condition_must_fit(networks, condition, message):
    plain = keras.Sequential(
        [keras.Input((LATENT,)), layers.Dense(16), layers.Reshape((4, 4, 1))]
    )
    score = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])
    pair = (
        plain if networks == "neither" else generator(),
        projecting() if networks == "both" else score,
    )
    with pytest.raises(InputError, match=message):
        GANModel(*pair, condition=condition)


def test_a_loss_of_ones_own_says_whose_labels_it_scores():
    class Unsaid(GANModel):
        def generator_loss(self, fake, real):
            loss = -ops.mean(self.score(fake))
            return loss, {"g_loss": loss}

    class Said(GANModel):
        def generator_loss(self, fake, real):
            loss = -ops.mean(self.score(fake, self.asked.fake))
            return loss, {"g_loss": loss}

    with pytest.raises(InputError, match=r"self\.score\(fake, self\.asked\.fake\)"):
        make(cls=Unsaid, eager=True).train_on_batch(images(8), labels(8))
    one, other = (make(cls=c, loss="hinge", penalties=()) for c in (Said, GANModel))
    values = [
        float(m.train_on_batch(images(8), labels(8), return_dict=True)["g_loss"])
        for m in (one, other)
    ]
    assert values[0] == pytest.approx(values[1], abs=1e-6)
