"""The addresses of the pages about assets. A key may hold slashes; what follows it ends the address."""

from django.urls import path

from keyholder.interfaces.console.views import asset_acts, asset_pages

NODE = "<str:type>/<path:key>"

urlpatterns = [
    path(f"{NODE}/assets/", asset_pages.index, name="assets"),
    path(f"{NODE}/assets/new/<str:kind>/", asset_pages.create, name="asset-create"),
    path(f"{NODE}/assets/<int:number>/", asset_pages.show, name="asset"),
    path(f"{NODE}/assets/<int:number>/share/", asset_acts.share, name="asset-share"),
    path(f"{NODE}/assets/<int:number>/delete/", asset_acts.delete, name="asset-delete"),
    path(f"{NODE}/assets/<int:number>/mark/", asset_acts.mark, name="asset-mark"),
    path(f"{NODE}/assets/<int:number>/apply/", asset_acts.apply, name="asset-apply"),
    path(f"{NODE}/assets/<int:number>/withdraw/", asset_acts.withdraw, name="asset-withdraw"),
]
