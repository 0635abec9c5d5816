"""Variants by name: from files, from other packages, from a path, from a spec."""

import math
import subprocess
import sys
import textwrap
import warnings

import pytest

from ganzoo import architectures, losses
from ganzoo.errors import InputError
from ganzoo.losses import penalties
from ganzoo.registry import Registry
from ganzoo.spec import parse

pytestmark = pytest.mark.backends

LOSS = "ganzoo.losses.loss:Loss"
PLUGIN = """
from ganzoo.losses.loss import Loss

class Halved(Loss):
    '''A loss from elsewhere.'''
    def __init__(self, by=2.0):
        self.by = by
    def discriminator(self, real, fake):
        return (fake - real).mean() / self.by
    def generator(self, fake, real=None):
        return -fake.mean() / self.by
    def get_config(self):
        return {"by": self.by}
"""


@pytest.mark.parametrize(
    ("spec", "name", "arguments"),
    [
        ("hinge", "hinge", {}),
        ("r1:gamma=0.1", "r1", {"gamma": 0.1}),
        ("lsgan:a=-1,b=1,c=0", "lsgan", {"a": -1, "b": 1, "c": 0}),
        ("lsgan:a=-1:b=1", "lsgan", {"a": -1, "b": 1}),
        ("gp: weight = 1e-3 ", "gp", {"weight": 0.001}),
        ("x:on=True,off=false,none=None", "x", {"on": True, "off": False, "none": None}),
        ("x:word=sub-pixel,none=none", "x", {"word": "sub-pixel", "none": "none"}),
        ("x:a=(1, 2),b=[3,4],c=5", "x", {"a": (1, 2), "b": [3, 4], "c": 5}),
        ("x:a=((1,2),3),b=(4,(5,6))", "x", {"a": ((1, 2), 3), "b": (4, (5, 6))}),
        ("x:a={'b': 1, 'c': 2},d=3", "x", {"a": {"b": 1, "c": 2}, "d": 3}),
        ("x:a=b=c", "x", {"a": "b=c"}),
        ("x:a='b,c:d',e='1'", "x", {"a": "b,c:d", "e": "1"}),
        ("x:a=don't,b=inf,c=-inf", "x", {"a": "don't", "b": math.inf, "c": -math.inf}),
        ("my.module:Class", "my.module:Class", {}),
        ("my.module:Class:a=1,b=two", "my.module:Class", {"a": 1, "b": "two"}),
    ],
)
def test_a_spec_is_a_name_and_typed_arguments(spec, name, arguments):
    assert parse(spec) == (name, arguments)
    types = {key: type(value) for key, value in arguments.items()}
    assert {key: type(value) for key, value in parse(spec)[1].items()} == types


@pytest.mark.parametrize(
    "spec", ["r1:0.1", "r1:gamma", "r1:gamma=1,2", "r1:gamma=1,=2", "r1:gamma=1,a b=2", "a:B:c"]
)
def test_what_is_no_option_is_refused_with_the_form(spec):
    with pytest.raises(InputError, match="NAME:key=value,key=value"):
        parse(spec)


