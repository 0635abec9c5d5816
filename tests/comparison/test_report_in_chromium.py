"""The page in a browser: no errors, it sorts, it does not overflow on a phone."""

import re
import shutil
import subprocess

import pytest

from ganzoo.comparison.report import write_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason=f"No browser to look with: none of {', '.join(NAMES)} is installed"
)
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
FLAGS += " --disable-background-networking --disable-component-update --disable-dev-shm-usage"
FLAGS += " --hide-scrollbars --enable-logging=stderr --virtual-time-budget=2000"
# Sheets and tables are as wide as they like inside their boxes; the page is not.
PROBE = """<!doctype html><title>-</title><iframe src="report.html" width="390" height="800"
style="border:0"></iframe><script>addEventListener("load", function () {
var page = document.querySelector("iframe").contentDocument;
document.title = page.documentElement.scrollWidth + " of " + page.documentElement.clientWidth;
})</script>"""


@pytest.fixture(scope="module")
def browse(tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")

    def open_page(url, *flags):
        command = [BROWSER, *FLAGS.split(), f"--user-data-dir={profile}", *flags]
        done = subprocess.run(
            [*command, "--dump-dom", url], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return done.stdout, console

    return open_page


def first_column(page):
    body = re.search(r"<tbody>.*?</tbody>", page[page.index('id="main-caption"') :], re.S)
    return re.findall(r'<th scope="row"[^>]*>(?:<a[^>]*>)?([\w-]+)', body.group())


def test_it_loads_and_sorts_without_an_error(browse, folder):
    write_report(folder)
    url = (folder / "report.html").as_uri()
    page, console = browse(f"{url}#sort=-kid")
    assert console == []
    assert page.count("<button") == page.count('scope="col"') > 30
    # Descending: the worst first; without the fragment as the settings have it.
    assert first_column(page) == ["minimax", "hinge", "lsgan", "wgan-gp"]
    assert 'aria-sort="descending"' in page
    page, _ = browse(f"{url}#sort=cell")
    assert first_column(page) == ["hinge", "lsgan", "minimax", "wgan-gp"]
    page, console = browse(url)
    assert first_column(page) == ["wgan-gp", "lsgan", "hinge", "minimax"] and console == []


def test_it_is_no_wider_than_a_phone(browse, folder):
    write_report(folder)
    (folder / "probe.html").write_text(PROBE)
    page, _ = browse((folder / "probe.html").as_uri(), "--allow-file-access-from-files")
    width = re.search(r"<title>(\d+) of (\d+)</title>", page)
    assert width and width[1] == width[2] == "390"
