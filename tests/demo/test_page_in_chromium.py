"""The page, written by `ganzoo demo --out`, in a browser without a network."""

import json
import threading

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.demo import runtime
from ganzoo.demo.server import address, serving

pytestmark = pytest.mark.thorough
TEXT = "HELLO WORLD?"
SETTINGS = [
    *("--schedule", "8:0.06,16:0.06:0.03", "--per-class", "2", "--batch", "8"),
    *("--arch", "progressive-dcgan:width=4,latent_size=16,categories=4", "--tick", "0.06"),
    *("--snap", "0.12", "--precision", "float32"),
]
PICTURE = """(() => {{
  const c = document.querySelector("{}");
  return Array.from(c.getContext("2d").getImageData(0, 0, c.width, c.height).data).join(" ");
}})()"""


@pytest.fixture(scope="module")
def found_runtime():
    """What `ganzoo demo` has fetched before on this machine; a test fetches nothing."""
    try:
        return runtime.find(url="file:///nowhere", report=lambda line: None)
    except Exception:
        pytest.skip("onnxruntime-web is not in the cache. Fetch it once: ganzoo demo RUN")


@pytest.fixture(scope="module")
def page(found_runtime, tmp_path_factory):
    """The page of a run with labels and of one without."""
    folder = tmp_path_factory.mktemp("demo")
    for condition in ("labels", "none"):
        options = [*SETTINGS, "--condition", condition, "--outdir", str(folder / "runs")]
        result = CliRunner().invoke(main, ["train", *options])
        assert result.exit_code == 0, result.output
    runs = sorted(map(str, (folder / "runs").iterdir()))
    out = folder / "page"
    options = ["--out", str(out), "--runtime", str(found_runtime)]
    result = CliRunner().invoke(main, ["demo", *runs, *options])
    assert result.exit_code == 0, result.output
    assert "writes with 28 classes" in result.output and "it writes nothing" in result.output
    return out


@pytest.fixture(scope="module")
def browser(page, chromium):
    with serving(page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            chromium.open(address(server))
            chromium.wait("document.documentElement.dataset.ready === 'model-0.onnx'")
            yield chromium
        finally:
            server.shutdown()
            thread.join()


def test_it_knows_what_it_shows(page):
    labels, none = json.loads((page / "models.json").read_text(encoding="utf-8"))
    assert (labels["asked"], none["asked"]) == ("class_weights", None)
    assert (labels["latents"], labels["categories"], labels["resolution"]) == (16, 4, 16)
    classes = labels["classes"]
    assert labels["characters"]["?"] == classes.index("question")
    assert labels["characters"]["h"] == labels["characters"]["H"] == classes.index("H")
    assert "5" not in labels["characters"] and not none["characters"]


def test_it_writes_a_line_in_less_than_a_second(browser):
    browser.run("document.querySelector('#text').value = ''")
    browser.run("document.querySelector('#text').focus()")
    begin = browser.run("performance.now()")
    browser.type(TEXT)
    browser.wait(f"document.querySelector('#line').dataset.written === {TEXT!r}")
    assert browser.run("performance.now()") - begin < 1000
    words = "Array.from(document.querySelectorAll('#line .word'), (w) => w.children.length)"
    assert browser.run(words) == [5, 6]
    # A word of eleven new letters at once, as another hand writes them.
    browser.run("document.querySelector('#hand').click()")
    browser.wait("document.querySelector('#said').value.startsWith('11 letters')")
    assert (
        0 < browser.run("Number(document.querySelector('#line').dataset.milliseconds)") < 1000
    )


def test_letters_are_what_was_asked_for_and_stay_while_one_types_on(browser):
    browser.run("document.querySelector('#text').value = ''")
    browser.run("document.querySelector('#text').focus()")
    browser.type("AB")
    browser.wait("document.querySelectorAll('#line canvas').length === 2")
    first = [browser.run(PICTURE.format(f"#line canvas:nth-child({i})")) for i in (1, 2)]
    browser.type("5A")
    browser.wait("document.querySelector('#line').dataset.written === 'AB5A'")
    again = [browser.run(PICTURE.format(f"#line canvas:nth-child({i})")) for i in (1, 2)]
    assert first == again and first[0] != first[1]
    assert browser.run("document.querySelector('#said').value") == "No form for 5"


def test_a_drag_moves_through_the_latents(browser):
    before = browser.run(PICTURE.format("#here"))
    browser.run("document.querySelector('#pad').scrollIntoView()")
    box = browser.run(
        "(({x, y, width, height}) => ({x, y, width, height}))"
        "(document.querySelector('#pad').getBoundingClientRect())"
    )
    at = [(box["x"] + s * box["width"], box["y"] + s * box["height"]) for s in (0.5, 0.9)]
    browser.mouse("mousePressed", *at[0])
    browser.mouse("mouseMoved", *at[1])
    browser.mouse("mouseReleased", *at[1])
    browser.wait("document.querySelector('#here').dataset.place === '0.900 0.900'")
    assert browser.run(PICTURE.format("#here")) != before


def test_two_letters_mix(browser):
    def mixed(share):
        browser.run(
            f"(() => {{ const s = document.querySelector('#share'); s.value = {share}; "
            "s.dispatchEvent(new Event('input')); })()"
        )
        browser.wait(f"document.querySelector('#mixed').dataset.share === '{share}'")
        return browser.run(PICTURE.format("#mixed"))

    half, none, all_of_it = mixed(0.5), mixed(0), mixed(1)
    left, right = (browser.run(PICTURE.format(f"#{end}")) for end in ("left", "right"))
    assert (none, all_of_it) == (left, right) and half not in (left, right)


def test_it_is_no_wider_than_a_phone(browser):
    browser.resize(390, 800)
    try:
        assert browser.run("document.documentElement.scrollWidth") == 390
    finally:
        browser.resize(1280, 900)


def test_of_a_run_without_labels_it_walks_and_mixes(browser):
    browser.run(
        "(() => { const m = document.querySelector('#model'); m.value = 1; "
        "m.dispatchEvent(new Event('change')); })()"
    )
    browser.wait("document.documentElement.dataset.ready === 'model-1.onnx'")
    hidden = (
        "document.querySelector('#writing').hidden && document.querySelector('#one').hidden"
    )
    assert browser.run(hidden)
    assert len(set(browser.run(PICTURE.format("#here")).split())) > 2


def test_it_asks_nothing_of_the_network_and_has_no_errors(browser):
    assert browser.requested
    own = ("http://127.0.0.1:", "blob:", "data:", "about:")
    assert [url for url in browser.requested if not url.startswith(own)] == []
    assert browser.problems == []