def test_names_are_listed_without_importing_keras():
    code = """
        import sys
        from ganzoo import architectures, losses
        from ganzoo.losses import penalties
        for family in (losses, penalties, architectures):
            for entry in family.registry.usable():
                print(entry.name, end=" ")
        assert not {"keras", "tensorflow", "jax", "torch"} & set(sys.modules)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert {"minimax", "wgan-gp", "r1", "progressive-dcgan"} <= set(result.stdout.split())


def test_the_seven_losses_and_four_penalties_are_there():
    assert set(losses.registry) >= {
        *("minimax", "non-saturating", "lsgan", "hinge", "wgan", "wgan-gp", "rpgan")
    }
    assert set(penalties.registry) >= {"gp", "lp", "r1", "r2"}
    assert list(losses.registry) == sorted(losses.registry)


@pytest.mark.parametrize(
    ("registry", "wrong", "close"),
    [
        (losses.registry, "hing", "hinge"),
        (losses.registry, "wgangp", "wgan-gp"),
        (losses.registry, "non_saturating", "non-saturating"),
        (penalties.registry, "r3", None),  # Like two of them, and near to none.
    ],
)
def test_an_unknown_name_suggests_the_nearest_and_lists_all(registry, wrong, close):
    with pytest.raises(InputError) as caught:
        registry.get(wrong)
    message = str(caught.value)
    assert f"no {registry.kind} {wrong!r}" in message
    hint = f" Did you mean '{close}'?" if close else ""
    assert f"no {registry.kind} {wrong!r}.{hint} Known" in message
    assert all(name in message for name in registry)


@pytest.mark.parametrize(
    ("registry", "spec", "options"),
    [
        (losses.registry, "wgan:clop=1", "clip, critic_steps"),
        (losses.registry, "hinge:margin=1", "none"),
        (penalties.registry, "gp:lambda_=1", "weight, target, every"),
    ],
)
def test_an_unknown_option_lists_the_known_ones(registry, spec, options):
    with pytest.raises(InputError, match=f"has no option.*Options: {options}\\."):
        registry.get(spec)


def test_what_cannot_be_imported_or_is_of_another_kind_is_one_message(tmp_path, monkeypatch):
    (tmp_path / "slip.py").write_text("class MyLoss(:\n")
    (tmp_path / "unnamed.py").write_text("MyLoss = undefined\n")
    monkeypatch.syspath_prepend(tmp_path)
    for spec, message in (
        ("slip:MyLoss", "cannot be imported from slip:MyLoss: SyntaxError: "),
        ("unnamed:MyLoss", "NameError: name 'undefined' is not defined"),
        ("ganzoo.losses.penalties.r1:R1", "does not derive from Loss"),
        ("collections:OrderedDict", "does not derive from Loss"),
    ):
        with pytest.raises(InputError, match=message):
            losses.get(spec)


def test_an_object_of_another_kind_is_one_message():
    for given in (3, None, penalties.get("r1"), penalties.get("r1").__class__):
        with pytest.raises(InputError, match="does not derive from Loss, the class in"):
            losses.get(given)


def test_an_option_of_the_wrong_type_is_one_message():
    for spec, kind in (
        ("lsgan:a=None", "`a` is a number"),
        ("lsgan:a=(1,2)", "a is a number, such as 0.0"),
        ("minimax:label_smoothing=much", "label_smoothing is a number, such as 0.0"),
        ("wgan:critic_steps=2.5", "`critic_steps` is a whole number, 1 or more"),
        ("wgan-gp:critic_steps=0", "`critic_steps` is a whole number, 1 or more"),
    ):
        with pytest.raises(InputError, match=kind):
            losses.get(spec)
    with pytest.raises(InputError, match=r"minibatch_stddev is True or False.*'yes'"):
        architectures.get("progressive-dcgan:minibatch_stddev=yes")
    for option in ("latent_size=0", "width=0.5", "mapping_layers=-1", "similarities=1.5"):
        with pytest.raises(InputError, match=f"`{option.partition('=')[0]}` is a whole number"):
            architectures.get(f"progressive-dcgan:{option}")


def test_get_takes_what_keras_get_takes():
    hinge = losses.get("hinge")
    assert losses.get(hinge) is hinge
    assert losses.get(losses.LeastSquares).get_config() == {"a": 0, "b": 1, "c": 1}
    assert losses.get("lsgan:a=-1", {"c": 0}).get_config() == {"a": -1, "b": 1, "c": 0}
    assert losses.get(losses.LeastSquares, {"a": -1}).a == -1


def test_classes_are_attributes_of_their_package():
    assert losses.Hinge is losses.registry.find("hinge")
    assert penalties.R1 is penalties.registry.find("r1")
    assert architectures.ProgressiveDCGAN is architectures.registry.find("progressive-dcgan")
    with pytest.raises(AttributeError, match="Hing"):
        _ = losses.Hing


@pytest.mark.parametrize("path", ["ganzoo.losses.hinge:Hinge", "ganzoo.losses:Hinge"])
def test_a_path_names_a_class_anywhere(path):
    assert type(losses.get(path)) is losses.Hinge


@pytest.mark.parametrize(
    "path",
    ["no.such.module:X", "ganzoo.losses.hinge:Hing", ":X", "ganzoo.losses.hinge:", ".hinge:X"],
)
def test_a_path_that_leads_nowhere_is_one_message(path):
    with pytest.raises(InputError, match="cannot be imported"):
        losses.get(path)


def test_a_path_to_what_is_no_class_is_one_message():
    with pytest.raises(InputError, match=r"os\.path:sep.*not a class"):
        losses.get("os.path:sep")


def test_spec_keeps_arguments_that_are_not_the_defaults():
    for given in ("lsgan:a=-1.0,b=0.1,c=1e-07", "wgan:clip=None,critic_steps=5"):
        again = losses.get(losses.registry.spec(losses.get(given)))
        assert again.get_config() == losses.get(given).get_config()


class Configured:
    def __init__(self, config):
        self.get_config = lambda: config


@pytest.mark.parametrize(
    "value",
    [
        "a,b",
        "x:y",
        "1",
        "None",
        "true",
        "it's",
        " padded ",
        "",
        "inf",
        math.inf,
        (1, "a,b"),
        None,
        "a(b",
        "a)b",
        "'tis",
        "a\"b'c,d",
        "back\\",
        "'a\\",
    ],
)
def test_spec_keeps_any_value_that_is_a_literal(value):
    _, arguments = parse(losses.registry.spec(Configured({"a": value, "b": (1, 2)})))
    assert arguments == {"a": value, "b": (1, 2)} and type(arguments["a"]) is type(value)


# Files and plug-ins.


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A folder of variants, as `losses/` is one, and a registry of it."""
    folder = tmp_path / "my_zoo"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder, lambda: Registry("loss", "my_zoo", LOSS, "ganzoo.test_losses")
    for name in [name for name in sys.modules if name.partition(".")[0] == "my_zoo"]:
        del sys.modules[name]


