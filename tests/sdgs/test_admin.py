"""The ＳＤＧｓ in the admin."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from plan_portal.foundation.choices import Confirmation
from sdgs.admin import IconField
from sdgs.icons import MAX_BYTES, MOVING, OTHER_KIND, TOO_HEAVY
from sdgs.models import SdgIcon
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return client_as("市・編集")


def listed(client: Client, name: str, query: str = "") -> list:
    return list(client.get(reverse(f"admin:sdgs_{name}_changelist") + query).context["cl"].queryset)


class TestSdg:
    def test_counts_link_to_the_filtered_lists(self, editor: Client) -> None:
        sdg = f.SdgFactory(number=3)
        f.PlanSdgFactory(sdg=sdg)
        f.GoalSdgLinkFactory.create_batch(2, sdg=sdg)
        f.SdgIconFactory(sdg=sdg)
        html = editor.get(reverse("admin:sdgs_sdg_changelist")).content.decode()
        for target, count in (("plansdg", 1), ("goalsdglink", 2), ("sdgicon", 1)):
            url = reverse(f"admin:sdgs_{target}_changelist") + f"?sdg__id__exact={sdg.pk}"
            assert f'<a href="{url}">{count}件</a>' in html
            assert editor.get(url).context["cl"].result_count == count

    def test_public_page_while_there_is_a_current_plan(self, editor: Client) -> None:
        sdg = f.SdgFactory(number=3)
        address = reverse("admin:sdgs_sdg_change", args=[sdg.pk])
        assert "公開ページを見る" not in editor.get(address).content.decode()
        f.PlanFactory()
        assert f'href="{reverse("sdgs:detail", args=[3])}" class="viewsitelink"' in editor.get(address).content.decode()

    @pytest.mark.parametrize("term", ["3", "③", "ごーる3"])
    def test_search_by_number_and_name(self, term: str, editor: Client) -> None:
        sdg, _ = f.SdgFactory(number=3), f.SdgFactory(number=4)
        assert listed(editor, "sdg", f"?q={term}") == [sdg]

    def test_only_the_administrator_changes_them(self) -> None:
        sdg = f.SdgFactory(number=3, name="すべての人に健康と福祉を")
        address = reverse("admin:sdgs_sdg_change", args=[sdg.pk])
        body = {"number": "3", "name": "別の名前", "name_en": "Goal 3", "colour": "#4C9F38"}
        assert client_as("市・承認").post(address, body).status_code == 403
        fill(client_as("admin"), address, body)
        sdg.refresh_from_db()
        assert sdg.name == "別の名前"


class TestPlanSdg:
    def test_filter_by_plan_and_search_by_name(self, editor: Client) -> None:
        named, other = f.PlanSdgFactory(sdg__number=1), f.PlanSdgFactory(sdg__number=2)
        assert listed(editor, "plansdg", f"?plan__id__exact={named.plan_id}") == [named]
        assert listed(editor, "plansdg", "?q=ｺﾞｰﾙ2") == [other]


class TestGoalSdgLink:
    def test_waiting_confirmation_and_sample_filters(self, editor: Client) -> None:
        waiting = f.GoalSdgLinkFactory(sdg__number=1)
        confirmed = f.GoalSdgLinkFactory(sdg__number=2, confirmation=Confirmation.CONFIRMED, reason="")
        sample = f.GoalSdgLinkFactory(sdg__number=3, sample=True, confirmation=Confirmation.CONFIRMED)
        assert listed(editor, "goalsdglink", "?waiting=confirmation") == [waiting]
        assert listed(editor, "goalsdglink", "?waiting=reason") == [confirmed]
        assert listed(editor, "goalsdglink", "?confirmation__exact=waiting") == [waiting]
        assert listed(editor, "goalsdglink", "?is_sample__exact=1") == [sample]
        assert listed(editor, "goalsdglink", f"?goal__id__exact={sample.goal_id}") == [sample]

    def test_sample_column(self, editor: Client) -> None:
        f.GoalSdgLinkFactory(sample=True)
        html = editor.get(reverse("admin:sdgs_goalsdglink_changelist")).content.decode()
        assert '<td class="field-sample_mark">見本</td>' in html

    def test_long_reasons_are_cut_in_the_list(self, editor: Client) -> None:
        f.GoalSdgLinkFactory(reason="あ" * 100)
        html = editor.get(reverse("admin:sdgs_goalsdglink_changelist")).content.decode()
        assert "あ" * 40 + "…" in html
        assert "あ" * 41 not in html


def _moving() -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


def upload(data: bytes | None = None, name: str = "icon.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f.picture() if data is None else data, "image/png")


class TestSdgIcon:
    ADD = "admin:sdgs_sdgicon_add"

    def body(self, sdg: object, **differences: object) -> dict:
        return {"sdg": sdg.pk, "image": upload(), "conditions_confirmed": "on"} | differences

    def errors(self, client: Client, body: dict) -> list[str]:
        response = client.post(reverse(self.ADD), body)
        assert response.status_code == 200
        assert not SdgIcon.objects.exists()
        return [message for messages in response.context["errors"] for message in messages]

    def test_upload_replace_and_remove(self, editor: Client) -> None:
        sdg = f.SdgFactory(number=3)
        assert editor.post(reverse(self.ADD), self.body(sdg)).status_code == 302
        icon = SdgIcon.objects.get(sdg=sdg)
        address = reverse("admin:sdgs_sdgicon_change", args=[icon.pk])
        page = editor.get(address)
        assert f'src="{icon.url.replace("&", "&amp;")}"' in page.content.decode()
        assert b'enctype="multipart/form-data"' in page.content
        fill(editor, address, self.body(sdg, image=upload(f.picture("WEBP", size=(20, 10)), "x.webp")))
        assert SdgIcon.objects.get(sdg=sdg).width == 20
        fill(editor, reverse("admin:sdgs_sdgicon_delete", args=[icon.pk]), {"post": "yes"})
        assert not SdgIcon.objects.exists()

    def test_without_a_new_picture_the_old_one_stays(self, editor: Client) -> None:
        icon = f.SdgIconFactory(sdg=f.SdgFactory(number=3))
        address = reverse("admin:sdgs_sdgicon_change", args=[icon.pk])
        fill(editor, address, {"sdg": f.SdgFactory(number=4).pk, "conditions_confirmed": "on"})
        kept = SdgIcon.objects.get()
        assert (kept.sdg.number, bytes(kept.image), kept.digest) == (4, icon.image, icon.digest)

    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (f.picture("GIF"), OTHER_KIND),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", OTHER_KIND),
            (f.picture() + bytes(MAX_BYTES), TOO_HEAVY),
        ],
    )
    def test_a_wrong_file_is_explained_whatever_its_name(self, file: bytes, message: str, editor: Client) -> None:
        assert self.errors(editor, self.body(f.SdgFactory(), image=upload(file))) == [message]

    def test_a_wrong_file_does_not_replace_the_picture(self, editor: Client) -> None:
        icon = f.SdgIconFactory()
        moving = SimpleUploadedFile("icon.png", _moving())
        address = reverse("admin:sdgs_sdgicon_change", args=[icon.pk])
        page = fill(editor, address, self.body(icon.sdg, image=moving)).content.decode()
        assert MOVING in page
        assert SdgIcon.objects.get().digest == icon.digest

    @pytest.mark.parametrize(
        ("differences", "word"),
        [
            ({"image": ""}, "画像を選んでください。"),
            ({"image": upload(b"")}, "このファイルは空です。"),
            ({"conditions_confirmed": ""}, "国連のガイドラインを読み、守ることを確かめてから"),
        ],
    )
    def test_what_is_missing_is_said(self, differences: dict, word: str, editor: Client) -> None:
        (message,) = self.errors(editor, self.body(f.SdgFactory(), **differences))
        assert message.startswith(word)

    def test_words_of_the_tick(self, editor: Client) -> None:
        page = editor.get(reverse(self.ADD)).content.decode()
        assert "国連の「ＳＤＧｓのロゴ・アイコン使用ガイドライン」を読み、守ることを確かめました" in page

    def test_no_more_is_read_than_an_icon_may_have(self) -> None:
        asked = []

        class Endless(SimpleUploadedFile):
            def read(self, size: int = -1) -> bytes:
                asked.append(size)
                return bytes(max(size, 0))

        field = IconField()
        with pytest.raises(ValidationError, match=TOO_HEAVY):
            field.clean(Endless("icon.png", b"x"))
        assert asked == [MAX_BYTES + 1]

    def test_shakyo_sees_them_only(self) -> None:
        icon, shakyo = f.SdgIconFactory(), client_as("社協")
        address = reverse("admin:sdgs_sdgicon_change", args=[icon.pk])
        page = shakyo.get(address).content.decode()
        assert icon.url in page
        assert 'type="file"' not in page
        assert shakyo.post(address, self.body(icon.sdg)).status_code == 403

    def test_history_offers_no_way_back_to_a_picture_that_is_not_kept(self, editor: Client) -> None:
        icon = f.SdgIconFactory()
        change = reverse("admin:sdgs_sdgicon_change", args=[icon.pk])
        fill(editor, change, self.body(icon.sdg, image=upload(f.picture(colour="red"))))
        oldest = icon.history.earliest("history_date", "history_id")
        address = reverse("admin:sdgs_sdgicon_simple_history", args=[icon.pk, oldest.history_id])
        assert "この内容に戻す" not in editor.get(address).content.decode()
        assert editor.post(address).status_code == 403
        page = editor.get(reverse("admin:sdgs_sdgicon_history", args=[icon.pk])).content.decode()
        assert page.count("画像を入れ替えた") == 1

    def test_the_list_reads_no_picture(self, editor: Client, django_assert_max_num_queries) -> None:
        for number in (3, 4):
            f.SdgIconFactory(sdg=f.SdgFactory(number=number))
        with django_assert_max_num_queries(10) as asked:
            page = editor.get(reverse("admin:sdgs_sdgicon_changelist")).content.decode()
        assert page.count('class="st-icon"') == 2
        assert not [query["sql"] for query in asked.captured_queries if '"image"' in query["sql"]]

    def test_a_goal_with_an_icon_is_not_deleted(self) -> None:
        icon = f.SdgIconFactory()
        client_as("admin").post(
            reverse("admin:sdgs_sdg_delete", args=[icon.sdg_id]), {"post": "yes", "edit_version": seen(icon.sdg)}
        )
        assert SdgIcon.objects.filter(sdg=icon.sdg).exists()
