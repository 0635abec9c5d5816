"""`ganzoo evaluate` and `ganzoo data features`."""

import io
import json
import shutil
import sys

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from ganzoo.cli.evaluate_table import table
from ganzoo.metrics.features import SHIPPED_SHA256, Features
from ganzoo.metrics.measures import MEASURES, OF_SAMPLES


@pytest.fixture(autouse=True)
def fewer_training_images(monkeypatch):
    """Copies are looked for among fewer images than usual, which takes less time."""
    monkeypatch.setattr(Features, "max_images", 1400)


@pytest.fixture(scope="module")
def images():
    from ganzoo.data import load

    return load("unown").held_out.images[:140]


@pytest.fixture(scope="module")
def npz(images, tmp_path_factory):
    path = tmp_path_factory.mktemp("fakes") / "fakes.npz"
    np.savez(path, images=images)
    return path


def test_a_table_stands_beside_real_images(ganzoo, npz):
    result = ganzoo("evaluate", npz, "--data", "unown")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert max(map(len, lines)) <= 80
    assert "140 images of 56 pixels" in " ".join(result.output.split())
    # Of 140 real images at random, about one class in five draws has none.
    modes = next(line.split() for line in lines if line.startswith(" Modes"))
    assert modes[:6] == ["Modes", "of", "28", "28", "28", "±1"]
    copied = next(line.split() for line in lines if line.startswith(" Memorisation"))
    assert copied[2][0] == copied[4][0] == "±"
    assert "healthy: 28 of 28 modes" in result.output and "…" not in result.output
    named = "KID,Frechet,Sliced W2,Vendi,Memorisation,Authenticity,Near-copies,Sharpness"
    for name in named.split(","):
        assert sum(line.strip().startswith(name) for line in lines) == 1
    assert SHIPPED_SHA256[:12] in result.output


@pytest.mark.parametrize("width", [80, 60])
def test_no_figure_is_cut_however_long_it_is(width):
    names = MEASURES | OF_SAMPLES
    values = dict.fromkeys(names, -1234.5678)
    deviations = dict.fromkeys(names, 123.45678)
    result = values | {"classes": 10_000, "memorisation_deviation": 123.45678}
    result |= {"floor": values, "floor_deviation": deviations}
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(table(result, width))
    text = console.file.getvalue()
    assert "…" not in text and max(map(len, text.splitlines())) <= width
    for name, measure in names.items():
        for figure in measure.show_with(-1234.5678, deviations[name]).split():
            assert figure in text
    assert "Modes of 10000" in text and ("Distance" in text) == (width == 80)


def test_json_is_one_line_and_equal_for_a_folder_of_the_same_images(
    ganzoo, npz, images, tmp_path
):
    (tmp_path / "fakes").mkdir()
    for i, image in enumerate(images):
        Image.fromarray(image[..., 0]).save(tmp_path / "fakes" / f"{i:03d}.png")
    found = []
    for source in (npz, "fakes"):
        result = ganzoo("evaluate", source, "--data", "unown", "--json")
        assert result.exit_code == 0 and len(result.stdout.splitlines()) == 1
        found.append(json.loads(result.stdout))
    assert found[0].pop("source") == str(npz) and found[1].pop("source") == "fakes"
    assert found[0] == found[1]
    assert found[0]["features"] == SHIPPED_SHA256 and found[0]["modes"] == 28
    assert len(found[0]["data_sha256"]) == 64


def test_of_a_sorted_folder_a_part_is_drawn_from_every_class(ganzoo, tmp_path):
    from ganzoo.data import load

    held_out = load("unown", 28).held_out
    for label, name in enumerate(held_out.classes):
        (tmp_path / "sorted" / name).mkdir(parents=True)
        for i, image in enumerate(held_out.images[held_out.labels == label][:40]):
            Image.fromarray(image[..., 0]).save(tmp_path / "sorted" / name / f"{i}.png")
    (tmp_path / "sorted" / "._0.png").touch()
    (tmp_path / "sorted" / "folder.png").mkdir()
    Image.fromarray(image.repeat(3, axis=2)).save(tmp_path / "sorted" / "coloured.png")
    command = ("evaluate", "sorted", "--data", "unown", "--resolution", 28, "--count", 560)
    result = ganzoo(*command, "--json")
    assert result.exit_code == 0, result.output
    assert "560 of 1,121 images are measured, drawn at random" in result.stderr
    found = json.loads(result.stdout)
    assert found["modes"] == 28 and found["verdict"] == "healthy"
    assert json.loads(ganzoo(*command, "--json").stdout) == found
    assert json.loads(ganzoo(*command, "--json", "--seed", 1).stdout)["kid"] != found["kid"]


