"""Makes the last stage of a run longer than planned.

The learning rate is then at each further step what it is at that
step of a run of the new length: it rises, where it had begun to fall, and falls to the new
end. So a run that is lengthened before the middle of its last stage ends as one that had the
new length from the start; one that is lengthened later had a lower rate for a while, and its
config says in which steps, so that the config alone makes the same run again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ganzoo.errors import InputError
from ganzoo.schedule import Schedule
from ganzoo.training.timetable import Timetable
from ganzoo.variant import check_positive, check_whole

SAME = 0.0005  # kimg: half an image.


def lengthen(config: Mapping[str, Any], step: int, kimg: float) -> dict[str, Any]:
    """Settings that change where a run is to have `kimg` in all.

    Args:
        config: The run's config.
        step: Steps that the run has done.
        kimg: Length of the whole schedule.

    Returns:
        The keywords `schedule` and `lengthened` of `Trainer`; none if the run has that
        length already.

    Raises:
        InputError: If the run is to be longer already.
    """
    check_positive(kimg=kimg)
    schedule = Schedule.parse(config["schedule"])
    if abs(kimg - schedule.kimg) < SAME:
        return {}
    if kimg < schedule.kimg:
        raise InputError(
            f"The run goes to {schedule.kimg:g} kimg, and can only get longer. Give more than "
            f"that, not {kimg:g}; or start a new run of that length."
        )
    *before, last = schedule
    length = round(kimg - sum(stage.kimg for stage in before), 3)
    before_now = {"step": step, "kimg": schedule.kimg}
    return {
        "schedule": str(Schedule(*before, replace(last, kimg=length))),
        "lengthened": [*config.get("lengthened", ()), before_now],
    }


def check_lengthened(entries: Any) -> list[dict[str, Any]]:
    """`entries`, if they are what `lengthen` gives under `lengthened`.

    Raises:
        InputError: If they are not.
    """
    whole = isinstance(entries, list | tuple) and all(
        isinstance(each, Mapping) and each.keys() == {"step", "kimg"} for each in entries
    )
    if not whole:
        raise InputError(
            "`lengthened` is a list of times when the run got longer, each with the step and "
            f"the kimg that the run was to have. Received: {str(entries)[:60]}"
        )
    for each in entries:
        check_whole(0, step=each["step"])
        check_positive(kimg=each["kimg"])
    return [dict(each) for each in entries]


def shorter_stages(
    timetable: Timetable, entries: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """For each entry the step of the last stage when it got longer, and its steps before."""
    *before, _ = timetable.schedule
    begin = timetable.stage_ends[-2] if before else 0
    earlier = sum(stage.kimg for stage in before)
    return [
        (each["step"] - begin, timetable.steps(each["kimg"] - earlier))
        for each in entries
        if each["step"] > begin
    ]
