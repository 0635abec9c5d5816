"""Makes Keras find ganzoo's classes in a saved model after `import ganzoo` alone.

Keras finds a class under the name that a decorator registers when the class's module is
imported. `import ganzoo` must not import Keras, and modules with layers do. So as soon as
Keras is imported, each name is registered with a `Deferred` in the class's place.
"""

import importlib
import importlib.util
import itertools
import sys
from typing import Any

PACKAGE = "ganzoo"  # Keras writes `ganzoo>Fade` into a file.
DECORATOR = f"keras.saving.register_keras_serializable({PACKAGE!r})"
# Files of the registries' folders are looked through.
OTHERS: dict[str, tuple[str, ...]] = {
    "ganzoo.backend.tensorflow_adam": ("Adam",),
    "ganzoo.diffusion.moments": ("Moments",),
    "ganzoo.diffusion.sampling": ("Sampling",),
    "ganzoo.growth": ("Fade",),
    "ganzoo.training.learning_rate": ("HoldThenDecay", "Switch"),
}


def classes() -> dict[str, tuple[str, ...]]:
    """Names of the classes that Keras may find in a file, by module."""
    from ganzoo import architectures, augmentations, conditions, losses, models
    from ganzoo.conditions import discriminators, generators
    from ganzoo.diffusion import objectives, samplers

    packages = (
        *(losses, losses.penalties, architectures, models),
        *(conditions, generators, discriminators, objectives, samplers, augmentations),
    )
    found = dict(OTHERS)
    for module in itertools.chain.from_iterable(each.registry.modules for each in packages):
        if names := tuple(cls.name for cls in module.classes if DECORATOR in cls.decorators):
            found[module.name] = names
    return found


class Deferred:
    """Stands for a class until Keras makes an object of it, and imports it then.

    Args:
        module: Name of the class's module.
        name: Name of the class.
    """

    def __init__(self, module: str, name: str):
        self.module = module
        self.name = name

    def load(self) -> Any:
        """The class; its module registers it under the same name."""
        return getattr(importlib.import_module(self.module), self.name)

    def from_config(self, config: dict[str, Any], **options: Any) -> Any:
        """An object of the class."""
        return self.load().from_config(config, **options)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.load()(*arguments, **options)


def register() -> None:
    """Register every name that has no class yet."""
    known = sys.modules["keras"].saving.get_custom_objects()
    for module, names in classes().items():
        for name in names:
            known.setdefault(f"{PACKAGE}>{name}", Deferred(module, name))


def register_with_keras() -> None:
    """Register now if Keras is imported, else as soon as it is."""
    if hasattr(sys.modules.get("keras"), "saving"):
        register()
    else:
        sys.meta_path.insert(0, _AfterKeras())


class _AfterKeras:
    """A finder that finds nothing itself, and calls `register` after the import of Keras.

    `wrapt` has such hooks, and its import takes longer than that of the whole command line.
    """

    def __init__(self):
        self.asking = False

    def find_spec(self, name, path=None, target=None):
        if name != "keras" or self.asking:
            return None
        self.asking = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.asking = False
        if spec is not None and spec.loader is not None:
            self._follow(spec.loader)
        return spec

    def _follow(self, loader):
        load = loader.exec_module

        def exec_module(module):
            load(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            register()

        loader.exec_module = exec_module
