from django.urls import path

import plan_portal.foundation.converters  # noqa: F401  # registers <number:…>
from plan_portal.paper import views

app_name = "pdf"
urlpatterns = [
    path("plan.pdf", views.whole_plan, name="plan"),
    path("relationship.pdf", views.relationship, name="relationship"),
    path("goals/<number:goal_number>/<number:number>.pdf", views.initiative, name="initiative"),
]
