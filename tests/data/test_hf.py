"""Data sets in the format of the Hugging Face Hub, from folders: no network."""

import sys

import numpy as np
import pytest
from PIL import Image

from ganzoo.data import load
from ganzoo.data.load import is_name
from ganzoo.errors import InputError
from ganzoo.spec import parse

datasets = pytest.importorskip("datasets")


def picture(level):
    return Image.fromarray(np.full((8, 8), level, np.uint8))


def table(labels, levels, **features):
    kinds = {"image": datasets.Image(), **features}
    columns = {"image": [picture(level) for level in levels], **labels}
    return datasets.Dataset.from_dict(columns, datasets.Features(kinds))


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()


@pytest.fixture
def saved(tmp_path):
    """A folder of parquet files: dark and light squares, and another column of classes."""
    kinds = datasets.ClassLabel(names=["light", "dark"]), datasets.ClassLabel(names=["a", "b"])
    columns = {"label": [1, 0, 1], "coarse": [0, 0, 1]}
    training = table(columns, [10, 200, 20], label=kinds[0], coarse=kinds[1])
    others = table(
        {"label": [0, -1], "coarse": [0, 0]}, [210, 99], label=kinds[0], coarse=kinds[1]
    )
    folder = tmp_path / "squares"
    folder.mkdir()
    training.to_parquet(folder / "train-00000-of-00001.parquet")
    others.to_parquet(folder / "test-00000-of-00001.parquet")
    return folder


def levels(images):
    assert images.images.shape[1:] == (4, 4, 1) and images.images.dtype == np.uint8
    return images.images[:, 0, 0, 0].tolist()


def test_images_classes_and_what_is_held_out(saved):
    images = load(f"hf:{saved},label=label", 4)
    assert (images.name, images.classes) == ("squares", ("light", "dark"))
    assert levels(images) == [200, 10, 20] and images.labels.tolist() == [0, 1, 1]
    # The row whose label is kept back is none of the classes.
    assert levels(images.held_out) == [210] and images.held_out.labels.tolist() == [0]
    assert levels(load(f"hf:{saved},label=label", 4, per_class=1)) == [200, 10]
    assert load(f"hf:{saved},label=label", 4, reading={"labels": False}).class_count == 0
    swapped = load(f"hf:{saved},label=coarse,split=test,held_out=train", 4)
    assert levels(swapped) == [210, 99] and swapped.classes == ("a",)


def test_columns_that_are_not_clear_are_named_in_one_line(saved):
    for spec, words in {
        f"hf:{saved}": "several columns of classes: label, coarse",
        f"hf:{saved},label=kind": "no column 'kind' of labels. Its columns: image, label",
        f"hf:{saved},label=label,image=label": "no column of images 'label'",
        f"hf:{saved},split=all": "no split 'all'. It has train, test",
        f"hf:{saved}/nowhere": "cannot be loaded",
        "hf": "Which data set",
    }.items():
        with pytest.raises(InputError) as caught:
            load(spec, 4)
        assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_column_of_texts_gives_sorted_classes_and_none_gives_one_class(tmp_path):
    text = datasets.Value("string")
    folder = tmp_path / "texts"
    folder.mkdir()
    table({"class": ["b", "a", "b"]}, [1, 2, 3], **{"class": text}).to_parquet(
        folder / "train.parquet"
    )
    images = load(f"hf:{folder}", 4)
    assert images.classes == ("a", "b") and levels(images) == [2, 1, 3]
    plain = tmp_path / "plain"
    plain.mkdir()
    table({}, [7, 8]).to_parquet(plain / "train.parquet")
    images = load(f"hf:{plain}", 4)
    assert images.classes == ("image",) and levels(images) == [7, 8] and images.held_out is None


def test_without_the_package_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(InputError, match=r'pip install "ganzoo\[datasets\]"') as caught:
        load("hf:ylecun/mnist", 28)
    assert "\n" not in str(caught.value)


def test_the_name_stands_without_a_key():
    assert is_name("hf:ylecun/mnist")
    assert parse("hf:ylecun/mnist") == ("hf", {"name": "ylecun/mnist"})
    assert parse("hf:mnist,split=test") == ("hf", {"name": "mnist", "split": "test"})
    assert parse("hf:name=a/b,label=x") == ("hf", {"name": "a/b", "label": "x"})
    assert parse("hf:'a,b/c=d'") == ("hf", {"name": "a,b/c=d"})
    with pytest.raises(InputError, match="not an option"):
        parse("hf:a/b,c")
    with pytest.raises(InputError, match="not an option"):
        parse("r1:gamma")
