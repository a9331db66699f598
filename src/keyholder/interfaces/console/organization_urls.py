"""The addresses of the pages about organizations."""

from django.urls import path

from keyholder.interfaces.console.views import (
    link_requests,
    organization_links,
    organization_people,
    organization_person,
    organization_policy,
    organization_removal,
    organizations,
)

urlpatterns = [
    path("organizations/", organizations.index, name="organizations"),
    path("organizations/new/", organizations.create, name="organization-create"),
    path("organizations/<int:pk>/", organizations.show, name="organization"),
    path("organizations/<int:pk>/change/", organizations.change, name="organization-change"),
    path("organizations/<int:pk>/policy/", organization_policy.policy, name="organization-policy"),
    path("organizations/<int:pk>/people/", organization_people.people, name="organization-people"),
    path("organizations/<int:pk>/people/appoint/", organization_people.appoint, name="organization-appoint"),
    path("organizations/<int:pk>/people/<int:person>/", organization_person.show, name="organization-person"),
    path(
        "organizations/<int:pk>/people/<int:person>/notes/<int:note>/remove/",
        organization_person.remove_note,
        name="organization-note-remove",
    ),
    path("organizations/<int:pk>/people/<int:person>/remove/", organization_removal.remove, name="organization-remove"),
    path("organizations/<int:pk>/people/<int:person>/role/", organization_people.role, name="organization-role"),
    path("organizations/<int:pk>/people/<int:person>/suspend/", organization_people.suspend, name="organization-suspend"),
    path("organizations/<int:pk>/people/<int:person>/activate/", organization_people.activate, name="organization-activate"),
    path("organizations/<int:pk>/ask/", link_requests.ask_account, name="organization-ask"),
    path("links/<int:pk>/accept/", link_requests.accept, name="link-accept"),
    path("links/<int:pk>/refuse/", link_requests.refuse, name="link-refuse"),
    path("links/<int:pk>/withdraw/", link_requests.withdraw, name="link-withdraw"),
    path("organizations/<int:pk>/link/", organization_links.link, name="organization-link"),
    path("organizations/<int:pk>/accounts/<str:type>/<path:key>/unlink/", organization_links.unlink, name="organization-unlink"),
]
