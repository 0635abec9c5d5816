"""`ganzoo evaluate` and `ganzoo data features`."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from ganzoo.metrics.features import SHIPPED_SHA256


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
    # Of 140 real images at random, about one form in five draws has none.
    forms = next(line.split() for line in lines if line.startswith(" Forms"))
    assert forms[:6] == ["Forms", "of", "28", "28", "28", "±1"]
    copied = next(line.split() for line in lines if line.startswith(" Memorisation"))
    assert copied[2][0] == copied[4][0] == "±"
    assert "healthy: 28 of 28 forms" in result.output and "…" not in result.output
    named = "KID,Frechet,Sliced W2,Vendi,Memorisation,Authenticity,Near-copies,Sharpness"
    for name in named.split(","):
        assert sum(line.strip().startswith(name) for line in lines) == 1
    assert SHIPPED_SHA256[:12] in result.output


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
    assert found[0]["features"] == SHIPPED_SHA256 and found[0]["forms"] == 28
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
    assert found["forms"] == 28 and found["verdict"] == "healthy"
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
