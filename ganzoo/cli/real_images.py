"""The real images that a command measures against or shows."""

from typing import TYPE_CHECKING

from ganzoo.cli.notes import note
from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet
    from ganzoo.data.reading import Reading
    from ganzoo.training.run import Run


def real_images(
    run: "Run | None",
    data: str | None,
    resolution: int | None,
    reading: "Reading | None" = None,
) -> "ImageSet":
    """The images of --data, or those that a run was trained on.

    Args:
        run: The run, or `None`.
        data: What --data says; `None` for the run's own.
        resolution: What --resolution says.
        reading: How the images are read.

    Raises:
        InputError: If the run's own data are not there, or have changed.
    """
    from ganzoo.data import load
    from ganzoo.schedule import Schedule

    if run is None:
        assert data is not None
        return load(data, resolution or 56, report=note, reading=_of_reals(reading, data))
    config = run.config
    own = Schedule.parse(config["schedule"])[-1].resolution
    if data is not None:
        return load(data, resolution or own, report=note, reading=reading)
    _check_that_it_is_there(config["data"])
    images = load(
        config["data"],
        resolution or own,
        config.get("per_class"),
        report=note,
        reading=reading or config.get("reading"),
    )
    before = config.get("data_sha256", images.sha256)
    if images.resolution == own and images.sha256 != before:
        raise InputError(
            f"The data {config['data']!r} have changed since the run was trained (sha256 "
            f"{images.sha256[:12]}, was {before[:12]}). Bring them back, or measure against "
            f"them as they are: --data {config['data']}."
        )
    return images


def _of_reals(reading: "Reading | None", data: str) -> "Reading | None":
    """What of the options holds for --data: of a set by its name, whether it has classes."""
    from ganzoo.data.load import is_name
    from ganzoo.data.reading import Reading

    if reading is None or not is_name(data):
        return reading
    return Reading(labels=reading.labels)


def _check_that_it_is_there(data: str) -> None:
    from ganzoo.data.load import is_gone

    if is_gone(data):
        raise InputError(
            f"The run was trained on {data!r}, which is not there now. Say where these images "
            "are, or what to measure against: --data PATH."
        )
