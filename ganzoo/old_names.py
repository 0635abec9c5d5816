"""Names in files of earlier versions, and what they are called today.

Every file that holds names is read through `current`, so that run folders, comparisons and
files of settings that an earlier version made are read as if they were made today. The old
name of a setting stands where the setting is described: `ganzoo.training.settings`.
"""

from collections.abc import Mapping
from typing import Any

MEASURES = {"forms": "modes"}  # Keys of scored lines; columns of results.csv and curves.csv.
COLUMNS = MEASURES | {"digest": "fingerprint"}


def current(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`found` with each key of `names` under its name of today, in dicts inside too.

    Example:
        >>> current({"forms": 28, "floor": {"forms": 28}}, MEASURES)
        {'modes': 28, 'floor': {'modes': 28}}
    """
    return {
        names.get(key, key): current(value, names) if isinstance(value, Mapping) else value
        for key, value in found.items()
    }