def test_one_new_file_is_a_new_variant(package):
    folder, registry = package
    assert list(registry()) == []
    (folder / "half_off.py").write_text(PLUGIN)
    (folder / "helper.py").write_text("class NotOne:\n    pass\n")
    assert list(registry()) == ["half-off"]
    entry = registry().entries["half-off"]
    assert entry.summary == "A loss from elsewhere."
    assert entry.paper == ""
    assert registry().get("half-off:by=4").by == 4
    assert registry().spec(registry().get("half-off:by=4")) == "half-off:by=4"


IMPORTS = {  # How a file gets the class that its own derives from.
    "from my_zoo.half_off import Halved": "Halved",
    "from my_zoo.half_off import Halved as H": "H",
    "from .half_off import Halved": "Halved",
    "from . import half_off": "half_off.Halved",
    "import my_zoo.half_off": "my_zoo.half_off.Halved",
    "import my_zoo.half_off as h": "h.Halved",
    "from my_zoo import Halved": "Halved",  # Imported by the package when it is asked for.
    "import ganzoo.losses.loss": "ganzoo.losses.loss.Loss",
    "from ganzoo import losses": "losses.Hinge",
    "import ganzoo": "ganzoo.losses.Loss",
    "from ganzoo.losses import Hinge": "Hinge[int]",
    "try:\n    from ganzoo.losses import Hinge\nexcept ImportError:\n    raise": "Hinge",
}


@pytest.mark.parametrize("imports", IMPORTS)
def test_any_subclass_in_a_file_is_a_variant(imports, package):
    folder, registry = package
    (folder / "half_off.py").write_text(PLUGIN)
    (folder / "third.py").write_text(f"{imports}\nclass Third({IMPORTS[imports]}):\n    pass\n")
    assert registry().entries["third"].target == "my_zoo.third:Third"


def test_what_only_others_derive_from_is_no_variant(package):
    folder, registry = package
    (folder / "shared.py").write_text(
        "from abc import ABC, abstractmethod\n"
        "from ganzoo.losses.loss import Loss\n"
        "class Named(Loss, ABC): ...\n"
        "class Half(Loss):\n"
        "    @abstractmethod\n"
        "    def generator(self, fake): ...\n"
        "class _Hidden(Loss): ...\n"
        "class Own(Unknown, Loss2): ...\n"
    )
    (folder / "third.py").write_text(
        "from my_zoo.shared import Half\n"
        "class _Helper(Half): ...\n"
        "class Third(_Helper): ...\n"
        "def make():\n"
        "    class Inner(Half): ...\n"
    )
    assert [entry.target for entry in registry().entries.values()] == ["my_zoo.third:Third"]


