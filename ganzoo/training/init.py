"""Weights of another run, with which a new one begins.

The networks of the new run's first stage and their averages get the source's weights by name;
optimizers, counters and random numbers begin anew. The source may be of another stage of the
same architecture: what its stage does not have, such as the layers between images of another
size and the features, begins as in any new run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import architectures
from ganzoo.errors import InputError
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.schedule import Schedule
from ganzoo.spec import parse
from ganzoo.training.run import Run
from ganzoo.training.saved import checked, folder_of, stage_of
from ganzoo.training.settings import without_derived

NO_WEIGHTS = ("metrics/", "iteration", "images_seen", "first_bad", "fade")


@dataclass(frozen=True)
class InitialWeights:
    """Weights that a checkpoint holds.

    Attributes:
        where: The run, with the checkpoint's name.
        arrays: Weights by the names of `GenerativeModel.named_variables`, without optimizers.
        sha256: Checksum of the file of arrays.
        resolution: Of the checkpoint's stage, in pixels.
        options: Options of the source's architecture.
        architecture: Spec of its networks, without what follows from data and seed.
        model: Spec of the model that they are of.
    """

    where: str
    arrays: Mapping[str, np.ndarray]
    sha256: str
    resolution: int
    options: Mapping[str, Any]
    architecture: str
    model: str = "gan"

    @classmethod
    def read(cls, source: str, sha256: str | None = None) -> "InitialWeights":
        """The weights of `RUN` or `RUN@CHECKPOINT`.

        Raises:
            InputError: If it cannot be read, or its checksum is not `sha256`.
        """
        path, name = split(source)
        run = Run.open(path)
        arrays, manifest, config = checked(run, name)
        where = f"{run.path}@{folder_of(run, name).name}"
        if sha256 not in (None, manifest["sha256"]):
            raise InputError(
                f"The checkpoint {where} has changed since a run began with its weights "
                f"(sha256 {manifest['sha256'][:12]}, was {str(sha256)[:12]}). Bring it back, "
                "or start a new run."
            )
        stage = stage_of(run, manifest, config)
        options = parse(config["architecture"])[1]
        options.setdefault("base", Schedule.parse(config["schedule"])[0].resolution)
        return cls(
            where=where,
            arrays={name: a for name, a in arrays.items() if _is_weight(name)},
            sha256=manifest["sha256"],
            resolution=stage.resolution,
            options=options,
            architecture=without_derived(config["architecture"]),
            model=config.get("model", "gan"),
        )

    @property
    def base(self) -> int:
        """Resolution that the sizes of the networks follow from."""
        return int(self.options["base"])

    def check(self, model: GenerativeModel, architecture: Any) -> Mapping[str, np.ndarray]:
        """The weights that `model` begins with.

        Args:
            model: Of the first stage.
            architecture: What made its networks. Names may be missing, here or there, only
                where its options are the source's: then they are of another stage.

        Raises:
            InputError: If they do not fit.
        """
        arrays = model.first_weights(self.arrays, self.model)
        shapes = {name: tuple(v.shape) for name, v in model.named_weights().items()}
        same = self._is_same_family(architecture)
        apart = sorted(shapes.keys() ^ arrays.keys()) if not same else []
        problems = [
            f"{name} is {tuple(arrays[name].shape)}, not {shape}"
            for name, shape in sorted(shapes.items())
            if name in arrays and tuple(arrays[name].shape) != shape
        ]
        problems += [f"{'no' if name in shapes else 'unknown'} {name}" for name in apart]
        if not problems and not shapes.keys() & arrays.keys():
            problems = ["no name is the same"]
        if problems:
            more = f" and {len(problems) - 2} more" if len(problems) > 2 else ""
            raise InputError(
                f"The weights of {self.where} do not fit: {'; '.join(problems[:2])}{more}. "
                f"They are of {self.architecture} for images of "
                f"{self.options.get('channels', 1)} channel(s)."
            )
        return arrays

    def _is_same_family(self, architecture: Any) -> bool:
        return without_derived(architectures.registry.spec(architecture)) == self.architecture

    def assign(self, model: GenerativeModel, architecture: Any) -> str:
        """Give the weights to `model`, whose networks `architecture` has just made.

        Returns:
            A line that says how many were taken.

        Raises:
            InputError: If they do not fit; nothing is assigned then.
        """
        arrays, variables = self.check(model, architecture), model.named_weights()
        taken = variables.keys() & arrays.keys()
        for name in taken:
            variables[name].assign(arrays[name])
        fresh = sorted({name.split("/")[1] for name in variables.keys() - taken})
        new = f"; new layers: {', '.join(fresh)}" if fresh else ""
        return f"{len(taken)} of {len(variables)} weights are those of {self.where}{new}"


def _is_weight(name: str) -> bool:
    part = name.partition("/")[0]
    return not name.startswith(NO_WEIGHTS) and not (
        part.endswith("_optimizer") or "/state_" in name
    )


def split(source: str) -> tuple[Path, str | None]:
    """The path of a run and the checkpoint's name in `RUN@CHECKPOINT`."""
    path, at, name = source.rpartition("@")
    if at and not Path(source).exists():
        return Path(path), name
    return Path(source), None


def absolute(source: str) -> str:
    """`source` with a path that holds from any folder."""
    path, name = split(source)
    found = str(path.expanduser().absolute())
    return found if name is None else f"{found}@{name}"
