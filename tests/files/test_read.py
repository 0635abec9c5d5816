"""Files that anybody may have written end in a value, or in one `ValueError`."""

import json

import pytest

from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.files.read import DEEPEST, explained, open_file, parse_json, read_toml


@pytest.mark.parametrize(
    "nested", ["[" * DEEPEST + "]" * DEEPEST, '{"a":' * 300 + "1" + "}" * 300]
)
def test_what_is_nested_too_deeply_for_others_is_refused_here(nested):
    deeper = f"[{nested}]"
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json(deeper)
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json(nested[:50] * 10_000)


def test_what_is_nested_less_is_read():
    text = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert parse_json(text) == json.loads(text)
    assert [parse_json(each) for each in ("5", "null", '"x"')] == [5, None, "x"]


def test_a_number_of_many_digits_is_said_in_plain_words(tmp_path):
    with pytest.raises(ValueError, match=r"^a number in it has thousands of digits$"):
        parse_json(f'{{"a": {"9" * 5000}}}')
    (tmp_path / "a.toml").write_text(f"a = {'9' * 5000}")
    with pytest.raises(ValueError, match=r"^a number in it has thousands of digits$"):
        read_toml(tmp_path / "a.toml")
    assert brief(10**5000) == "a whole number of 16,610 bits"


def test_an_error_is_explained_with_the_file_and_the_advice(tmp_path):
    with pytest.raises(InputError) as caught, explained(tmp_path / "gone", advice="Mend it."):
        open_file(tmp_path / "gone")
    gone = tmp_path / "gone"
    assert str(caught.value) == f"{gone} cannot be read: No such file or directory. Mend it."
    (tmp_path / "a").write_bytes(b"123")
    with pytest.raises(InputError) as caught, explained(tmp_path / "a", "JSON"):
        open_file(tmp_path / "a", largest=2)
    assert str(caught.value).endswith("a cannot be read as JSON: it has more than 2 bytes.")
