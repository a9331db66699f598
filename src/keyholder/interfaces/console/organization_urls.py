"""The addresses of the pages about organizations."""

from django.urls import path

from keyholder.interfaces.console.views import organization_links, organization_people, organization_policy, organizations

urlpatterns = [
    path("organizations/", organizations.index, name="organizations"),
    path("organizations/new/", organizations.create, name="organization-create"),
    path("organizations/<int:pk>/", organizations.show, name="organization"),
    path("organizations/<int:pk>/change/", organizations.change, name="organization-change"),
    path("organizations/<int:pk>/policy/", organization_policy.policy, name="organization-policy"),
    path("organizations/<int:pk>/people/", organization_people.people, name="organization-people"),
    path("organizations/<int:pk>/people/appoint/", organization_people.appoint, name="organization-appoint"),
    path("organizations/<int:pk>/people/<int:person>/role/", organization_people.role, name="organization-role"),
    path("organizations/<int:pk>/people/<int:person>/suspend/", organization_people.suspend, name="organization-suspend"),
    path("organizations/<int:pk>/people/<int:person>/activate/", organization_people.activate, name="organization-activate"),
    path("organizations/<int:pk>/link/", organization_links.link, name="organization-link"),
    path("organizations/<int:pk>/accounts/<str:type>/<path:key>/unlink/", organization_links.unlink, name="organization-unlink"),
]