def test_a_run_is_measured_against_its_own_data(ganzoo, run, monkeypatch, tmp_path):
    from ganzoo.metrics import fit_features

    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    result = ganzoo("evaluate", run, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["data"], found["count"], found["resolution"]) == ("squares", 16, 16)
    assert found["feature_kind"] == "autoencoder" and found["memorisation"] is None
    assert json.loads(ganzoo("evaluate", run, "--json").stdout) == found
    other = json.loads(ganzoo("evaluate", run, "--json", "--seed", 1).stdout)
    assert other["kid"] != found["kid"]
    table = ganzoo("evaluate", run).output
    assert "Recognised" not in table and "every second training image" in table


def test_data_that_have_changed_are_not_taken_for_the_runs_own(ganzoo, run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text()) | {"data_sha256": "0" * 64}
    (copy / "config.json").write_text(json.dumps(config))
    result = ganzoo("evaluate", copy)
    assert result.exit_code == 2 and "have changed since the run was trained" in result.stderr
    assert f"--data {config['data']}" in result.stderr


def test_data_that_have_gone_are_asked_for(ganzoo, run, squares, tmp_path):
    copy = shutil.copytree(run, tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text()) | {"data": "/old/place/squares"}
    (copy / "config.json").write_text(json.dumps(config))
    result = ganzoo("evaluate", copy)
    assert result.exit_code == 2 and "--data PATH" in result.stderr
    assert "trained on '/old/place/squares', which is not there now" in result.stderr


def test_large_images_say_at_which_size_they_are_measured(
    ganzoo, squares, monkeypatch, tmp_path
):
    from ganzoo.metrics import fit_features

    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    noise = np.random.default_rng(0).integers(0, 256, (14, 64, 64), np.uint8)
    np.save(tmp_path / "large.npy", noise)
    command = ("evaluate", tmp_path / "large.npy", "--data", squares, "--resolution", 16)
    assert "14 images of 64 pixels, measured at 16" in " ".join(ganzoo(*command).output.split())
    found = json.loads(ganzoo(*command, "--json").stdout)
    assert (found["resolution"], found["measured_at"]) == (64, 16)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "'nothing' does not exist. Give a run, a folder"),
        (["fakes.npz"], "Give the real ones with --data"),
        (["empty", "--data", "unown"], "empty holds no images"),
        (["text.npz", "--data", "unown"], "text.npz is not a NumPy file"),
        (["mixed", "--data", "unown"], "2 images cannot be measured. Give 12 or more"),
        (["colour", "--data", "unown"], "12 of 12 images are in colour, and the real images"),
    ],
)
def test_what_cannot_be_measured_is_refused(ganzoo, npz, tmp_path, arguments, message):
    (tmp_path / "fakes.npz").write_bytes(npz.read_bytes())
    (tmp_path / "text.npz").write_text("no array")
    for folder in ("empty", "mixed", "colour"):
        (tmp_path / folder).mkdir()
    for side in (8, 9):
        Image.new("L", (side, side)).save(tmp_path / "mixed" / f"{side}.png")
    for i in range(12):
        Image.new("RGB", (8, 8), (250, 20 * i, 0)).save(tmp_path / "colour" / f"{i}.png")
    result = ganzoo("evaluate", *arguments)
    assert result.exit_code == 2 and message in result.stderr
    assert len([x for x in result.stderr.splitlines() if not x.startswith("note: ")]) == 1


def test_features_of_a_set_are_fitted_and_written(ganzoo, squares, monkeypatch, tmp_path):
    from ganzoo.metrics import features, fit_features

    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    result = ganzoo("data", "features", squares, "--resolution", 16, "--out", "f.npz")
    assert result.exit_code == 0, result.output
    assert "kind: autoencoder" in result.stdout
    sha256 = features.Features.load("f.npz").sha256
    assert f"sha256: {sha256}" in result.stdout


def test_the_features_of_unown_are_those_that_come_with_the_package(ganzoo):
    result = ganzoo("data", "features", "unown")
    assert f"sha256: {SHIPPED_SHA256}" in result.stdout and "fitting" not in result.stderr


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Of networks that these tests share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def also(ganzoo, squares, images, cache, monkeypatch, tmp_path):
    """`ganzoo evaluate --also fid` of 14 gray images, where torch-fidelity is not installed."""
    from ganzoo.metrics import fit_features

    monkeypatch.setenv("GANZOO_CACHE", str(cache))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    np.save(tmp_path / "mine.npy", images[:14, ::4, ::4])
    command = ("evaluate", "mine.npy", "--data", squares, "--resolution", 14, "--also", "fid")
    return lambda *arguments: ganzoo(*command, *arguments)


