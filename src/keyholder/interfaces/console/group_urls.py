"""The addresses of the pages about groups."""

from django.urls import path

from keyholder.interfaces.console.views import group_binding, group_members, group_nesting, group_owners, groups

urlpatterns = [
    path("groups/", groups.index, name="groups"),
    path("groups/new/", groups.create, name="group-create"),
    path("groups/<int:pk>/", groups.show, name="group"),
    path("groups/<int:pk>/change/", groups.change, name="group-change"),
    path("groups/<int:pk>/delete/", groups.delete, name="group-delete"),
    path("groups/<int:pk>/members/add/", group_members.add, name="group-members-add"),
    path("groups/<int:pk>/members/<int:member>/remove/", group_members.remove, name="group-member-remove"),
    path("groups/<int:pk>/members/<int:member>/until/", group_members.until, name="group-member-until"),
    path("groups/<int:pk>/nest/", group_nesting.nest, name="group-nest"),
    path("groups/<int:pk>/owners/", group_owners.owners, name="group-owners"),
    path("groups/<int:pk>/owners/<int:person>/remove/", group_owners.remove, name="group-owner-remove"),
    path("<str:type>/<path:key>/users/group/", group_binding.bind, name="group-bind"),
]
