"""What every variant of every registry keeps to: a new file is tested by being there.

Options and spec, config and Keras's saving, what the registry reads from the source.
"""

import inspect
import math

import keras
import pytest

from ganzoo import architectures, augmentations, data, export, losses, models
from ganzoo.conditions import discriminators, generators
from ganzoo.diffusion import objectives, samplers
from ganzoo.errors import InputError
from ganzoo.losses import penalties

pytestmark = pytest.mark.backends

CONDITIONINGS = (discriminators.registry, generators.registry)
DIFFUSION = (objectives.registry, samplers.registry)
CONFIGURED = (
    losses.registry,
    penalties.registry,
    architectures.registry,
    *CONDITIONINGS,
    *DIFFUSION,
    augmentations.registry,
)
REGISTRIES = (*CONFIGURED, models.registry, data.sets, export.registry)
WITH_PAPER = (losses.registry, penalties.registry)
FROM_THE_DATA = {"classes"}  # An option that other options follow from; no config has it.


def all_of(*registries):
    return [
        pytest.param(registry, entry.name, id=entry.name)
        for registry in registries
        for entry in registry.usable()
    ]


def keywords(registry, name):
    """Options of a variant and their defaults."""
    parameters = inspect.signature(registry.find(name)).parameters
    return {key: parameter.default for key, parameter in parameters.items()}


def another(value):
    """What an option may be instead; a text stands for a choice and stays."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) or value is None:
        return value
    return 0.25 if isinstance(value, float) else value + 1


def changed(variant):
    """Its config with another value of each option."""
    return {key: another(value) for key, value in variant.get_config().items()}


@pytest.mark.parametrize(("registry", "name"), all_of(*REGISTRIES))
def test_its_class_is_what_the_source_says(registry, name):
    entry, cls = registry.entries[name], registry.find(name)
    assert registry.describe(cls) == name
    assert issubclass(cls, registry.find(registry.parent))
    assert not inspect.isabstract(cls)
    for fact, value in entry.facts.items():
        # Names are listed from the source: write it as a literal there.
        assert value == getattr(cls, fact), fact


@pytest.mark.parametrize(("registry", "name"), all_of(*REGISTRIES))
def test_its_docstring_begins_with_one_sentence(registry, name):
    entry = registry.entries[name]
    assert entry.summary.endswith(".") and len(entry.summary) <= 96
    assert entry.paper.startswith(("arXiv:", "doi:")) or registry not in WITH_PAPER


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_its_config_is_exactly_the_constructors_keywords(registry, name):
    config, known = registry.get(name).get_config(), keywords(registry, name)
    assert known.keys() - FROM_THE_DATA == config.keys()
    followed = {key: config[key] for key in config if known[key] is None}
    assert config == {key: known[key] for key in config} | followed


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_its_spec_makes_an_equal_one(registry, name):
    default = registry.get(name)
    for variant in (default, registry.get(name, changed(default))):
        spec = registry.spec(variant)
        assert spec.partition(":")[0] == name == registry.describe(variant)
        again = registry.get(spec)
        assert type(again) is type(variant)
        assert again.get_config() == variant.get_config()
        assert repr(again) == repr(variant)


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_it_goes_through_keras_saving(registry, name):
    default = registry.get(name)
    other = registry.get(name, changed(default))
    for variant in (default, other):
        saved = keras.saving.serialize_keras_object(variant)
        loaded = keras.saving.deserialize_keras_object(saved)
        assert type(loaded) is type(variant)
        assert loaded.get_config() == variant.get_config()
    assert other.get_config() == changed(default)


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_what_is_no_value_of_an_option_is_one_line(registry, name):
    for option, default in keywords(registry, name).items():
        numeric = isinstance(default, int | float) and not isinstance(default, bool)
        wrong = [math.nan, math.inf, "much", (1, 2)] if numeric else []
        if isinstance(default, bool):
            wrong = ["yes", 2]
        if isinstance(default, str):
            wrong = ["much"]
        for value in wrong:
            with pytest.raises(InputError) as caught:
                registry.get(name, {option: value})
            assert "\n" not in str(caught.value) and option in str(caught.value), value


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_an_unknown_option_lists_the_known_ones(registry, name):
    options = ", ".join(keywords(registry, name)) or "none"
    with pytest.raises(InputError, match=f"'{name}' has no option 'nonsense'. .*{options}"):
        registry.get(name, {"nonsense": 1})


@pytest.mark.parametrize(("registry", "name"), all_of(*CONFIGURED))
def test_an_unknown_choice_lists_the_known_ones(registry, name):
    for option, names in registry.find(name).choices.items():
        with pytest.raises(
            InputError, match=f"`{option}` is one of {', '.join(names)}.*spectre"
        ):
            registry.get(name, {option: "spectre"})
        for each in names:
            assert registry.get(name, {option: each}).get_config()[option] == each
