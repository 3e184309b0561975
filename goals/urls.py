from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from goals import views

app_name = "goals"
urlpatterns = [
    path("plan/", views.plan_text, name="plan"),
    path("goals/", views.goal_list, name="list"),
    path("goals/<number:number>/", views.goal_detail, name="detail"),
]
