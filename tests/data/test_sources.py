import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo.data import recipe, sets
from ganzoo.data.forms import FORMS, draw
from ganzoo.data.recipe import expand
from ganzoo.data.sources import unown_mnist, unown_original
from ganzoo.data.sources.unown import Unown
from ganzoo.data.sources.unown_mnist import UnownMNIST
from ganzoo.data.sources.unown_original import PIXELS, UnownOriginal, from_folder, is_originals
from ganzoo.errors import InputError

ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "unown" / "originals"
needs_originals = pytest.mark.skipif(
    not ORIGINALS.is_dir(), reason=f"the 28 originals are not in {ORIGINALS}"
)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "HELD_OUT", 1)  # These tests are about files, not images.
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def drawings(monkeypatch):
    """The project's own forms in the place of the originals: names, bytes, checksums."""
    files, checksums = {}, {}
    for name, form in zip(PIXELS, FORMS, strict=True):
        pixels = draw(form)
        files[name] = png(Image.fromarray(pixels))
        checksums[name] = unown_original.hashlib.sha256(pixels.tobytes()).hexdigest()
    monkeypatch.setattr(unown_original, "PIXELS", checksums)
    return files


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def written(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def upstream(files):
    """As the files are called where they come from: `00.png` to `27.png`."""
    return {f"{name[:2]}.png": content for name, content in files.items()}


def silent(line):
    pass


def test_the_three_sets_are_listed_without_being_imported():
    known = {name: sets.entries[name] for name in ("unown", "unown-mnist", "unown-original")}
    for name, entry in known.items():
        assert 20 < len(entry.summary) < 90, name
        assert entry.summary.endswith(".")
    assert isinstance(sets.get("unown"), Unown)
    assert isinstance(sets.get("unown-mnist:folder=/here"), UnownMNIST)
    assert sets.get("unown-original:folder=/here").folder == Path("/here")


def test_unown_is_its_forms_expanded_by_the_recipe(cache_folder):
    images = Unown().load(28, per_class=2)
    assert (images.name, images.classes, len(images)) == ("unown", FORMS, 56)
    expected = expand([draw(form) for form in FORMS[:2]], FORMS[:2], 28, per_class=2)
    np.testing.assert_array_equal(images.images[[0, 1, 28, 29]], expected.images)
    assert len(list(cache_folder.iterdir())) == 1
    assert Unown().load(28, per_class=2).sha256 == images.sha256
    assert len(list(cache_folder.iterdir())) == 1


# The originals


def test_fetch_then_load(drawings, cache_folder, serving):
    lines = []
    source = UnownOriginal()
    assert not source.is_here()
    with serving(upstream(drawings)) as (url, requests):
        folder = source.fetch(url, report=lines.append)
    assert folder == cache_folder / "unown-original"
    assert requests == [f"{number:02}.png" for number in range(28)]
    assert sorted(path.name for path in folder.iterdir()) == sorted(drawings)
    assert len(lines) == 28
    assert lines[0].startswith("00-A.png: ")
    assert source.is_here()
    images = source.load(28, per_class=1)
    assert images.name == "unown-original"
    # The same pixels as the drawings', so the same images.
    np.testing.assert_array_equal(images.images, Unown().load(28, per_class=1).images)


def test_fetch_into_a_folder_of_choice(drawings, tmp_path, serving):
    with serving(upstream(drawings)) as (url, _):
        assert UnownOriginal(tmp_path / "mine").fetch(url, silent) == tmp_path / "mine"
    assert is_originals(tmp_path / "mine")
    assert UnownOriginal(tmp_path / "mine").load(8, 1).images.shape == (28, 8, 8, 1)


def test_pixels_are_what_is_checked_not_bytes(drawings, tmp_path, serving):
    rewritten = {
        name: png(Image.open(io.BytesIO(content)).convert("RGBA"))
        for name, content in drawings.items()
    }
    assert rewritten["00-A.png"] != drawings["00-A.png"]
    with serving(upstream(rewritten)) as (url, _):
        UnownOriginal().fetch(url, report=silent)
    assert UnownOriginal().is_here()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (png(Image.new("L", (130, 130))), "its pixels do not have the expected sha256"),
        (png(Image.new("L", (64, 130))), "64 x 130 pixels, not 130 x 130"),
        (b"<html>Not here</html>", "no whole PNG image"),
        (png(Image.effect_noise((130, 130), 50))[:9000], "no whole PNG image"),
        (b"", "no whole PNG image"),
    ],
    ids=["other pixels", "other size", "web page", "cut short", "empty"],
)
def test_a_wrong_original_is_refused_and_not_kept(drawings, content, why, serving):
    with (
        serving(upstream(drawings | {"03-V.png": content})) as (url, _),
        pytest.raises(InputError, match=r"^03-V\.png could not be fetched from http") as error,
    ):
        UnownOriginal().fetch(url, report=silent)
    assert why in str(error.value)
    assert "--data DIR" in str(error.value)
    folder = UnownOriginal().folder
    assert sorted(p.name for p in folder.iterdir()) == ["00-A.png", "01-H.png", "02-O.png"]
    assert not UnownOriginal().is_here()


