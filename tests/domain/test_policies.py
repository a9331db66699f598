"""User policies: who is outside, by whole labels of the domain, and that a block beats an allowance (semantics 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.domain.addresses import canon
from keyholder.domain.policies import Policy, PolicyMode, violation
from keyholder.domain.refusals import Invalid

MODES = [PolicyMode.ADVISORY, PolicyMode.ENFORCED]


def test_r085_anybody_is_allowed_unless_a_policy_says_otherwise() -> None:
    assert violation(Policy(), "dan@elsewhere.example", verified=False) is None
    kept = Policy(PolicyMode.ANYBODY, ("acme.example",), (), ("dan@elsewhere.example",), verified_only=True)
    assert violation(kept, "dan@elsewhere.example", verified=False) is None


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("domain", "address", "inside"),
    [
        ("corp.com", "ben@corp.com", True),
        ("corp.com", "ben@CORP.com", True),
        ("corp.com", "ben@evilcorp.com", False),
        ("corp.com", "ben@corp.com.evil.org", False),
        ("corp.com", "ben@sub.corp.com", False),
        ("corp.com", "ben@c\u043erp.com", False),
        ("*.corp.com", "ben@sub.corp.com", True),
        ("*.corp.com", "ben@deep.sub.corp.com", True),
        ("*.corp.com", "ben@corp.com", False),
        ("*.corp.com", "ben@evilcorp.com", False),
        ("*.corp.com", "ben@sub.evilcorp.com", False),
        ("*.lv", "ben@corp.lv", True),
        ("\u4e2d\u56fd.cn", "ben@xn--fiqs8s.cn", True),
        ("xn--fiqs8s.cn", "ben@\u4e2d\u56fd.cn", True),
        ("googlemail.com", "ben@gmail.com", True),
        ("*.googlemail.com", "ben@mail.googlemail.com", True),
        ("*.googlemail.com", "ben@mail.gmail.com", False),
    ],
)
def test_r_eml_6_a_domain_is_compared_by_whole_labels(mode: PolicyMode, domain: str, address: str, inside: bool) -> None:  # noqa: FBT001 - a table
    assert (violation(Policy(mode, (domain,)), canon(address)) is None) is inside


@pytest.mark.parametrize("mode", MODES)
def test_r086_a_block_beats_an_allowance(mode: PolicyMode) -> None:
    policy = Policy(
        mode, ("acme.example",), ("dan@elsewhere.example", "eve@elsewhere.example"), ("Dan@Elsewhere.example", "ben@acme.example")
    )
    assert str(violation(policy, "dan@elsewhere.example")) == "The policy blocks the address dan@elsewhere.example."
    assert violation(policy, "ben@acme.example") is not None
    assert violation(policy, "eve@elsewhere.example") is None
    assert violation(policy, "alice@acme.example") is None
    assert "neither the address cleo@elsewhere.example nor the domain elsewhere.example" in str(violation(policy, "cleo@elsewhere.example"))


def test_r086_with_blocks_only_everybody_else_is_allowed() -> None:
    policy = Policy(PolicyMode.ENFORCED, blocked_addresses=("dan@elsewhere.example",))
    assert violation(policy, "cleo@anywhere.example") is None
    assert violation(policy, "dan@elsewhere.example") is not None


def test_an_allowed_address_alone_keeps_everybody_else_out() -> None:
    policy = Policy(PolicyMode.ADVISORY, allowed_addresses=("Alice@Acme.example",))
    assert violation(policy, "alice@acme.example") is None
    assert violation(policy, "ben@acme.example") is not None


def test_verified_only_keeps_out_who_has_not_proven_the_address() -> None:
    policy = Policy(PolicyMode.ENFORCED, verified_only=True)
    assert violation(policy, "ben@acme.example") is None
    assert "not verified" in str(violation(policy, "ben@acme.example", verified=False))


def test_r087_only_an_enforced_policy_refuses() -> None:
    assert [Policy(mode).refuses for mode in PolicyMode] == [False, False, True]


def test_r088_both_modes_find_the_same_violators() -> None:
    people = ["alice@acme.example", "dan@elsewhere.example"]
    found = [[p for p in people if violation(Policy(mode, ("acme.example",)), p)] for mode in MODES]
    assert found == [["dan@elsewhere.example"]] * 2


def test_equal_policies_are_equal_values() -> None:
    one = Policy(PolicyMode.ENFORCED, ("B.example", "a.example", "b.example"), ("Ben@acme.example", "ben@acme.example"))
    other = Policy(PolicyMode.ENFORCED, ("a.example", "b.example"), ("ben@ACME.example",))
    assert one == other
    assert hash(one) == hash(other)
    assert one.allowed_domains == ("a.example", "b.example")


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "*",
        "*.",
        "com",
        "@corp.com",
        "ben@corp.com",
        "*corp.com",
        "*.*.corp.com",
        "a.*.com",
        "corp.com.",
        ".corp.com",
        "corp com",
        "*.\u200b",
    ],
)
def test_a_domain_that_means_nothing_is_refused_with_its_field(domain: str) -> None:
    with pytest.raises(Invalid, match="is not a domain: write") as refused:
        Policy(PolicyMode.ENFORCED, (domain,))
    assert refused.value.place == "allowed_domains"


def test_an_address_that_is_none_is_refused_with_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        Policy(PolicyMode.ENFORCED, allowed_addresses=("no address",))
    assert (refused.value.code, refused.value.place) == ("address", "allowed_addresses")
    with pytest.raises(Invalid) as refused:
        Policy(PolicyMode.ENFORCED, blocked_addresses=("no address",))
    assert (refused.value.code, refused.value.place) == ("address", "blocked_addresses")


@pytest.mark.parametrize("value", ["corp.com", (1,)], ids=repr)
def test_a_list_is_a_list_of_texts(value: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="list of texts") as refused:
        Policy(PolicyMode.ENFORCED, value)
    assert refused.value.place == "allowed_domains"


@given(st.sampled_from(["corp.com", "sub.corp.com", "evil.org"]), st.lists(st.sampled_from(["corp.com", "*.corp.com", "evil.org"])))
def test_allowing_one_more_domain_never_puts_somebody_out(domain: str, allowed: list[str]) -> None:
    before = Policy(PolicyMode.ENFORCED, ("other.example", *allowed))
    after = Policy(PolicyMode.ENFORCED, ("other.example", *allowed, "evil.org"))
    assert violation(before, f"ben@{domain}") is not None or violation(after, f"ben@{domain}") is None
