"""What a comparison consists of, from texts and files."""

import pytest

from ganzoo.comparison.runs.compare import missing
from ganzoo.comparison.runs.grid import (
    Cell,
    parse_seeds,
    parse_shard,
    product,
    read_toml,
    split,
)
from ganzoo.comparison.runs.local import divide
from ganzoo.comparison.runs.plan import Plan
from ganzoo.errors import InputError


def test_commas_within_a_spec_do_not_split_it():
    assert split("hinge, lsgan:a=-1,b=1,c=0,wgan-gp:weight=5") == [
        "hinge",
        "lsgan:a=-1,b=1,c=0",
        "wgan-gp:weight=5",
    ]
    assert split("my:Loss:sizes=(1,2),mode='a,b',hinge") == [
        "my:Loss:sizes=(1,2),mode='a,b'",
        "hinge",
    ]


def test_cells_are_named_by_what_sets_them_apart():
    cells = product({"loss": ["hinge", "wgan-gp"], "penalties": ["none", "r1:gamma=0.1+r2"]})
    assert [cell.name for cell in cells] == [
        "hinge",
        "hinge r1:gamma=0.1+r2",
        "wgan-gp",
        "wgan-gp r1:gamma=0.1+r2",
    ]
    assert cells[1].settings["penalties"] == ["r1:gamma=0.1", "r2"]
    assert cells[0].settings == {"loss": "hinge", "penalties": [], "grow": True}
    (large,) = product({"loss": ["hinge"], "penalties": ["r1:gamma=1e+1+gp"]})
    assert large.settings["penalties"] == ["r1:gamma=1e+1", "gp"]
    own, none = product({"penalties": ["own", "none"]})
    assert (own.name, none.name) == ("non-saturating own", "non-saturating none")
    assert "penalties" not in own.settings and none.settings["penalties"] == []
    both = product({"loss": ["hinge"]}, ["progressive", "direct"])
    assert [cell.name for cell in both] == ["hinge progressive", "hinge direct"]


def test_a_name_is_as_a_table_holds_it_and_names_one_cell():
    assert Cell("my \t cell\n", {}).name == "my cell"
    with pytest.raises(InputError, match="name is empty"):
        Cell(" ", {})
    with pytest.raises(InputError, match="Two cells are called 'hinge'"):
        product({"loss": ["hinge", "hinge"]})
    with pytest.raises(InputError, match="Nothing is named"):
        product({"loss": []})


def test_models_without_a_loss_have_one_cell_each():
    axes = {"loss": ["hinge", "wgan"], "model": ["gan", "ae:weight=2"]}
    cells = product(axes, without_loss=["ae:weight=2"])
    settings = [cell.settings | {"name": cell.name} for cell in cells]
    assert settings == [
        {"name": "hinge gan", "loss": "hinge", "model": "gan", "grow": True},
        {"name": "ae:weight=2", "model": "ae:weight=2", "grow": True},
        {"name": "wgan gan", "loss": "wgan", "model": "gan", "grow": True},
    ]
    cells = product({"model": ["gan", "vae"]}, without_loss=["vae"])
    assert [cell.name for cell in cells] == ["gan", "vae"]
    assert [cell.settings for cell in cells] == [
        {"model": "gan", "grow": True},  # With the loss that the model recommends.
        {"model": "vae", "grow": True},
    ]
    assert [cell.name for cell in product({"model": ["vae"]}, without_loss=["vae"])] == ["vae"]


def test_a_cell_gives_its_trainer_keywords():
    cell = Cell("x", {"loss": "hinge", "penalties": ["r1"], "grow": False, "batch": 8})
    keywords = cell.keywords({"batch": 16, "data": "unown", "ema": 1.0}, seed=4)
    assert keywords == {
        "loss": "hinge",
        "penalties": ["r1"],
        "grow": False,
        "batch": 8,
        "data": "unown",
        "ema": 1.0,
        "seed": 4,
    }


@pytest.mark.parametrize(
    ("given", "seeds"),
    [
        ("0-4", [0, 1, 2, 3, 4]),
        ("0,3,7", [0, 3, 7]),
        ("5, 1-2", [5, 1, 2]),
        ([0, 3, 7], [0, 3, 7]),
        (0, [0]),
    ],
)
def test_seeds(given, seeds):
    assert parse_seeds(given) == seeds


@pytest.mark.parametrize("given", ["", "a", "4-", "3-1", "0,0", "-1", -1, 1.5, [], [0.5], True])
def test_bad_seeds_say_what_to_write(given):
    with pytest.raises(InputError, match=r"such as 0-4|written as 0-4"):
        parse_seeds(given)


