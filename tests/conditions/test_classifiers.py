"""Terms of discriminators that classify, and of codes that are found again, by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures
from ganzoo.conditions.discriminators import registry
from ganzoo.conditions.layers import Proxies
from ganzoo.errors import InputError
from ganzoo.models.infogan import InfoGANModel
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends
rng = np.random.default_rng(1)


def tensor(values):
    return ops.convert_to_tensor(np.array(values, "float32"))


def labels(*values):
    return ops.convert_to_tensor(np.array(values, "int32"))


def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def test_adc_gan_tells_real_from_generated_classes():
    real, fake = rng.normal(size=(2, 3, 4))  # Two classes: real 0, real 1, fake 0, fake 1.
    way = registry.get("adc-gan:weight=0.5,generator_weight=2.0")
    found = way.discriminator_loss(
        [tensor(real)], [tensor(fake)], labels(0, 1, 1), labels(1, 0, 1)
    )
    rows = np.arange(3)
    of_real = -log_softmax(real)[rows, [0, 1, 1]].mean()
    of_fake = -log_softmax(fake)[rows, [3, 2, 3]].mean()
    assert float(found["class_loss"]) == pytest.approx(0.5 * (of_real + of_fake), rel=1e-5)
    found = way.generator_loss([tensor(fake)], labels(1, 0, 1))
    plus, minus = log_softmax(fake)[rows, [1, 0, 1]], log_softmax(fake)[rows, [3, 2, 3]]
    assert float(found["g_class_loss"]) == pytest.approx(2 * (minus - plus).mean(), rel=1e-5)


def test_reac_gan_is_the_papers_cross_entropy():
    f = rng.normal(size=(5, 3))
    f /= np.linalg.norm(f, axis=1, keepdims=True)
    v = np.eye(3)
    f[0] = v[0]  # Beyond the margin: p is 0.
    classes = np.array([0, 1, 1, 2, 0])
    way = registry.get("reac-gan:weight=1.0,margin=0.9,temperature=0.5,size=3")
    expected = []
    for i in range(5):
        p = min(0, f[i] @ v[classes[i]] - 0.9) / 0.5
        n = [max(0, f[i] @ f[j] - 0.1) / 0.5 for j in range(5) if classes[j] != classes[i]]
        expected.append(-np.log(np.exp(p) / (np.exp(p) + np.exp(n).sum())))
    outputs = [tensor(f), tensor(f @ v.T)]
    found = way.discriminator_loss(outputs, None, labels(*classes), None)
    assert float(found["class_loss"]) == pytest.approx(np.mean(expected), rel=1e-5)
    found = way.generator_loss(outputs, labels(*classes))
    assert float(found["g_class_loss"]) == pytest.approx(np.mean(expected), rel=1e-5)
    # Nobody to be apart from.
    alone = way.generator_loss([tensor(f[:2]), tensor(f[:2] @ v.T)], labels(1, 1))
    assert float(alone["g_class_loss"]) == pytest.approx(0, abs=1e-6)


def test_proxies_have_length_1():
    layer = Proxies(2)
    layer.build((None, 2))
    layer.set_weights([np.array([[3.0, 4.0], [0.0, -2.0]])])
    found = ops.convert_to_numpy(layer(tensor([[1.0, 2.0]])))
    np.testing.assert_allclose(found, [[2.2, -2.0]], rtol=1e-6)


def infogan(**options):
    spec = "progressive-dcgan:base=8,width=4,latent_size=6,categories=3,score_width=8"
    networks = architectures.get(spec)(Stage(8, 1), roles=InfoGANModel.roles)[:3]
    return InfoGANModel(*networks, **options)


def test_infogan_finds_category_and_codes():
    model = infogan(codes=2)
    assert model.categories == 3
    latents, moments = rng.normal(size=(4, 6)), rng.normal(size=(4, 12))
    category, code = model.information(tensor(moments), tensor(latents))
    rows, chosen = np.arange(4), latents[:, :3].argmax(1)
    assert float(category) == pytest.approx(
        -log_softmax(moments[:, :3])[rows, chosen].mean(), rel=1e-5
    )
    mean, variance = moments[:, 3:5], np.exp(moments[:, 9:11])
    density = np.exp(-((latents[:, 3:5] - mean) ** 2) / (2 * variance))
    density = density / np.sqrt(2 * np.pi * variance)
    assert float(code) == pytest.approx(-np.log(density).sum(1).mean(), rel=1e-5)
    model.compile(*(keras.optimizers.Adam(1e-3) for _ in range(3)))
    model.run_eagerly = keras.backend.backend() == "tensorflow"
    images = rng.integers(0, 256, (4, 8, 8, 1)).astype("uint8")
    first = model.train_on_batch(images, return_dict=True)
    assert first["category"] > 0 and np.isfinite(list(first.values())).all()
    category, code = infogan(codes=0).information(tensor(moments), tensor(latents))
    assert float(category) > 0 and float(code) == 0
    with pytest.raises(InputError, match="3 coordinates of the 6"):
        infogan(codes=4)
