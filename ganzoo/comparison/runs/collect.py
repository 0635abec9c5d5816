"""From finished runs to the comparison's folder."""

import os
import platform
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ganzoo import backend
from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.plan import Plan
from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.comparison.runs.rows import CELL_SETTINGS, RunRow, Snapshot
from ganzoo.comparison.runs.settings import FORMAT, KINDS
from ganzoo.data.sheet import plain_sheet, save_png
from ganzoo.files.atomic import atomic
from ganzoo.provenance import commit, hardware
from ganzoo.training.setting import Setting
from ganzoo.training.settings import SETTINGS, tabled
from ganzoo.versions import versions

SNAPSHOT_KEYS = ("kimg", "seconds", "processor_seconds", "measures")


def collect(plans: Sequence[Plan], out: Path, about: dict[str, Any]) -> Results:
    """Write `comparison.json`, the CSV files and the sheets, from whatever is done.

    Args:
        plans: Every run of the comparison.
        out: The comparison's folder.
        about: Settings that only the caller knows: `classes`, `title`, `preset`, `command`.
    """
    scored = [(plan, found) for plan in plans for found in run_files.snapshots(plan.run)]
    settings = _settings(plans) | _measured([found for _, found in scored]) | about
    for plan in plans:
        _copy_sheet(plan, out)
    rows = tuple(_row(plan, out) for plan in plans)
    curves = tuple(
        Snapshot(plan.cell.name, plan.seed, **{key: found[key] for key in SNAPSHOT_KEYS})
        for plan, found in scored
    )
    results = Results(settings, rows, curves, out)
    results.write(out)
    return results


def _row(plan: Plan, out: Path) -> RunRow:
    failure = run_files.failure(plan.run)
    known = RunRow(
        cell=plan.cell.name,
        settings={s.column: s.field(plan.config.get(s.name)) for s in CELL_SETTINGS},
        growth=SETTINGS["grow"].field(plan.config["grow"]),
        seed=plan.seed,
        status="failed" if failure else "missing",
        reason=failure,
        parameters=plan.parameters,
        flops_a_sample=plan.flops_a_sample,
        run=os.path.relpath(plan.path, out),
        command=plan.command,
        fingerprint=plan.fingerprint,
    )
    result = run_files.result(plan.run)
    if result is None:
        return known
    steps = result.pop("step")
    updates = {
        column: steps * plan.updates[role]
        for column, role in (("d_updates", "discriminator"), ("g_updates", "generator"))
        if role in plan.updates
    }
    return RunRow(**vars(known) | result | updates | {"flops": plan.flops})


def _copy_sheet(plan: Plan, out: Path) -> None:
    # By stem: by name, `fakes000040.512.png` would come before `fakes000040.png`.
    sheets = sorted(plan.path.glob("fakes0*.png"), key=lambda path: path.stem)
    sheets = [sheet for sheet in sheets if sheet.is_file() and not sheet.is_symlink()]
    if sheets:
        target = out / sample_path(plan.cell.name, plan.seed)
        target.parent.mkdir(exist_ok=True)
        try:  # Plain: the page and other programs lay its images out anew.
            save_png(plain_sheet(sheets[-1]), target)
        except Exception:  # Whatever a decoder raises at damaged bytes: the page says so.
            with atomic(target) as temporary:
                shutil.copyfile(sheets[-1], temporary)


def _settings(plans: Sequence[Plan]) -> dict[str, Any]:
    """What the plans, this program and the machines say."""
    config = plans[0].config
    cells = _unique(plan.cell.name for plan in plans)
    machines = [made for plan in plans if (made := run_files.machine(plan.run))]
    # This machine where none has begun.
    machines = machines or [{"device": backend.device(), "hardware": hardware()}]
    return {
        "format": FORMAT,
        "cells": cells,
        "reference": cells[0],
        **{s.plural: _values(plans, s) for s in tabled() if s.plural},
        **{s.name: _shared(plans, s) for s in tabled() if not s.plural},
        **{key: config[key] for key in ("data_sha256", "ganzoo", "keras", "backend")},
        "backend_version": versions()[backend.name],
        "python": platform.python_version(),
        "commit": commit(),
        **{key: KINDS.join(_unique(one[key] for one in machines)) for key in machines[0]},
        "created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "data": config["data"],
    }


def _measured(snapshots: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What scored the runs."""
    first = snapshots[0] if snapshots else {"count": None, "feature_kind": "", "floor": {}}
    networks = _unique(found["features"] for found in snapshots if found["features"])
    return {
        "images": first["count"],
        "feature_kind": first["feature_kind"] or None,
        "features": ", ".join(networks) or None,  # One, if all is well.
        "floor": first["floor"],
    }


def _values(plans: Sequence[Plan], setting: Setting) -> list[Any]:
    """The values of a setting over all runs, each once; whole numbers in order."""
    found = [plan.config.get(setting.name) for plan in plans]
    if setting.kind.type is list:
        found = [each for value in found for each in value or ()]
    values = _unique(map(setting.field, found))
    return sorted(values) if setting.kind.type is int else values


def _shared(plans: Sequence[Plan], setting: Setting) -> Any:
    """The value of a setting that all runs have in common; `None` if they differ."""
    found = _unique(setting.field(plan.config.get(setting.name)) for plan in plans)
    return found[0] if len(found) == 1 else None


def _unique(items: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(items))