def test_also_fid_writes_images_and_names_a_library(also, images, squares, tmp_path):
    from ganzoo.data import load

    result = also()
    assert result.exit_code == 0, result.output
    text = result.output
    assert "FID is measured by torch-fidelity, of 14 generated and 32 real images:" in text
    folders = "mine-images/generated", "mine-images/real"
    command = "fidelity --fid --cpu --input1 {} --input2 {}".format(*folders)
    assert f"  pip install torch-fidelity\n  {command}\n" in text
    assert "Distance of Gaussians: no FID." in text and "published ones are of 50,000" in text
    expected = images[:14, ::4, ::4], load(str(squares), 14).images
    for folder, originals in zip(folders, expected, strict=True):
        files = sorted((tmp_path / folder).iterdir())
        assert [f.name for f in files] == [f"{i:06d}.png" for i in range(len(originals))]
        for file, original in zip(files, originals, strict=True):
            np.testing.assert_array_equal(np.asarray(Image.open(file)), original[..., 0])
    again = also("--json")
    assert again.exit_code == 2 and "'mine-images' is not an empty folder" in again.stderr
    found = json.loads(also("--json", "--out", "new", "--also", "clean-fid").stdout)
    assert found["also"]["fid"] == {
        "value": None,
        "library": "torch-fidelity",
        "command": command.replace("mine-images", "new"),
        "generated": 14,
        "real": 32,
    }
    assert found["also"]["clean-fid"]["command"].endswith(" new/generated new/real")
    assert "fid" not in found.keys() | found["floor"].keys()


@pytest.fixture
def library(monkeypatch, tmp_path):
    """A torch-fidelity of the given source, installed for this test."""

    def install(source):
        site = tmp_path / "site"
        (site / "torch_fidelity").mkdir(parents=True)
        (site / "torch_fidelity" / "__init__.py").touch()
        (site / "torch_fidelity" / "fidelity.py").write_text(source)
        (site / "torch_fidelity-0.4.0.dist-info").mkdir()
        metadata = "Metadata-Version: 2.1\nName: torch-fidelity\nVersion: 0.4.0\n"
        (site / "torch_fidelity-0.4.0.dist-info" / "METADATA").write_text(metadata)
        monkeypatch.delitem(sys.modules, "torch_fidelity", raising=False)
        monkeypatch.syspath_prepend(site)
        monkeypatch.setenv("PYTHONPATH", str(site))

    return install


COUNTING = """
import argparse, json, os
p = argparse.ArgumentParser()
for name in ("--fid", "--cpu", "--json", "--silent"): p.add_argument(name, action="store_true")
for name in ("--input1", "--input2"): p.add_argument(name, required=True)
a = p.parse_args()
assert a.fid and a.json and a.silent
made, real = (len(os.listdir(folder)) for folder in (a.input1, a.input2))
print(json.dumps({"frechet_inception_distance": made + real / 1000}, indent=4))
"""


def test_also_fid_asks_the_library_where_it_is_installed(also, library):
    library(COUNTING)
    result = also()
    assert result.exit_code == 0, result.output
    line = "FID 14.03 by torch-fidelity 0.4.0, of 14 generated and 32 real images"
    assert line in result.output.splitlines() and "pip install" not in result.output
    found = json.loads(also("--json", "--out", "again").stdout)["also"]["fid"]
    assert (found["value"], found["library"]) == (14.032, "torch-fidelity 0.4.0")


def test_a_library_that_fails_is_one_line_after_the_table(also, library):
    library("raise OSError('no network')")
    result = also()
    assert result.exit_code == 1 and " KID " in result.stdout
    last = result.stderr.splitlines()[-1]
    assert "FID could not be measured: torch-fidelity ended with 'OSError: no network'" in last
    assert "fidelity --fid --cpu --input1 mine-images/generated" in last
    assert "Traceback" not in result.output


def test_of_a_run_as_many_images_are_written_as_are_asked_for(also, ganzoo, run, tmp_path):
    alone = json.loads(ganzoo("evaluate", run, "--json").stdout)
    command = ("evaluate", run, "--json", "--count", 40, "--also", "fid", "--out", "forty")
    found = json.loads(ganzoo(*command).stdout)
    assert len(list((tmp_path / "forty" / "generated").iterdir())) == 40
    assert found.pop("also")["fid"]["generated"] == 40 and found == alone


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "x"], "--out is where --also writes images"),
        (["--also", "fad"], "'fad' is not one of 'fid', 'clean-fid'"),
        (["--also", "fid", "--out", "no/x"], "There is no folder 'no' for --out"),
        (["--also", "fid", "--out", "fakes.npz"], "'fakes.npz' is not an empty folder"),
    ],
)
def test_what_also_cannot_take_is_refused(ganzoo, npz, tmp_path, arguments, message):
    (tmp_path / "fakes.npz").write_bytes(npz.read_bytes())
    result = ganzoo("evaluate", "fakes.npz", "--data", "unown", *arguments)
    assert result.exit_code == 2 and message in result.stderr
