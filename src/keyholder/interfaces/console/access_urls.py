"""The addresses of the pages about who has access at a node. A key may hold slashes; what follows it ends the address."""

from django.urls import path

from keyholder.interfaces.console.views import (
    additions,
    appointing,
    bindings,
    group_organization,
    invitations,
    invitations_again,
    members,
    removal,
    requests,
    roster,
    selections,
)

NODE = "<str:type>/<path:key>"

urlpatterns = [
    path(f"{NODE}/users/", roster.users, name="users"),
    path(f"{NODE}/users/csv/", roster.export, name="users-csv"),
    path(f"{NODE}/users/add/", additions.add, name="add-people"),
    path(f"{NODE}/users/add/known/", additions.known, name="people-known"),
    path(f"{NODE}/users/add/done/", additions.added, name="people-added"),
    path(f"{NODE}/users/selection/", selections.act_on, name="users-selection"),
    path(f"{NODE}/users/invitations/", invitations.index, name="invitations"),
    path(f"{NODE}/users/invitations/again/", invitations_again.send, name="invitations-again"),
    path(f"{NODE}/users/invitations/<int:number>/again/", invitations.send_again, name="invitation-again"),
    path(f"{NODE}/users/invitations/<int:number>/link/", invitations.new_link, name="invitation-renew"),
    path(f"{NODE}/users/invitations/<int:number>/take-over/", invitations.take_over, name="invitation-take"),
    path(f"{NODE}/users/invitations/<int:number>/revoke/", invitations.revoke, name="invitation-revoke"),
    path(f"{NODE}/users/invitations/<int:number>/", invitations.show, name="invitation-user"),
    path(f"{NODE}/users/assigned/", members.of_node, name="assigned"),
    path(f"{NODE}/users/<int:principal>/edit/", members.show, name="user"),
    path(f"{NODE}/users/<int:principal>/assigned/", members.of_person, name="assignments"),
    path(f"{NODE}/users/<int:principal>/", bindings.edit, name="permissions"),
    path(f"{NODE}/users/<int:principal>/take/", bindings.take_away, name="take-away"),
    path(f"{NODE}/users/<int:principal>/remove/", removal.remove, name="remove"),
    path(f"{NODE}/users/requests/", requests.at_node, name="node-requests"),
    path(f"{NODE}/appoint/", appointing.appoint, name="appoint"),
    path(f"{NODE}/link/", group_organization.link, name="account-link"),
    path(f"{NODE}/give-up/", removal.give_up, name="give-up"),
]