def test_load_before_fetch_says_what_to_do():
    with pytest.raises(InputError, match=r"ganzoo data fetch unown-original.*--data DIR"):
        UnownOriginal().load(56)


def test_a_folder_is_known_by_its_28_names(drawings, tmp_path):
    folder = written(tmp_path / "mine", drawings)
    assert is_originals(folder)
    assert is_originals(str(folder))
    (folder / ".DS_Store").touch()
    assert is_originals(folder)
    (folder / "28-more.png").touch()
    assert not is_originals(folder)
    (folder / "28-more.png").unlink()
    (folder / "00-A.png").rename(folder / "00-a.png")
    assert not is_originals(folder)
    assert not is_originals(tmp_path / "nothing")
    assert not is_originals(folder / "01-H.png")


def test_a_clones_own_folder_is_known_by_its_pixels(drawings, tmp_path):
    folder = written(tmp_path / "original_images", upstream(drawings))
    assert is_originals(folder)
    images = from_folder(folder, 8, per_class=1)
    assert images.sha256 == from_folder(written(tmp_path / "b", drawings), 8, 1).sha256
    (folder / "05.png").write_bytes(png(Image.new("L", (130, 130), 9)))
    assert not is_originals(folder)


def test_a_folder_with_a_bad_image_is_refused(drawings, tmp_path):
    folder = written(tmp_path, drawings | {"07-W.png": b"nothing"})
    with pytest.raises(InputError, match=r"07-W.png is no whole PNG image. Give all 28"):
        from_folder(folder, 28)
    (folder / "07-W.png").unlink()
    with pytest.raises(InputError, match=r"07-W.png"):
        from_folder(folder, 28)


@needs_originals
def test_the_checksums_are_those_of_the_true_originals(tmp_path):
    assert is_originals(ORIGINALS)
    for name, checksum in PIXELS.items():
        unown_original._check(ORIGINALS / name, checksum)
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in PIXELS:
        shutil.copy(ORIGINALS / name, clone / f"{name[:2]}.png")
    assert is_originals(clone)
    images = from_folder(ORIGINALS, 28, per_class=1)
    assert images.classes == FORMS
    assert images.images.reshape(28, -1).std(1).min() > 40


# Unown-MNIST


@pytest.fixture
def few(monkeypatch):
    """The set's files at a thousandth of their length."""
    monkeypatch.setattr(unown_mnist, "COUNTS", {"train": 60, "test": 30})
    random = np.random.default_rng(0)
    return {
        "X_train.npy": random.integers(0, 256, (60, 28, 28), np.uint8),
        "Y_train.npy": np.arange(60) % 28,
        "X_test.npy": random.integers(0, 256, (30, 28, 28), np.uint8),
        "Y_test.npy": np.arange(30) % 28,
    }


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def packed(arrays):
    return {name: npy(array) for name, array in arrays.items()}