def test_two_variants_in_a_file_are_an_error_that_names_them(package):
    folder, registry = package
    (folder / "two.py").write_text(PLUGIN + "class Quartered(Halved): ...\n")
    with pytest.raises(InputError) as caught:
        list(registry())
    message = str(caught.value)
    assert message.startswith(f"{folder / 'two.py'} holds 2 classes that derive from Loss: ")
    assert "Halved and Quartered. A loss has the name of its file" in message
    assert "\n" not in message


def test_a_file_that_is_no_python_is_one_line(package):
    folder, registry = package
    (folder / "slip.py").write_text("from ganzoo.losses.loss import Loss\nclass Slip(:\n")
    with pytest.raises(InputError, match=r"slip\.py, line 2, is no Python: invalid syntax\."):
        list(registry())


def test_facts_of_a_class_are_read_from_its_source_or_that_of_its_parents(package):
    folder, _ = package
    (folder / "one.py").write_text(
        "from ganzoo.architectures.architecture import Architecture\n"
        "class One(Architecture): ...\n"
    )
    (folder / "two.py").write_text(
        "from my_zoo.one import One\nclass Two(One):\n    roles: tuple = ('denoiser',)\n"
    )
    (folder / "three.py").write_text(
        "from my_zoo.two import Two\nclass Three(Two):\n    roles = Two.roles + ('x',)\n"
    )
    parent, facts = architectures.registry.parent, ("roles",)
    registry = Registry("architecture", "my_zoo", parent, "ganzoo.none", facts=facts)
    assert {name: entry.facts["roles"] for name, entry in registry.entries.items()} == {
        "one": ("generator", "discriminator"),
        "two": ("denoiser",),
        "three": None,  # No literal.
    }


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    """Installs a distribution `zoo-extra` with these entry points."""

    def install(**points):
        info = tmp_path / "zoo_extra-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zoo-extra\nVersion: 1.0\n")
        lines = [f"{name} = {value}" for name, value in points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[ganzoo.losses]", *lines, ""]))
        (tmp_path / "zoo_extra.py").write_text(PLUGIN)
        monkeypatch.syspath_prepend(tmp_path)
        return Registry("loss", "ganzoo.losses", LOSS, "ganzoo.losses")

    yield install
    sys.modules.pop("zoo_extra", None)


def test_another_package_adds_a_loss(plugins):
    registry = plugins(halved="zoo_extra:Halved")
    assert "halved" in registry
    assert registry.entries["halved"].summary == "From the package zoo-extra."
    assert "zoo_extra" not in sys.modules
    loss = registry.get("halved:by=4")
    assert type(loss).__name__ == "Halved"
    assert registry.spec(loss) == "halved:by=4"


def test_a_plugin_does_not_replace_a_loss_of_ganzoo(plugins):
    registry = plugins(hinge="zoo_extra:Halved")
    assert registry.find("hinge") is losses.Hinge


def test_two_packages_with_one_name_are_an_error_when_it_is_asked_for(plugins, tmp_path):
    other = tmp_path / "zoo_more-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: zoo-more\nVersion: 1.0\n")
    (other / "entry_points.txt").write_text("[ganzoo.losses]\nhalved = zoo_more:Other\n")
    registry = plugins(halved="zoo_extra:Halved")
    with pytest.raises(InputError, match="Several packages add a loss 'halved': ") as caught:
        registry.get("halved")
    assert "zoo_extra:Halved" in str(caught.value) and "zoo_more:Other" in str(caught.value)
    assert registry.get("zoo_extra:Halved:by=4").by == 4


def test_a_broken_plugin_is_one_warning_that_names_it(plugins):
    registry = plugins(halved="zoo_extra:Halved", gone="zoo_gone.module:Gone")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        names = [entry.name for entry in registry.usable()]
    assert "halved" in names
    assert "hinge" in names
    assert "gone" not in names
    assert len(caught) == 1
    assert "'gone'" in str(caught[0].message)
    assert "zoo_gone.module:Gone" in str(caught[0].message)
    with pytest.raises(InputError, match="'gone' cannot be imported"):
        registry.get("gone")
