"""The three shipped platforms: what their files say about ranks, rules, roles, edges and names (semantics 1)."""

import itertools

import pytest

from keyholder.domain.blueprint import NOTHING, Blueprint, Grants
from keyholder.domain.blueprint_files import builtin

LANGUAGES = {"en", "ru", "pl", "lv", "cs"}
GOOGLE = builtin().blueprints["google_analytics"]
GATEWAY = builtin().blueprints["conversions_gateway"]
MTS = builtin().blueprints["mts_analytics"]
RANKED = [
    "manage_users edit",
    "manage_users collaborate",
    "manage_users read_analyze",
    "manage_users",
    "edit",
    "collaborate",
    "read_analyze",
    "",
]
platforms = pytest.mark.parametrize("blueprint", list(builtin()), ids=lambda b: b.name)


def test_r062_comparing_closed_masks_ranks_the_sets_as_reading_15_does() -> None:
    masks = [GOOGLE.closure(GOOGLE.mask(names.split())) for names in RANKED]
    assert masks == sorted(set(masks), reverse=True)
    assert masks == [15, 11, 9, 8, 7, 3, 1, 0]


@pytest.mark.parametrize(
    ("ticked", "shown"),
    [
        ("edit", {"edit", "collaborate", "read_analyze"}),
        ("collaborate", {"collaborate", "read_analyze"}),
        ("read_analyze", {"read_analyze"}),
        ("manage_users", {"manage_users"}),
        ("manage_users edit", {"manage_users", "edit", "collaborate", "read_analyze"}),
    ],
)
def test_r003_r004_r005_what_a_permission_includes(ticked: str, shown: set[str]) -> None:
    mask = GOOGLE.closure(GOOGLE.mask(ticked.split()))
    assert set(GOOGLE.names(mask)) == shown
    assert GOOGLE.minimal(mask) == tuple(ticked.split())


def test_r006_manage_users_alone_opens_no_report() -> None:
    assert not GOOGLE.granting_shows_data
    assert not GOOGLE.closure(GOOGLE.granting_mask) & GOOGLE.mask([GOOGLE.reading])


@platforms
def test_a_closure_is_closed_and_grows_with_its_set(blueprint: Blueprint) -> None:
    """I-AZ-7: closing twice changes nothing, closing never loses, and more closes to more."""
    masks = [blueprint.mask(names) for n in range(3) for names in itertools.combinations(blueprint.permissions, n)]
    for mask in masks:
        closed = blueprint.closure(mask)
        assert blueprint.closure(closed) == closed
        assert mask & closed == mask
        assert blueprint.closure(blueprint.mask(blueprint.minimal(mask))) == closed
        assert all(blueprint.closure(mask | other) == closed | blueprint.closure(other) for other in masks)


def test_who_holds_edit_holds_what_includes_reading() -> None:
    assert GOOGLE.names(GOOGLE.implied_by(GOOGLE.mask(["collaborate"]))) == ("edit", "collaborate")
    assert GATEWAY.names(GATEWAY.implied_by(GATEWAY.mask(["view"]))) == ("manage_pixels", "edit_pixel", "view")


def test_the_levels_are_nested_as_the_products_nest_them() -> None:
    nested = {t.name: t.parent for b in builtin() for t in b.types.values()}
    assert nested == {
        "account": None,
        "property": "account",
        "view": "property",
        "host": None,
        "host_account": "host",
        "pixel": "host_account",
        "resource": None,
        "container": "resource",
        "stream": "resource",
        "service": "resource",
        "report": "service",
    }
    assert builtin().of("pixel") is GATEWAY


def test_the_level_of_removal_and_of_the_last_manager() -> None:
    assert [b.account_type.name for b in (GOOGLE, GATEWAY, MTS)] == ["account", "host_account", "resource"]
    assert {t.name for b in builtin() for t in b.types.values() if t.guarded} == {"account", "host", "host_account", "resource"}
    assert {t.name for b in builtin() for t in b.types.values() if t.links} == {"account", "resource"}
    assert [b.standing_role for b in (GOOGLE, GATEWAY, MTS)] == ["", "", "owner"]


@pytest.mark.parametrize(
    ("blueprint", "granting", "reading", "admins"),
    [(GOOGLE, "manage_users", "read_analyze", ("manage_users",)), (GATEWAY, "manage_users", "view", ()), (MTS, "manage", "view", ())],
    ids=lambda value: value.name if isinstance(value, Blueprint) else "",
)
def test_who_grants_and_what_organization_admins_hold(blueprint: Blueprint, granting: str, reading: str, admins: tuple[str, ...]) -> None:
    assert (blueprint.granting, blueprint.reading, blueprint.grants) == (granting, reading, Grants.ANY)
    assert blueprint.names(blueprint.organization_admins_hold) == admins
    assert (blueprint.invitation_days, blueprint.trash_days) == (7, 35)
    assert blueprint.closure(blueprint.mask(blueprint.permissions)) == blueprint.everything


@pytest.mark.parametrize(
    ("role", "holds"),
    [
        ("administrator", {"manage_users", "manage_pixels", "edit_pixel", "view", "view_all_applications", "delete_account"}),
        ("standard", {"view", "delete_account"}),
        ("view_only", {"view"}),
    ],
)
def test_r089_r090_r091_r092_the_roles_of_a_hosted_account(role: str, holds: set[str]) -> None:
    assert set(GATEWAY.names(GATEWAY.closure(GATEWAY.roles[role].mask))) == holds
    assert GATEWAY.roles[role].permissions == holds
    assert all(GATEWAY.types[t].roles == {"administrator", "standard", "view_only"} for t in ("host", "host_account"))
    assert GATEWAY.exclusive_roles


