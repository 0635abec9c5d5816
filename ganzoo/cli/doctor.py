"""`ganzoo doctor`."""

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ganzoo.backend_choice import BACKENDS
from ganzoo.cli.waiting import waiting
from ganzoo.errors import RunError

if TYPE_CHECKING:
    from ganzoo.doctor.backends import Report


@click.command()
@click.option(
    "--backend", type=click.Choice(BACKENDS), help="Check this one. [default: all installed]"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(backend: str | None, as_json: bool) -> None:
    """Check this machine: versions, devices, arithmetic, cache, memory.

    Each installed backend computes convolutions, gradients and gradients of gradients on its
    device. The results are compared with float64 on the processor: some devices compute wrong
    ones without an error. Exits with 1 where a backend does not run or computes wrong.

    \b
    ganzoo doctor
    ganzoo doctor --backend jax --json
    """
    from ganzoo.doctor import backends, machine

    facts = machine.facts()
    if not as_json:
        width = max(map(len, facts))
        for label, text in facts.items():
            click.echo(f"{label:<{width}}  {text}")
        click.echo()
    found = []
    for name in (backend,) if backend else BACKENDS:
        with waiting(f"Checking {name}"):
            reports = list(backends.reports((name,)))
        found += reports
        for report in reports if not as_json else ():
            _show(report)
    if as_json:
        content = {"machine": facts, "backends": [_as_json(report) for report in found]}
        click.echo(json.dumps(content, indent=2, allow_nan=False))
    if not found:
        absent = f"{backend} is not installed" if backend else "No backend is installed"
        raise RunError(f"{absent}. Run: pip install 'ganzoo[{backend or BACKENDS[0]}]'")
    if ill := [report.name for report in found if not report.is_well]:
        raise RunError(f"Do not train with {' or '.join(ill)} here: see the lines above.")


def _as_json(report: "Report") -> dict[str, Any]:
    """The report as JSON holds it: `null` for an error that is not finite."""
    errors = {name: e if math.isfinite(e) else None for name, e in report.errors.items()}
    return asdict(report) | {"errors": errors, "is_well": report.is_well}


def _show(report: "Report") -> None:
    from ganzoo.doctor.arithmetic import TOLERANCE

    click.echo(click.style(f"{report.name} {report.version}".strip(), bold=True))
    if report.failure:
        click.echo(f"  does not run: {report.failure}")
        return
    click.echo(f"  computes on {report.device}; --precision auto is {report.precision}")
    for name, error in report.errors.items():
        verdict = "right" if error <= TOLERANCE else "WRONG"
        click.echo(f"  {name:<26} {verdict}   largest error {error:.0e}")
    if report.advice:
        click.echo(f"  note: {report.advice}")
