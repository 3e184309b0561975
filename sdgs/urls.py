from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from sdgs import views

app_name = "sdgs"
urlpatterns = [
    path("sdgs/", views.sdg_list, name="list"),
    path("sdgs/<number:number>/", views.sdg_detail, name="detail"),
    path("sdgs/<number:number>/icon.png", views.sdg_icon, name="icon"),
]