def test_the_roles_of_a_hosted_account_rank_from_administrator_to_view_only() -> None:
    masks = [GATEWAY.closure(GATEWAY.roles[role].mask) for role in ("administrator", "standard", "view_only")]
    assert masks == sorted(masks, reverse=True)


def test_r091_a_pixel_is_assigned_to_who_holds_the_standard_role() -> None:
    pixel = GATEWAY.types["pixel"]
    assert pixel.permissions == {"edit_pixel"}
    assert not pixel.roles
    assert pixel.assignment is not None
    assert (pixel.assignment.role, pixel.assignment.at) == ("standard", "host_account")


def test_r100_only_the_edge_to_the_host_closes_and_deleting_does_not_cross_it() -> None:
    edges = {t.name: b.names(t.stops) for b in builtin() for t in b.types.values() if t.closable or t.stops}
    assert edges == {"host_account": ("delete_account",)}
    assert GATEWAY.types["host_account"].closable


def test_r035_what_a_creator_gets() -> None:
    for type_ in GOOGLE.types.values():
        assert type_.creator == set(GOOGLE.permissions)
        assert not type_.names_manager
    assert MTS.types["resource"].creator_role == "owner"
    assert {MTS.types[t].creator for t in ("container", "stream", "service", "report")} == {frozenset({"manage"})}
    assert not MTS.types["resource"].names_manager


def test_r093_who_creates_a_hosted_account_names_its_administrator() -> None:
    assert [t.name for t in GATEWAY.types.values() if t.names_manager] == ["host", "host_account"]
    assert not any(t.creator or t.creator_role for t in GATEWAY.types.values())


def test_r040_the_help_on_permissions_and_groups_is_the_vendors_own() -> None:
    assert "2884495" in GOOGLE.help["permissions"]
    assert "9013855" in GOOGLE.help["groups"]
    assert all("permissions" in b.help for b in builtin())


@platforms
def test_every_name_stands_in_all_five_languages(blueprint: Blueprint) -> None:
    labels = [blueprint.labels]
    labels += [permission.labels for permission in blueprint.permissions.values()]
    labels += [role.labels for role in blueprint.roles.values()]
    labels += [type_.labels for type_ in blueprint.types.values()]
    labels += [action.labels for action in blueprint.actions.values()]
    labels += [kind.labels for kind in blueprint.assets.values()]
    labels += [permission.meaning for permission in blueprint.permissions.values()]
    labels += [role.meaning for role in blueprint.roles.values()]
    labels += [type_.plural for type_ in blueprint.types.values()]
    labels += [kind.plural for kind in blueprint.assets.values()]
    for label in labels:
        assert set(label) == LANGUAGES
        assert all(text == text.strip() and text for text in label.values())


@pytest.mark.parametrize(
    ("language", "terms"),
    [
        ("pl", ["Konto", "Usługa", "Widok", "Zarządzaj użytkownikami", "Edytuj", "Współpraca", "Odczyt i analiza"]),
        ("lv", ["Konts", "Īpašums", "Skats", "Lietotāju pārvaldība", "Rediģēšana", "Sadarbība", "Lasīšana un analīze"]),
        ("cs", ["Účet", "Služba", "Výběr dat", "Správa uživatelů", "Úpravy", "Spolupráce", "Čtení a analýza"]),
    ],
)
def test_google_analytics_speaks_its_own_terms(language: str, terms: list[str]) -> None:
    shown = [t.labels[language] for t in GOOGLE.types.values()] + [p.labels[language] for p in GOOGLE.permissions.values()]
    assert shown == terms


def test_the_gateway_speaks_its_own_terms_in_russian() -> None:
    assert [role.labels["ru"] for role in GATEWAY.roles.values()] == ["Администратор", "Стандартная", "Только просмотр"]
    assert [t.labels["ru"] for t in MTS.types.values()] == ["Ресурс", "Контейнер", "Поток", "Сервис", "Отчёт"]  # noqa: RUF001 - Russian


@platforms
def test_every_asset_is_made_and_changed_by_a_permission_that_shows_it(blueprint: Blueprint) -> None:
    for kind in blueprint.assets.values():
        assert blueprint.closure(blueprint.mask([kind.change])) != NOTHING
        assert kind.types <= set(blueprint.types)


def test_r027_r028_the_kinds_of_shared_assets_are_data() -> None:
    """Reading 06: personal ones are made by Read & Analyze and, once shared, changed by Collaborate."""
    personal = {k.name: (k.view, k.create, k.change) for k in GOOGLE.assets.values() if k.personal}
    assert {"segment", "dashboard", "custom_report", "annotation", "channel_grouping", "attribution_model"} <= set(personal)
    assert set(personal.values()) == {("read_analyze", "read_analyze", "collaborate")}
    assert GOOGLE.assets["filter"].types == {"account"}
    assert GOOGLE.assets["filter"].applies_to == "view"
    application = GATEWAY.assets["application"]
    assert (application.view, application.marked) == ("view_all_applications", "view")
