"""Trackers: programs that show the figures of trainings beside each other.

`trainer.train(run, track=["tensorboard"])` tells them what a run's folder gets too. A tracker
that fails is named in one warning and left out from there on: it never stops a run. A new
tracker is one new file in `trackers/`.
"""

from typing import TYPE_CHECKING, Any

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.tracking.tracker import Tracker as Tracker

__all__ = ["Tracker", "get", "registry"]

registry: "Registry[Any]" = Registry(
    "tracker",
    package="ganzoo.tracking.trackers",
    parent="ganzoo.tracking.tracker:Tracker",
    group="ganzoo.trackers",
)
get = registry.get

if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()
