"""What `ganzoo train --dry-run` prints."""

from typing import Any

from ganzoo.training.cost import layer_costs
from ganzoo.training.estimate import seconds_a_step
from ganzoo.training.text import about


def summary(trainer: Any) -> str:
    """Networks with parameters and FLOPs, the schedule, and a measured estimate of time."""
    lines: list[str] = []
    model, begin, total = None, 0, 0.0
    for index, stage in enumerate(trainer.schedule):
        model = trainer.build(index, model)
        networks = [line for each in model.by_role().values() for line in _network(each)]
        steps, seconds = [], []
        for phase, end in trainer.timetable.phases(index):
            if not phase.fade:
                model = trainer.without_fade(model, index)
            steps.append(end - begin)
            seconds.append(seconds_a_step(trainer, model))
            begin = end
        stage_seconds = sum(n * each for n, each in zip(steps, seconds, strict=True))
        total += stage_seconds
        fade = f", fading over the first {stage.fade:g}" if stage.fade else ""
        pace = " in the fade and then ".join(f"{1000 * each:.0f} ms" for each in seconds)
        lines += [
            f"Stage {index + 1}: {stage.resolution} px for {stage.kimg:g} kimg{fade}; "
            f"{sum(steps)} steps of {trainer.images_a_step} images, {pace} each: "
            f"{about(stage_seconds)}",
            "",
            *networks,
        ]
    schedule = "growing" if len(trainer.schedule) > 1 else "without growth"
    lines.append(
        f"To make an image at the end: {trainer.flops_of_a_sample / 1e6:,.1f} MFLOP; to train "
        f"with a real one in the last stage: {trainer.flops[-1] / 1e6:,.1f}."
    )
    lines.append(
        f"{' + '.join(trainer.title)} on {trainer.images.name} ({len(trainer.images)} images), "
        f"{schedule}: {trainer.schedule.kimg:g} kimg, {about(total)} on this machine."
    )
    return "\n".join(lines)


def _network(network: Any) -> list[str]:
    costs = layer_costs(network)
    shown = [c for c in costs if c.parameters or c.flops]
    rows = [
        f"  {c.name:<22} {' x '.join(map(str, c.shape)):<14} {c.parameters:>9,}"
        f" {c.flops / 1e6:>9.3f}"
        for c in shown
    ]
    head = f"  {network.name:<22} {'output':<14} {'weights':>9} {'MFLOP':>9}"
    parameters, flops = sum(c.parameters for c in shown), sum(c.flops for c in shown)
    total = f"  {'total, an image':<22} {'':<14} {parameters:>9,} {flops / 1e6:>9.3f}"
    return [head, *rows, total, ""]
