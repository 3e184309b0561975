from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from plan_portal.open_data import api, views

app_name = "data"
urlpatterns = [
    path("data/", views.data_list, name="list"),
    path("data/<slug:name>.<slug:suffix>", views.data_file, name="file"),
    path("api/v1/", api.index, name="api"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/<slug:name>/", api.rows, name="rows"),
    path("api/v1/<slug:name>/<number:first>/", api.row, name="row"),
    path("api/v1/<slug:name>/<number:first>/<number:second>/", api.row, name="row"),
]
