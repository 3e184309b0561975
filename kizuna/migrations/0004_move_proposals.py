"""What was 提案中 becomes a proposal beside its linkage, which keeps only what both organisations agreed on.

Backwards, what is not agreed is 提案中 again, and so is what was ended: nothing that is not public becomes so.
"""

from django.db import migrations

from plan_portal.foundation.search_text import fold_apart

STARTED = "started"


def move(apps, schema_editor):
    alias = schema_editor.connection.alias
    Linkage, Pair = apps.get_model("kizuna", "Linkage"), apps.get_model("kizuna", "LinkagePair")
    Proposal, Step = apps.get_model("kizuna", "LinkageProposal"), apps.get_model("kizuna", "LinkageStep")
    for linkage in Linkage.objects.using(alias).filter(state="proposed").order_by("pk"):
        pairs = Pair.objects.using(alias).filter(linkage=linkage).order_by("pk")
        content = {
            "summary": linkage.summary,
            "since": linkage.since,
            "partners": linkage.partners,
            "pairs": [list(pair) for pair in pairs.values_list("initiative_id", "item_id")],
        }
        Proposal.objects.using(alias).create(linkage=linkage, **content)
        Step.objects.using(alias).create(linkage=linkage, step=STARTED, content=content)
        pairs.delete()
        linkage.summary, linkage.since, linkage.agreed_on, linkage.search_text = "", None, None, ""
        linkage.save(using=alias)


def move_back(apps, schema_editor):
    alias = schema_editor.connection.alias
    Linkage, Proposal = apps.get_model("kizuna", "Linkage"), apps.get_model("kizuna", "LinkageProposal")
    for linkage in Linkage.objects.using(alias).exclude(state="agreed").order_by("pk"):
        proposal = Proposal.objects.using(alias).filter(linkage=linkage).first()
        if proposal is None and linkage.state == "proposed":
            linkage.delete()  # nobody agreed on anything or proposes it
            continue
        if proposal is not None:
            linkage.summary, linkage.since, linkage.partners = proposal.summary, proposal.since, proposal.partners
            linkage.search_text = fold_apart(proposal.summary)
            set_pairs(apps, alias, linkage, proposal.pairs)
        linkage.is_sample = linkage.is_sample and "見本" in linkage.summary
        linkage.state, linkage.agreed_on, linkage.ended_on = "proposed", None, None
        linkage.save(using=alias)
    Proposal.objects.using(alias).all().delete()


def set_pairs(apps, alias, linkage, pairs):
    Pair = apps.get_model("kizuna", "LinkagePair")
    Initiative, Item = apps.get_model("initiatives", "Initiative"), apps.get_model("kizuna", "KizunaItem")
    Pair.objects.using(alias).filter(linkage=linkage).delete()
    for initiative_id, item_id in pairs:
        initiative = Initiative.objects.using(alias).filter(pk=initiative_id).first()
        item = Item.objects.using(alias).filter(pk=item_id).first()
        if initiative and item:  # may be gone: a proposal holds nothing back
            Pair.objects.using(alias).create(linkage=linkage, initiative=initiative, item=item)


class Migration(migrations.Migration):
    dependencies = [("kizuna", "0003_linkage_by_consent")]

    operations = [migrations.RunPython(move, move_back)]
