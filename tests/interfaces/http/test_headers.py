"""What every answer says about itself (R-XSS-1)."""

from csp.utils import build_policy
from django.http import HttpResponse
from django.test import RequestFactory

from keyholder.interfaces.http import policy
from keyholder.interfaces.http.headers import HeadersMiddleware


def test_r_xss_1_a_page_runs_and_loads_nothing_but_our_own_files() -> None:
    directives = policy.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    said = build_policy(config=directives, nonce="n0nce")
    assert "default-src 'none'" in said
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "style-src 'self'"):
        assert directive in said
    assert "unsafe" not in said
    assert "http" not in said
    assert "*" not in said


def test_pages_about_people_are_kept_by_nobody_and_files_keep_their_own_word() -> None:
    page = HeadersMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))
    assert page["Cache-Control"] == "no-store, private"
    assert "camera=()" in page["Permissions-Policy"]
    file = HeadersMiddleware(lambda _request: HttpResponse(headers={"Cache-Control": "max-age=60"}))(RequestFactory().get("/static/x"))
    assert file["Cache-Control"] == "max-age=60"
