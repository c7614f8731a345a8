"""What people write that is kept for long: it names no person."""

from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import fields

from services.cases import schemas as cases
from services.catalogue import schemas as catalogue
from services.chassis.errors import Invalid, NamesAPerson
from services.chassis.schemas import Request, Wording
from services.chassis.service import load_request
from services.chassis.wording import names_a_person
from services.quality.schemas import assessment, commendations
from services.statistics.anomalies import schemas as anomalies
from services.statistics.reports import schemas as reports
from services.ticketing.schemas import FollowUpEvaluation


class Note(Request):
    """Something that staff write down."""

    note = Wording(most=80)
    count = fields.Integer()


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678",
        "联系 138 1234 5678。",
        "138-1234-5678",
        "138-0013-8000",
        "+86 13812345678",
        "8613800138000",
        "phone:13800138000",
        "身份证11010519491231002X",
        "110105 19491231 0021",
        "110105-19491231-002x",
        "110105491231002",
        "u/11010519491231002X/2",
        "座机0755-88123456",
        "010-62345678",
        "电话１３８１２３４５６７８",
        "身份证１１０１０５１９４９１２３１００２Ｘ",
        "138—1234—5678",
        "138–1234–5678",
        "138－1234－5678",
        "138−1234−5678",
        "138　1234　5678",
        "138\u00a01234\u00a05678",
        "138\t1234\t5678",
        "138\n1234\n5678",
        "138\u200b1234\u202d5678",
        "138(1234)5678",
        "138_1234_5678",
        "138,1234,5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "微信wx13812345678",
        "tel13812345678",
        "13812345678abc",
        "2011-13800138000",
        "（0755）83456789",
        "(0755)83456789",
        "0755-83456789-8001",
        "0755 8345 6789",
        "+86(138)12345678",
        "+852 5123 4567",
        "+853 6612 3456",
        "00852-51234567",
        "+886 912 345 678",
        "+44 20 7123 1234",
        "①③⑧①②③④⑤⑥⑦⑧",
        "١٣٨١٢٣٤٥٦٧٨",
        "一三八一二三四五六七八",
        "440301 199001 01 1234",
        "身份证 440301501123456",
        "440301，19900101，1234",
        "440301、1990、01、01、123X",
        "440301: 19900101: 1234",
        "0755：83111111",
        "座机010、62345678",
        "0755;8311 1111",
        "壹叁捌零零壹叁捌零零零",
        "肆肆零叁零壹壹玖玖零零壹零壹壹贰叁肆",
        "零柒伍伍捌叁壹壹壹壹壹壹",
    ],
)
def test_a_text_with_a_persons_number_is_refused(text: str) -> None:
    with pytest.raises(NamesAPerson) as refusal:
        load_request(Note(), {"note": text, "count": 1})
    assert list(refusal.value.errors) == ["note"]
    assert text not in refusal.value.detail + str(refusal.value.errors)


@pytest.mark.parametrize(
    "text",
    [
        "企业送来锦旗一面",
        "2026-03-02 收到, 编号 2026-0000123",
        "办件 1,054,029 件",
        "12345 热线转来",
        "第 103 号窗口",
        "会议 09:00 10:30 11:45",
        "A-2026-000123",
        "123",
        "91350200MA2XN0AB1C",
        "2026030212345678",
        "99999999999",
        "440301501123456",
        "注册号 110105491231002",
        "110105990231002",
        "13,800,138,000 元",
        "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
        "第 001、1001、2002 号",
        "A001、0012、1234567",
        "2026年3月2日：012，3456789",
        "时间 0900：1000",
        "误差 0.021, 共 3 件; 0.021, 1234567 件",
        "440301，442000，441900",
        "第一、二、三、四、五、六、七、八、九、十、十一条",
        "2026年3月2日至2026年3月5日",
        "见 f0252048-4844-b66b-57f9-138123456781",
    ],
)
def test_a_text_without_one_passes(text: str) -> None:
    assert load_request(Note(), {"note": text}) == {"note": text}


def test_what_is_wrong_otherwise_names_nobody() -> None:
    for wrong in ({"note": "x" * 81}, {"note": "fine", "count": "many"}, {"note": "fine", "more": 1}):
        with pytest.raises(Invalid) as refusal:
            load_request(Note(), wrong)
        assert refusal.value.code == "invalid"


@given(st.uuids(), st.binary())
@example(UUID("f0252048-4844-b66b-57f9-076732802060"), b"")
def test_no_uuid_or_hash_is_taken_for_a_person(uuid: UUID, seed: bytes) -> None:
    assert not names_a_person(str(uuid)) and not names_a_person(sha256(seed).hexdigest())


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        (cases.AcceptCase, "applicant_ref"),
        (cases.CaseAndReason, "reason"),
        (cases.OpenJointCase, "project"),
        (cases.Commit, "text"),
        (cases.Urge, "text"),
        (catalogue.AdjustItem, "reason"),
        (FollowUpEvaluation, "result"),
        (anomalies.ExplainAnomaly, "text"),
        (assessment.RecordAward, "reason"),
        (commendations.RecordCommendation, "note"),
        (reports.MakeEdition, "reason"),
    ],
)
def test_what_staff_write_is_wording(schema: type[Request], field: str) -> None:
    with pytest.raises(NamesAPerson) as refusal:
        load_request(schema(), {field: "13812345678"})
    assert refusal.value.errors[field] == [Wording.NAMES_A_PERSON]
