from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from initiatives import views

app_name = "initiatives"
urlpatterns = [
    path("initiatives/", views.initiative_list, name="list"),
    path("goals/<number:goal_number>/<number:number>/", views.initiative_detail, name="detail"),
]
