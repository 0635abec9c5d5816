"""A generator goes to a hub and comes back bit for bit; nothing else goes or comes."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main
from ganzoo.errors import InputError
from ganzoo.training.run import Run

pytest.importorskip("huggingface_hub", reason="pip install 'ganzoo[hub]'")
NAME = "somebody/letters"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    images = folder / "secret" / "mine.npz"
    images.parent.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (32, 8, 8, 1), np.uint8)
    np.savez(images, images=pixels)
    trainer = ganzoo.Trainer(
        data=str(images),
        architecture="progressive-dcgan:width=4,latent_size=8",
        schedule="8:0.064",
        batch=8,
        tick=0.064,
        snap=0.064,
    )
    run = trainer.new_run(folder, command="ganzoo train --data /secret/mine.npz")
    trainer.train(run)
    return run


def call(*arguments):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def pushed(hub, run):
    code, said = call("push", run.path, NAME, "--endpoint", hub.address)
    assert code == 0, said
    return hub.commits[NAME][-1]


def test_a_new_repository_is_private_unless_public_is_said(hub, run, pushed):
    assert hub.private == {NAME: True}
    call("push", run.path, "somebody/shown", "--public", "--endpoint", hub.address)
    assert hub.private["somebody/shown"] is False


def test_weights_settings_picture_and_card_go_and_no_path_of_this_machine(hub, run, pushed):
    _, files = pushed
    names = {"config.json", "checkpoint.json", "generator.safetensors"}
    assert set(files) == names | {"samples.png", "README.md"}
    assert not any(b"secret" in content for content in files.values())
    assert json.loads(files["config.json"])["data"] == "mine.npz"
    card = files["README.md"].decode()
    assert card.startswith("---\nlicense: other\n") and f"# {NAME}" in card
    assert "This checkpoint was not scored." in card and "trained on: unknown." in card


def test_what_comes_back_makes_the_same_images(hub, run, pushed, tmp_path):
    code, said = call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 0, said
    pulled = ganzoo.load(tmp_path / "somebody--letters")
    assert np.array_equal(pulled.sample(4, seed=1), ganzoo.load(run.path).sample(4, seed=1))
    code, said = call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 2 and "is there already" in said


def test_a_revision_is_what_it_was(hub, run, pushed, tmp_path):
    oid, _ = pushed
    hub.commit(NAME, {"README.md": b"All gone."})
    code, said = call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 2 and "no generator of ganzoo" in said
    old = f"{NAME}@{oid}"
    code, said = call("pull", old, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 0, said
    assert Run.open(tmp_path / "somebody--letters").config["data"] == "mine.npz"


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("generator.safetensors", lambda old: b"no safetensors", "cannot be read"),
        ("checkpoint.json", lambda old: b"{}", "cannot be read"),
        ("checkpoint.json", lambda old: b"[" * 100_000, "nested too deeply"),
        ("checkpoint.json", lambda old: old.replace(b'"name": "', b'"name": "../'), "names no"),
        ("checkpoint.json", lambda old: old.replace(b'"stage": 0', b'"stage": -1'), "'stage'"),
        ("config.json", lambda old: old.replace(b'"batch": 8', b'"batch": 9'), "batch (was 8)"),
        (
            "config.json",
            lambda old: old.replace(b"non-saturating:", b"evil:Loss:"),
            "--allow evil",
        ),
    ],
)
def test_what_is_not_a_generator_is_refused_whole(hub, pushed, tmp_path, file, change, said):
    _, files = pushed
    assert change(files[file]) != files[file]
    hub.commit(NAME, files | {file: change(files[file])})
    code, output = call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 2 and said in output
    assert list(tmp_path.iterdir()) == [] or not list(tmp_path.glob("somebody*"))


@pytest.mark.parametrize("name", ["config.json", "samples.png"])
def test_no_link_in_a_folder_is_followed(pushed, tmp_path, name):
    folder, (_, files) = tmp_path / "letters", pushed
    folder.mkdir()
    for each, content in files.items():
        (folder / each).write_bytes(content)
    (tmp_path / "private").write_bytes(files[name])
    (folder / name).unlink()
    (folder / name).symlink_to(tmp_path / "private")
    code, said = call("pull", folder, "--outdir", tmp_path / "pulled")
    assert code == 2 and f"{folder / name} is a link, which is not followed." in said
    assert not (tmp_path / "pulled").exists()


def test_what_a_run_s_files_should_not_hold_is_left_out(hub, run, tmp_path):
    folder = tmp_path / run.path.name
    shutil.copytree(run.path, folder)
    (folder / "fakes000000.1a.png").write_bytes(b"no sheet of a checkpoint")
    config = {k: v for k, v in run.config.items() if k != "ganzoo"}
    (folder / "config.json").write_text(json.dumps(config))
    wrong = {"count": "x", "verdict": 5, "floor": [1], "kid": 10**400}
    result = run.result | {"measures": wrong | {"step": run.result["step"], "modes": 3}}
    (folder / "result.json").write_text(json.dumps(result))
    code, said = call("push", folder, NAME, "--endpoint", hub.address)
    assert code == 0, said
    card = hub.commits[NAME][-1][1]["README.md"].decode()
    assert "| Modes ↑ | 3 | – |" in card and "KID" not in card and "Verdict" not in card


def test_other_files_of_a_repository_are_not_fetched(hub, pushed, tmp_path):
    _, files = pushed
    hub.commit(NAME, files | {"evil.py": b"raise SystemExit", "model.pkl": b"0"})
    hub.requests.clear()
    call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert not [each for each in hub.requests if "evil" in each or "pkl" in each]


def test_a_repository_that_is_not_there_is_one_line(hub, tmp_path):
    code, said = call("pull", NAME, "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 1 and said.startswith(f"Error: {NAME}: ")
    code, said = call("pull", "no name", "--outdir", tmp_path, "--endpoint", hub.address)
    assert code == 2 and "is no name of a repository" in said


@pytest.fixture
def of_hub(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    return hub


def test_an_address_stands_for_a_run_and_is_fetched_once(of_hub, run, pushed, tmp_path):
    oid, _ = pushed
    sheet = tmp_path / "of_hub.npz"
    code, said = call("generate", f"hf:{NAME}", "--count", 4, "--seed", 1, "--out", sheet)
    assert code == 0, said
    made = np.load(sheet)["images"]
    assert np.array_equal(made, ganzoo.load(run.path).sample(4, seed=1))
    (kept,) = (tmp_path / "cache" / "hub").glob("127.0.0.1-*/somebody--letters@*")
    assert kept.name.endswith(oid[:12]) and not (kept / "evil.py").exists()
    of_hub.requests.clear()
    assert np.array_equal(ganzoo.load(f"hf:{NAME}").sample(4, seed=1), made)
    assert not [each for each in of_hub.requests if "/resolve/" in each]
    of_hub.requests.clear()  # A full commit does not change: the hub is not even asked.
    assert np.array_equal(ganzoo.load(f"hf:{NAME}@{oid}").sample(4, seed=1), made)
    assert of_hub.requests == []


def test_an_address_of_another_revision_is_another_run(of_hub, pushed):
    oid, files = pushed
    of_hub.commit(NAME, files | {"generator.safetensors": b"damaged"})
    with pytest.raises(InputError, match="cannot be read"):
        ganzoo.load(f"hf:{NAME}")
    assert ganzoo.load(f"hf:{NAME}@{oid}").path.name == f"somebody--letters@{oid[:12]}"


@pytest.mark.parametrize(
    ("address", "exit_code", "said"),
    [
        ("hf:somebody/nothing", 1, "Error: somebody/nothing: "),
        ("hf:../runs", 2, "is no name of a repository"),
        ("hf:", 2, "An address on a hub is such as hf:somebody/letters"),
    ],
)
def test_an_address_of_nothing_is_one_line(of_hub, tmp_path, address, exit_code, said):
    for command in ("generate", "evaluate"):
        code, output = call(command, address)
        assert code == exit_code and said in output
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").rglob("config*"))


def test_settings_that_name_a_module_are_refused_of_an_address_too(of_hub, pushed, tmp_path):
    _, files = pushed
    config = files["config.json"].replace(b"non-saturating:", b"evil:Loss:")
    of_hub.commit(NAME, files | {"config.json": config})
    code, output = call("generate", f"hf:{NAME}")
    assert code == 2 and "--allow evil" in output
