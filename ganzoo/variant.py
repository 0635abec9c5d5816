"""What losses, penalties and architectures have in common."""

from typing import Any, Self


class Variant:
    """Something that its constructor's keywords make again, as Keras's layers are."""

    def get_config(self) -> dict[str, Any]:
        """The constructor's keywords, so that `from_config` gives an equal one."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """One made with these keywords."""
        return cls(**config)

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({options})"
