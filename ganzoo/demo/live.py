"""The page as a live server: Gradio on this machine, and the generators behind it."""

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PIL import Image

from ganzoo.demo.player import TILES, Player
from ganzoo.demo.server import HOST
from ganzoo.errors import InputError

SIDE = 480  # Pixels of the longer side of a picture, at least.
STYLE = """
img { image-rendering: pixelated; }
footer { display: none !important; }
@media (max-width: 640px) {
  .picture { height: auto !important; }
  .picture .icon-button-wrapper { display: none; }
}
"""


def check_modules() -> None:
    """Raises `InputError` if Gradio is not installed."""
    if importlib.util.find_spec("gradio") is None:
        raise InputError(
            "Needs gradio, not installed here. Run: pip install 'ganzoo[live]'; or leave "
            "--live out: the page needs no server of its own."
        )


class LiveApp:
    """The app, in three parts that write, walk and mix.

    Args:
        players: Generators to choose among; the first is shown first.

    Attributes:
        blocks: The `gradio.Blocks`; its functions are `write`, `look`, `map` and `mix`.
    """

    def __init__(self, players: Sequence[Player]):
        os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Nobody is told.
        import gradio

        self.gr: Any = gradio
        self.players = players
        with gradio.Blocks(title="ganzoo", analytics_enabled=False) as self.blocks:
            with gradio.Row():
                titles = [
                    (f"{player.title} · {player.about['run']}", number)
                    for number, player in enumerate(players)
                ]
                self.chosen = gradio.Dropdown(
                    titles, value=0, label="Generator", visible=len(players) > 1, scale=3
                )
                self.hand = gradio.Number(
                    1, label="Hand: the seed of the latents", precision=0, minimum=0
                )
            self.forms: list[Any] = []
            self.writing = self._write_part()
            self._walk_part()
            self._mix_part()
            outputs = [self.writing, *self.forms]
            self.chosen.change(self._use, self.chosen, outputs, api_visibility="private")

    def _use(self, number: int) -> list[Any]:
        """What changes with the generator: whether it writes, and its forms."""
        player = self.players[number]
        forms = [_choice(self.gr.update, player, place) for place in range(len(self.forms))]
        return [self.gr.update(visible=bool(player.classes)), *forms]

    def _write_part(self) -> Any:
        gr = self.gr

        def write(number: int, seed: int, text: str, spread: float) -> tuple[Any, str]:
            if not self.players[number].classes:
                return None, "This generator cannot be asked for a letter."
            picture, said = self.players[number].write(text, seed, spread)
            return _large(picture), said

        with gr.Column(visible=bool(self.players[0].classes)) as group:
            with gr.Row():
                text = gr.Textbox(
                    "HELLO", label="Write", max_length=120, scale=3, min_width=300
                )
                spread = gr.Slider(0, 1, 0.6, step=0.05, label="How much letters differ")
            line = self._picture("Written", height=180)
            said = gr.Markdown()
        self._show(write, [text, spread], [line, said])
        return group

    def _walk_part(self) -> None:
        gr = self.gr

        def look(number: int, seed: int, across: float, down: float, form: int) -> Any:
            return _large(self.players[number].look(seed, across, down, form or 0))

        def draw(number: int, seed: int, form: int) -> Any:
            return _large(self.players[number].map(seed, form or 0))

        def go(number: int, event: gr.SelectData) -> tuple[float, float]:  # type: ignore[name-defined]
            side = TILES * self.players[number].about["resolution"]
            large = side * _factor(side)
            return round(event.index[0] / large, 2), round(event.index[1] / large, 2)

        gr.Markdown("**Walk** through a plane of latents: click a place, or drag below.")
        with gr.Row():
            plane = self._picture("The plane", SIDE)
            here = self._picture("The image at the place", SIDE)
        with gr.Row():
            across = gr.Slider(0, 1, 0.5, step=0.01, label="Across")
            down = gr.Slider(0, 1, 0.5, step=0.01, label="Down")
            form = self._form("Form")
        self._show(look, [across, down, form], [here])
        self._show(draw, [form], [plane], "map")
        plane.select(go, self.chosen, [across, down], api_visibility="private")

    def _mix_part(self) -> None:
        gr = self.gr

        def mix(number: int, seed: int, share: float, one: int, two: int) -> tuple[Any, Any]:
            mixed, between = self.players[number].mix(seed, share, one or 0, two or 0)
            return _large(mixed), _large(between)

        gr.Markdown("**Mix** two images.")
        with gr.Row():
            one, two = self._form("The first"), self._form("The second")
            share = gr.Slider(0, 1, 0.5, step=0.01, label="Share of the second")
        mixed = self._picture("The first, the mixture, the second", height=220)
        between = self._picture("All between", height=120)
        self._show(mix, [share, one, two], [mixed, between])

    def _show(
        self,
        function: Callable[..., Any],
        inputs: list[Any],
        outputs: list[Any],
        name: str = "",
    ) -> None:
        """Calls `function` when the page is opened, and whenever an input changes."""
        inputs = [self.chosen, self.hand, *inputs]
        self.gr.on(
            [self.blocks.load, *(each.change for each in inputs)],
            function,
            inputs,
            outputs,
            api_name=name or function.__name__,
            show_progress="hidden",
            trigger_mode="always_last",  # While one is made, of the others the last counts.
        )

    def _form(self, label: str) -> Any:
        form = _choice(self.gr.Dropdown, self.players[0], len(self.forms), label=label)
        self.forms.append(form)
        return form

    def _picture(self, label: str, height: int) -> Any:
        return self.gr.Image(
            label=label,
            show_label=False,  # It would lie on the picture.
            height=height,
            format="png",
            interactive=False,
            buttons=["download"],
            elem_classes="picture",
        )

    @contextmanager
    def serving(self, port: int = 0, opens: bool = False) -> Iterator[str]:
        """The app on 127.0.0.1, until the context ends; gives its address.

        Args:
            port: The port; 0 for any that is free.
            opens: Whether a browser is told to show it.

        Raises:
            InputError: If another program has the port.
        """
        fonts = ["system-ui", "sans-serif"]  # The reader's own: nothing is fetched.
        theme = self.gr.themes.Base(primary_hue="orange", font=fonts, font_mono=["monospace"])
        try:
            _, address, _ = self.blocks.launch(
                server_name=HOST,
                server_port=port or None,
                inbrowser=opens,
                prevent_thread_lock=True,
                share=False,
                quiet=True,
                ssr_mode=False,
                theme=theme,
                css=STYLE,
            )
        except OSError as error:
            raise InputError(
                f"Port {port} cannot be had. Give another --port, or leave it out for any "
                "that is free."
            ) from error
        try:
            yield address
        finally:
            self.blocks.close(verbose=False)


def _choice(make: Any, player: Player, place: int, **said: Any) -> Any:
    """A choice among a generator's classes, which is hidden where there are none.

    Args:
        make: `gradio.Dropdown`, or `gradio.update`.
        player: The generator.
        place: Which of the choices it is: each begins with another class.
        said: Further keywords of `make`.
    """
    names = sorted(player.classes, key=lambda name: (len(name), name))
    choices = [(name, player.classes.index(name)) for name in names]
    value = choices[min(len(choices) - 1, (0, 14, 2)[place])][1] if choices else None
    return make(choices=choices, value=value, visible=bool(choices), **said)


def _large(picture: Image.Image | None) -> Image.Image | None:
    if picture is None:
        return None
    factor = _factor(min(picture.size[0], 2 * picture.size[1]))  # A line fills its width.
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def _factor(side: int) -> int:
    """How often a pixel is repeated, so that a picture can be looked at."""
    return -(-SIDE // side)
