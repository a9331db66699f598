"""Which permission each act on an asset needs, by how it stands to who looks at it (semantics 8, readings 05 and 38)."""

import pytest

from keyholder.domain.assets import AssetAct, Standing, clean_body, may, needed
from keyholder.domain.blueprint_files import builtin

GOOGLE, GATEWAY = builtin().blueprints["google_analytics"], builtin().blueprints["conversions_gateway"]
OWN, OTHERS, SHARED = Standing(personal=True, own=True), Standing(personal=True), Standing()
AWAY, APPLIED = Standing(is_here=False), Standing(is_here=False, applied=True)


@pytest.mark.parametrize(
    ("kind", "standing", "act", "wanted"),
    [
        ("segment", OWN, AssetAct.VIEW, ("read_analyze",)),
        ("segment", OWN, AssetAct.CHANGE, ("read_analyze",)),
        ("segment", OWN, AssetAct.DELETE, ("read_analyze",)),
        ("segment", OWN, AssetAct.SHARE, ("read_analyze",)),
        ("segment", SHARED, AssetAct.VIEW, ("read_analyze",)),
        ("segment", SHARED, AssetAct.CHANGE, ("collaborate",)),
        ("segment", SHARED, AssetAct.DELETE, ("collaborate",)),
        ("segment", SHARED, AssetAct.SHARE, ()),
        ("segment", SHARED, AssetAct.MARK, ()),
        ("segment", AWAY, AssetAct.VIEW, ()),
        ("filter", SHARED, AssetAct.CHANGE, ("edit",)),
        ("filter", SHARED, AssetAct.APPLY, ()),
        ("filter", AWAY, AssetAct.VIEW, ("edit",)),
        ("filter", AWAY, AssetAct.APPLY, ("edit",)),
        ("filter", AWAY, AssetAct.CHANGE, ()),
        ("filter", APPLIED, AssetAct.VIEW, ("read_analyze", "edit")),
        ("filter", APPLIED, AssetAct.WITHDRAW, ("edit",)),
        ("filter", APPLIED, AssetAct.APPLY, ()),
    ],
)
def test_what_an_act_needs(kind: str, standing: Standing, act: AssetAct, wanted: tuple[str, ...]) -> None:
    """R022 to R028, R033, R034."""
    assert needed(GOOGLE, GOOGLE.assets[kind], standing, act) == wanted


@pytest.mark.parametrize("act", AssetAct)
def test_another_s_own_is_nobody_s_business(act: AssetAct) -> None:
    assert not may(GOOGLE, GOOGLE.assets["segment"], OTHERS, act, GOOGLE.everything)


def test_r092_a_marked_application_is_seen_by_who_views_and_changed_by_who_may() -> None:
    """Reading 38."""
    kind, view = GATEWAY.assets["application"], GATEWAY.mask(["view"])
    assert [may(GATEWAY, kind, Standing(marked=marked), AssetAct.VIEW, view) for marked in (True, False)] == [True, False]
    assert not may(GATEWAY, kind, Standing(marked=True), AssetAct.MARK, view)
    assert may(GATEWAY, kind, SHARED, AssetAct.MARK, GATEWAY.everything)


def test_what_one_may_not_see_one_may_nothing_with() -> None:
    """Who may change applications but sees none of them changes none."""
    assert not may(GATEWAY, GATEWAY.assets["application"], SHARED, AssetAct.CHANGE, GATEWAY.mask(["manage_pixels"]))


def test_a_body_is_kept_with_plain_line_ends() -> None:
    assert clean_body("a\r\n\tb ") == "a\n\tb"
