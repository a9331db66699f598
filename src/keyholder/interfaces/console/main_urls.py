"""The addresses of the pages that everybody begins with: home, the columns of the platforms, people, why, activity, search."""

from django.urls import path

from keyholder.interfaces.console.shown.person_changes import Change
from keyholder.interfaces.console.views import (
    activity,
    admin,
    explain,
    home,
    me,
    moving,
    ownership,
    people,
    person_changes,
    person_deletion,
    resources,
    search,
    settings,
    trash,
)

urlpatterns = [
    path("", home.show, name="home"),
    path("admin/<str:platform>/", admin.show, name="admin"),
    path("admin/<str:platform>/new/", resources.create_top, name="create-top"),
    path("people/", people.index, name="people"),
    path("people/new/", people.create, name="person-create"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/name/", person_changes.rename, name="person-rename"),
    path("people/<int:pk>/password/", person_changes.password, name="person-password"),
    path("people/<int:pk>/suspend/", person_changes.change, {"change": Change.SUSPEND}, name="person-suspend"),
    path("people/<int:pk>/activate/", person_changes.change, {"change": Change.ACTIVATE}, name="person-activate"),
    path("people/<int:pk>/appoint/", person_changes.change, {"change": Change.APPOINT}, name="person-appoint"),
    path("people/<int:pk>/dismiss/", person_changes.change, {"change": Change.DISMISS}, name="person-dismiss"),
    path("people/<int:pk>/delete/", person_deletion.delete, name="person-delete"),
    path("explain/", explain.ask, name="explain"),
    path("activity/", activity.index, name="activity"),
    path("activity/<int:pk>/", activity.event, name="event"),
    path("activity/activity.csv", activity.as_csv, name="activity-csv"),
    path("activity/activity.jsonl", activity.as_json_lines, name="activity-json"),
    path("search/", search.search, name="search"),
    path("trash/", trash.index, name="trash"),
    path("trash/<int:pk>/restore/", trash.restore, name="trash-restore"),
    path("me/", me.show, name="me"),
    path("me/name/", me.rename, name="me-name"),
    path("me/password/", me.password, name="me-password"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="me-sign-out-everywhere"),
]

node_urlpatterns = [
    path("<str:type>/<path:key>/settings/", settings.show, name="settings"),
    path("<str:type>/<path:key>/delegation/", settings.delegate, name="delegation"),
    path("<str:type>/<path:key>/delete/", trash.delete, name="delete"),
    path("<str:type>/<path:key>/move/", moving.move, name="move"),
    path("<str:type>/<path:key>/hand-over/", ownership.hand_over, name="hand-over"),
    path("<str:type>/<path:key>/step-down/", ownership.step_down, name="step-down"),
    path("<str:type>/<path:key>/new/<str:child>/", resources.create, name="create"),
]
"""They come last: a type can have any name, and a key may hold slashes."""
