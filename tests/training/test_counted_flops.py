"""Operations of a step as PyTorch counts them while it does them."""

import math

import keras
import numpy as np
import pytest

from ganzoo import architectures, backend, losses
from ganzoo.losses import penalties as penalty_registry
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage
from ganzoo.training.cost import NetworkCosts
from ganzoo.training.recommendations import recommended

pytestmark = [
    pytest.mark.backends("torch"),
    pytest.mark.skipif(backend.name != "torch", reason="This backend does not load PyTorch."),
]
if backend.name == "torch":
    from torch.utils.flop_counter import FlopCounterMode

NETWORKS = "progressive-dcgan:base=8,width=4,latent_size=8"
SMALL, LARGE, FADING = Stage(8, 1), Stage(16, 1), Stage(16, 1, fade=0.5)
BATCH = 8
# Of each score a product with one number is counted in a gradient of a gradient, though there
# is nothing above the last layer: 2 x its inputs.
CLOSE = 2e-3


def makes_passes(name):
    """Whether a penalty has images pass through a network."""
    penalty = penalty_registry.get(name)
    own = "discriminator" in penalty.players
    return own or any(penalty.other_passes(player) for player in penalty.players)


PENALTIES = sorted(penalty_registry.registry)
PRICED = [name for name in PENALTIES if makes_passes(name)]


class NoModules:
    """In place of PyTorch's tracker of modules, which `torch.autograd.grad` does not allow."""

    parents = ("Global",)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


def counted(loss, penalties=(), stage=LARGE, networks=NETWORKS, **options):
    """Operations for one real image: by PyTorch's counter, and by `GANModel.passes`."""
    generator, discriminator, fade = architectures.get(networks)(stage)
    model = GANModel(generator, discriminator, loss, penalties, fade=fade, **options)
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    side, rows = stage.resolution, BATCH * model.critic_steps
    images = np.random.default_rng(0).integers(0, 256, (rows, side, side, 1), np.uint8)
    counter = FlopCounterMode(display=False)
    counter.mod_tracker = NoModules()
    with counter:
        steps = math.lcm(*(penalty.every for penalty in model.penalties))
        for _ in range(steps):
            model.step(images)
    own = NetworkCosts.of(model.by_role()).flops(model.passes())
    return counter.get_total_flops() / (steps * rows), own


@pytest.mark.parametrize("name", sorted(losses.registry))
def test_each_loss_with_the_penalties_that_go_with_it(name):
    penalties = recommended(losses.get(name))["penalties"]
    own_kind = losses.get(name).autoencoder
    networks = NETWORKS.replace("progressive-dcgan", "autoencoder") if own_kind else NETWORKS
    for given in dict.fromkeys((penalties, ())):
        found, own = counted(name, given, networks=networks)
        assert own == pytest.approx(found, rel=CLOSE)


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("name", PRICED)
def test_each_penalty_lazy_and_not(name, every):
    found, own = counted("hinge", [f"{name}:every={every}"])
    # D's last layer is left out where features are what it is given.
    close = 0.01 if name in ("feature-matching", "pulling-away") else CLOSE
    assert own == pytest.approx(found, rel=close)


@pytest.mark.parametrize("name", [name for name in PENALTIES if name not in PRICED])
def test_what_is_no_pass_of_images(name):
    found, own = counted("hinge", [name], networks=f"{NETWORKS},mapping_layers=0")
    # Products with weights alone, once a batch, are not counted here.
    of_weights = penalty_registry.get(name).players
    assert 0.8 * found < own < found if of_weights else own == found


@pytest.mark.parametrize(
    "penalties",
    [
        ["r1", "r2"],
        ["r1", "r2:every=2", "gp:every=4"],
        ["r1:gamma=1", "r1:gamma=2"],
        ["r1", "r1:every=2"],
        ["r2:every=2", "r2:gamma=1,every=2"],
    ],
)
def test_penalties_that_share_passes(penalties):
    found, own = counted("rpgan", penalties)
    assert own == pytest.approx(found, rel=CLOSE)


@pytest.mark.parametrize(("stage", "critic_steps"), [(SMALL, 1), (SMALL, 3), (FADING, 2)])
def test_stages_and_fades(stage, critic_steps):
    found, own = counted("wgan-gp", ["r1:every=2"], stage, critic_steps=critic_steps)
    assert own == pytest.approx(found, rel=CLOSE)


@pytest.mark.parametrize("upsampling", ["resize", "sub-pixel"])
def test_kinds_of_networks(upsampling):
    options = f"upsampling={upsampling},normalization=layer,score_width=0,similarities=0"
    found, own = counted("wgan-gp", networks=f"{NETWORKS},{options}")
    # `resize` sums its kernels once a batch, which is not counted here.
    assert own == pytest.approx(found, rel=0.02 if upsampling == "resize" else CLOSE)
    assert own <= found * (1 + CLOSE)


def test_spectral_normalization_costs_little_beside():
    networks = f"{NETWORKS},discriminator_normalization=spectral"
    found, own = counted("hinge", ["r1"], networks=networks)
    # Products with weights alone, once a pass of a batch: more than here in smaller batches.
    assert 0.9 * found < own < found
