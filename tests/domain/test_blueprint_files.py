"""Blueprint files: a fourth platform is a fourth file, and a wrong file is refused with its name, the key and the cause (semantics 1)."""

import tomllib
from pathlib import Path

import pytest

from keyholder import blueprints
from keyholder.domain.blueprint import Grants
from keyholder.domain.blueprint_files import BlueprintError, builtin, catalogue, load
from keyholder.domain.blueprint_parsing import parse
from keyholder.domain.blueprint_rules import findings
from keyholder.domain.permissions import bindable
from tests.domain.blueprint_mistakes import ENVIRONMENT, MISTAKES

TAG_MANAGER = Path(__file__).parent / "tag_manager.toml"


@pytest.mark.parametrize(("right", "wrong", "key", "cause"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_file_is_refused_with_file_key_and_cause(tmp_path: Path, right: str, wrong: str, key: str, cause: str) -> None:
    text = TAG_MANAGER.read_text("utf-8")
    assert right in text
    file = _write(tmp_path, text.replace(right, wrong, 1))
    with pytest.raises(BlueprintError) as refused:
        load([file])
    assert (refused.value.file, refused.value.key) == (str(file), key)
    assert cause in refused.value.cause
    assert str(refused.value).startswith(str(file))


def test_no_type_has_the_name_of_a_page(tmp_path: Path) -> None:
    """Deleting one of its nodes would be the page that deletes a person."""
    file = _write(tmp_path, TAG_MANAGER.read_text("utf-8").replace('"workspace"', '"people"'))
    with pytest.raises(BlueprintError, match=r"types\.people\.name: 'people' is taken by pages of the console"):
        load([file])


@pytest.mark.parametrize(
    ("text", "key", "cause"),
    [
        ("", "name", "is missing"),
        ('name = "x"\n', "permissions", "is missing"),
        ('name = "x"\npermissions = []\n', "permissions", "must be one or more tables"),
        ('name = "x"\npermissions = 1\n', "permissions", "must be one or more tables"),
        ('name = "x"\npermissions = [1]\n', "permissions", "must be one or more tables"),
        ('name = "x"\npermissions = [{}]\n', "permissions[1].name", "is missing"),
    ],
)
def test_a_file_without_its_parts_is_refused(tmp_path: Path, text: str, key: str, cause: str) -> None:
    with pytest.raises(BlueprintError) as refused:
        load([_write(tmp_path, text)])
    assert refused.value.key == key
    assert cause in refused.value.cause


def test_more_permissions_than_a_mask_holds_are_refused(tmp_path: Path) -> None:
    extra = "".join(f'[[permissions]]\nname = "p{n}"\nlabels.en = "P"\nmeaning.en = "P"\n' for n in range(60))
    text = TAG_MANAGER.read_text("utf-8")
    with pytest.raises(BlueprintError, match="64 permissions; at most 63"):
        load([_write(tmp_path, text.replace("[[roles]]", extra + "[[roles]]", 1))])
    widest = load([_write(tmp_path, text.replace("[[roles]]", extra.removesuffix(extra[extra.index("p59") - 24 :]) + "[[roles]]", 1))])
    assert widest.blueprints["tag_manager"].everything == 2**63 - 1


def test_an_account_level_where_nobody_could_grant_is_refused(tmp_path: Path) -> None:
    text = TAG_MANAGER.read_text("utf-8").replace('["administer", "publish"]', '["publish"]')
    with pytest.raises(BlueprintError, match=r"types.company: 'administer' can't be bound here"):
        load([_write(tmp_path, text.replace('["administer", "publish", "edit", "read"]', '["edit"]'))])


def test_an_assignment_that_hangs_on_a_role_elsewhere_is_refused(tmp_path: Path) -> None:
    beside = '[[types]]\nname = "draft"\nparent = "company"\nroles = ["steward"]\nlabels.en = "Draft"\nplural.en = "Drafts"\n'
    text = TAG_MANAGER.read_text("utf-8").replace('at = "company"', 'at = "draft"')
    with pytest.raises(BlueprintError, match=r"types.environment.assignment.at: 'draft' is not above 'environment'"):
        load([_write(tmp_path, text.replace(f"[[types]]\n{ENVIRONMENT}", f"{beside}[[types]]\n{ENVIRONMENT}"))])


def test_everything_that_is_wrong_with_a_platform_can_be_listed() -> None:
    tree = tomllib.loads(
        TAG_MANAGER.read_text("utf-8").replace("account_level = true\n", "").replace('name = "user.add"', 'name = "user.new"')
    )
    assert [key for key, _cause in findings(parse("tag_manager.toml", tree))] == ["types", "actions.user.add", "actions.user.remove.types"]


def test_a_platform_without_help_pages_is_one(tmp_path: Path) -> None:
    text = TAG_MANAGER.read_text("utf-8").replace('[help]\npermissions = "https://tags.example/help/permissions"\n', "")
    assert load([_write(tmp_path, text)]).blueprints["tag_manager"].help == {}


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tag_manager.toml"
    with pytest.raises(BlueprintError, match="can't be read"):
        load([file])
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(BlueprintError, match="can't be read"):
        load([file])


def test_names_are_unique_in_an_instance(tmp_path: Path) -> None:
    text = TAG_MANAGER.read_text("utf-8")
    first = _write(tmp_path, text)
    with pytest.raises(BlueprintError, match=r"name: 'tag_manager' is taken by another file"):
        load([first, first])
    second = _write(tmp_path, text.replace('"tag_manager"', '"other"'), "other.toml")
    with pytest.raises(BlueprintError, match=r"types.company: the type name is taken by the blueprint 'tag_manager'"):
        load([first, second])


def test_an_operator_adds_a_fourth_platform_by_a_file_in_a_folder(tmp_path: Path) -> None:
    _write(tmp_path, TAG_MANAGER.read_text("utf-8"))
    everything = catalogue(str(tmp_path))
    assert set(everything.blueprints) == {*builtin().blueprints, "tag_manager"}
    tags = everything.of("environment")
    assert (tags.name, tags.grants, tags.granting, tags.trash_days, tags.invitation_days) == (
        "tag_manager",
        Grants.HELD,
        "administer",
        30,
        7,
    )
    assert (tags.root_type.name, tags.account_type.name) == ("company", "company")
    assert [t.name for t in tags.children_of("company")] == ["workspace"]
    assert bindable(everything, "company", role="steward").mask == tags.mask(["administer", "publish"])
    assert tags.names(tags.closure(tags.mask(["publish"]))) == ("publish", "edit", "read")
    assert tags.types["environment"].stops == tags.mask(["edit"])


def test_r006_an_operator_switches_a_rule_by_a_file_of_the_same_name(tmp_path: Path) -> None:
    """A file in the operator's folder stands in the place of the shipped blueprint that has its name."""
    shipped = Path(blueprints.__file__).parent / "google_analytics.toml"
    switched = shipped.read_text("utf-8").replace("granting_shows_data = false", "granting_shows_data = true")
    _write(tmp_path, switched, "ours.toml")
    before, after = builtin().blueprints["google_analytics"], catalogue(str(tmp_path)).blueprints["google_analytics"]
    reading, granting = before.mask(["read_analyze"]), before.mask(["manage_users"])
    assert not before.closure(granting) & reading
    assert after.closure(granting) & reading
    assert not after.closure(granting) & after.mask(["edit", "collaborate"])
    assert list(catalogue(str(tmp_path)).types) != []


@pytest.mark.parametrize("folder", [None, ""])
def test_without_a_folder_there_are_the_three_that_are_shipped(folder: str | None) -> None:
    assert catalogue(folder) is builtin()
    assert set(builtin().blueprints) == {"google_analytics", "conversions_gateway", "mts_analytics"}


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError) as refused:
        catalogue(str(tmp_path / "missing"))
    assert refused.value.file == str(tmp_path / "missing")


def _write(folder: Path, text: str, name: str = "tag_manager.toml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file