def test_models_are_named_where_several_are_compared():
    (alone,) = product({"loss": ["hinge"], "model": ["my:GAN"]})
    assert (alone.name, alone.settings["model"]) == ("hinge", "my:GAN")
    one, two = product({"loss": ["hinge"], "model": ["gan", "my:GAN:weight=2"]})
    assert (one.name, two.name) == ("hinge gan", "hinge my:GAN:weight=2")
    assert two.keywords({}, seed=3)["model"] == "my:GAN:weight=2"
    both = product({"loss": ["hinge", "wgan"], "model": ["gan", "my:GAN"]})
    names = [cell.name for cell in both]
    assert names == ["hinge gan", "hinge my:GAN", "wgan gan", "wgan my:GAN"]


def test_shards_part_the_work():
    assert parse_shard("1/1") == (0, 1)
    shards = [parse_shard(f"{i}/3") for i in (1, 2, 3)]
    work = list(range(10))
    parts = [work[i::n] for i, n in shards]
    assert sorted(item for part in parts for item in part) == work
    for text in ("0/3", "4/3", "1", "1/0", "x/y"):
        with pytest.raises(InputError, match="--shard"):
            parse_shard(text)


def test_cores_are_divided():
    assert divide([0, 1, 2, 3], 2) == [[0, 2], [1, 3]]
    assert divide([0, 1], 1) == [[0, 1]]
    assert divide([0, 1], 3) == [[0], [1], [0]]


def test_a_file_lists_cells_of_its_own(tmp_path):
    path = tmp_path / "comparison.toml"
    path.write_text(
        """
        seeds = "0-1"
        data = "unown"
        [[cells]]
        name = "crippled"
        loss = "hinge"
        optimizer = "sgd:learning_rate=0.000001"
        [[cells]]
        loss = "wgan-gp"
        penalties = ["r1:gamma=0.1"]
        growth = "direct"
        """
    )
    cells, common = read_toml(path)
    assert common == {"seeds": "0-1", "data": "unown"}
    crippled = {"loss": "hinge", "optimizer": "sgd:learning_rate=0.000001", "grow": True}
    assert cells[0] == Cell("crippled", crippled)
    direct = {"loss": "wgan-gp", "penalties": ["r1:gamma=0.1"], "grow": False}
    assert cells[1] == Cell("wgan-gp", direct)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cells = [", "cannot be read as TOML"),
        ("seeds = '0'", r"has no \[\[cells\]\]"),
        ("[[cells]]\nname = 'x'", "Cell 1 .* has no loss"),
        ("[[cells]]\nloss = 'a'\n[[cells]]\nloss = 'a'", "Two cells are called 'a'"),
        ("cells = ['wgan']", r"has no \[\[cells\]\]"),
        ("cells = [{loss = 'a'}, 'b']", r"has no \[\[cells\]\]"),
        ("cells = 3", r"has no \[\[cells\]\]"),
        ("[[cells]]\nloss = 5", "Cell 1 .*loss is a text. Received: 5"),
        ("[[cells]]\nloss = 'a'\nbatch = true", "batch is a whole number. Received: True"),
        ("[[cells]]\nloss = 'a'\npenalties = 'r1'", "penalties is a list of texts"),
        ("[[cells]]\nloss = 'a'\npenalties = [1]", "penalties is a list of texts"),
        ("ema = 'x'\n[[cells]]\nloss = 'a'", "bad.toml: ema is a number. Received: 'x'"),
        ("schedule = 5\n[[cells]]\nloss = 'a'", "bad.toml: schedule is a text"),
        ("[[cells]]\nloss = 'a'\ngrowth = 'slow'", "progressive or direct"),
        ("[[cells]]\nloss = 'a'\ngrow = false", "Cell 1 .*'grow' cannot be set. .*growth"),
        ("[[cells]]\nloss = 'a'\narch = 'x'", "'arch' cannot be set. .*architecture"),
        ("[[cells]]\nloss = 'a'\nseed = 1", "Cell 1 .*'seed' cannot be set"),
        ("seed = 1\n[[cells]]\nloss = 'a'", "bad.toml: 'seed' cannot be set. .*seeds"),
    ],
)
def test_a_bad_file_says_where(tmp_path, text, message):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_toml(path)


def test_shards_that_start_later_keep_to_their_own_runs(tmp_path):
    cells = [Cell(name, {}) for name in "abcdef"]
    plans = [Plan(c, 0, c.name, tmp_path / c.name, {}, 0.0, 0.0, 0, {}) for c in cells]
    plans.append(Plan(Cell("twin of a", {}), 0, "a", tmp_path / "a", {}, 0.0, 0.0, 0, {}))

    def names(shard):
        return [plan.fingerprint for plan in missing(plans, shard)]

    assert names((0, 1)) == list("abcdef")
    assert names((0, 2)) == ["a", "c", "e"]
    for plan in plans[0:3:2]:
        plan.path.mkdir()
        ended = {"status": "done", "step": 9, "kimg": 0.1, "seconds": 2.0, "measures": {}}
        plan.run.write_json("result.json", ended)
    assert names((0, 2)) == ["e"] and names((1, 2)) == ["b", "d", "f"]
