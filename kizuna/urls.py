from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from kizuna import views

app_name = "kizuna"
urlpatterns = [
    path("kizuna/", views.kizuna_plan, name="plan"),
    path("kizuna/goals/<number:number>/", views.kizuna_goal, name="goal"),
    path("kizuna/items/<number:number>/", views.kizuna_item, name="item"),
    path("relationship/", views.relationship, name="relationship"),
    path("relationship.svg", views.relationship_svg, name="relationship-svg"),
    path("relationship.png", views.relationship_png, name="relationship-png"),
]