def test_mnist_fetch_then_load(few, cache_folder, serving):
    lines = []
    with serving(packed(few)) as (url, _):
        folder = UnownMNIST().fetch(url, report=lines.append)
    assert folder == cache_folder / "unown-mnist"
    assert len([line for line in lines if line.startswith("sha256 ")]) == 4
    images = UnownMNIST().load(28)
    assert (images.name, images.classes) == ("unown-mnist", FORMS)
    np.testing.assert_array_equal(images.images[..., 0], few["X_train.npy"])
    np.testing.assert_array_equal(images.labels, few["Y_train.npy"])
    assert images.labels.dtype == np.int32
    np.testing.assert_array_equal(images.held_out.images[..., 0], few["X_test.npy"])
    np.testing.assert_array_equal(images.held_out.labels, few["Y_test.npy"])


def test_mnist_files_may_have_a_channel_axis_and_be_put_there_by_hand(few, tmp_path):
    folder = written(
        tmp_path / "mine", packed(few | {"X_test.npy": few["X_test.npy"][..., None]})
    )
    images = UnownMNIST(folder).load(28, per_class=2)
    assert len(images) == 56
    assert np.bincount(images.labels).tolist() == [2] * 28
    np.testing.assert_array_equal(images.images[..., 0], few["X_train.npy"][:56])
    with pytest.raises(InputError, match="2 training images of some forms, not 3"):
        UnownMNIST(folder).load(28, per_class=3)


def test_mnist_has_28_pixels_only(few):
    with pytest.raises(InputError, match=r"28 pixels only, not 56. Use unown-original, or a"):
        UnownMNIST().load(56)


def test_mnist_before_fetch_says_what_to_do():
    with pytest.raises(InputError, match="ganzoo data fetch unown-mnist"):
        UnownMNIST().load(28)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("X_test.npy", npy(np.zeros((30, 28, 27), np.uint8)), r"holds uint8 \[30, 28, 27\]"),
        ("X_test.npy", npy(np.zeros((30, 28, 28), np.int8)), "holds int8"),
        ("X_test.npy", npy(np.zeros((29, 28, 28), np.uint8)), r"\[29, 28, 28\]"),
        ("X_test.npy", npy(np.zeros((30, 28, 28), np.uint8)) + b"more", "its header says"),
        (
            "X_test.npy",
            npy(np.zeros((30, 28, 28), np.uint8))[:-1],
            "no whole .npy file of numbers",
        ),
        ("Y_test.npy", npy(np.full(30, 28)), "labels are 28 to 28, not 0 to 27"),
        ("Y_test.npy", npy(np.full(30, -1)), "labels are -1 to -1"),
        ("Y_test.npy", npy(np.zeros(30)), "holds float64"),
        (
            "Y_test.npy",
            npy(np.full(30, 5, object), allow_pickle=True),
            "no whole .npy file of numbers",
        ),
        ("Y_test.npy", b"<html>Not here</html>", "no whole .npy file of numbers"),
        ("Y_test.npy", b"", "no whole .npy file of numbers"),
    ],
)
def test_a_wrong_mnist_file_is_refused_and_not_kept(few, name, content, why, serving):
    with (
        serving(packed(few) | {name: content}) as (url, _),
        pytest.raises(InputError, match=f"^{name} could not be fetched.*{why}") as error,
    ):
        UnownMNIST().fetch(url, report=silent)
    assert "\n" not in str(error.value)
    assert not (UnownMNIST().folder / name).exists()
    assert not UnownMNIST().is_here()


def test_a_mnist_file_that_changed_is_noticed_and_fetched_anew(few, serving):
    with serving(packed(few)) as (url, requests):
        folder = UnownMNIST().fetch(url, report=silent)
        good = (folder / "X_train.npy").read_bytes()
        (folder / "X_train.npy").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(
            InputError, match=r"X_train.npy cannot be used: it no longer agrees"
        ):
            UnownMNIST().load(28)
        requests.clear()
        UnownMNIST().fetch(url, report=silent)
        assert requests == ["X_train.npy"]
    assert len(UnownMNIST().load(28)) == 60


def test_the_true_mnist_files_are_of_the_published_size():
    files = {remote.name: remote.limit for remote in unown_mnist._files()}
    assert list(files) == ["X_train.npy", "Y_train.npy", "X_test.npy", "Y_test.npy"]
    assert 60_000 * 784 < files["X_train.npy"] < 60_000 * 784 + 5000
    assert 10_000 * 8 < files["Y_test.npy"] < 10_000 * 8 + 5000
