from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from embeddings.ablation import NOTHING_READ, VARIANTS, render_ablation, run_ablation
from embeddings.bench_folder import BadBenchFolder, read_bench_folder
from embeddings.encoder import SentenceTransformerEncoder
from embeddings.made_up_corpus import DIMENSION
from embeddings.ranking import Rules
from embeddings.ranking_bench import render_ranking_bench, run_ranking_bench
from embeddings.refresh_speed import render_refresh_bench, run_refresh_bench
from embeddings.speed import render_speed_bench, run_speed_bench

NEEDS: list[dict[str, Any]] = [
    {"id": "n1", "description": "使用済みの紙おむつを燃やさずに再生したい。"},
    {
        "id": "n2",
        "title": "放置竹林の竹を使いたい",
        "partner_scope": "近隣",
        "prefecture": "高知県",
    },
    {"id": "n3", "title": "瓦", "materials": None, "quantity_tonnes_per_year": None},
]
OFFERINGS: list[dict[str, Any]] = [
    {"id": "o1", "description": "おむつを洗い、パルプを原料に戻す。", "service_area": ["全国"]},
    {"id": "o2", "title": "竹のチップ化", "service_area": "四国", "capacity_tonnes_per_year": 10},
    {"id": "o3", "title": "古瓦の舗装材", "unknown_field": {"any": 1}},
]
JUDGEMENTS = "need_id\toffering_id\tgrade\nn1\to1\t3\nn2\to2\t2\nn3\to3\t3\nn3\to1\t0\n"


def write(
    folder: Path, needs: Any = NEEDS, offerings: Any = OFFERINGS, judged: str = JUDGEMENTS
) -> Path:
    for name, rows in (("needs", needs), ("offerings", offerings)):
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text(judged, encoding="utf-8")
    return folder


def test_three_systems_are_measured_on_sparse_posts(
    tmp_path: Path, encoder: SentenceTransformerEncoder, rules: Rules
) -> None:
    result = run_ranking_bench(write(tmp_path), encoder, rules)
    assert result["needs"] == 3
    assert set(result["systems"]) == {"bm25", "dense", "product"}
    for measures in result["systems"].values():
        assert set(measures) == {"ndcg10", "mrr3", "recall10", "p1"}
    assert result["systems"]["product"]["ndcg10"] == 1
    told = result["calibration"]
    assert set(told) == {"ece", "pairs", "bins", "of_all", "silent"}
    assert told["pairs"] == sum(each["pairs"] for each in told["bins"]) == 9
    assert 0 <= told["ece"] <= 1
    assert told["silent"] > 0, "a title of one character says too little"
    text = render_ranking_bench(result)
    assert "product - dense" in text
    assert "ECE" in text


def test_each_part_can_be_left_out(
    tmp_path: Path, encoder: SentenceTransformerEncoder, rules: Rules
) -> None:
    result = run_ablation(write(tmp_path), encoder, rules)
    assert set(result) == {*VARIANTS, NOTHING_READ}
    assert result["everything"]["against_everything"] == [0, 0, 0]
    assert "without words" in render_ablation(result)


def test_without_an_encoder_the_product_ranks_by_words(tmp_path: Path, rules: Rules) -> None:
    result = run_ranking_bench(write(tmp_path), None, rules)
    assert set(result["systems"]) == {"bm25", "product"}
    assert result["systems"]["product"]["ndcg10"] > 0.5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"needs": ["{"]}, "needs.jsonl line 1 is not JSON"),
        ({"needs": ["[]"]}, "needs.jsonl line 1 is not a JSON object"),
        ({"needs": []}, "needs.jsonl is empty"),
        ({"needs": [NEEDS[0], NEEDS[0]]}, "line 2: id n1 occurs twice"),
        ({"offerings": [{"title": "竹"}]}, "offerings.jsonl line 1: id is missing"),
        ({"offerings": [{"id": "o1", "title": " "}]}, "title and description are both missing"),
        ({"offerings": [{"id": "o1", "title": 5}]}, "title must be text"),
        ({"offerings": [{**OFFERINGS[1], "materials": [1]}]}, "must be a list of texts"),
        ({"offerings": [{**OFFERINGS[1], "capacity_tonnes_per_year": "多い"}]}, "must be a number"),
        ({"judged": "n1\to1\t4\n"}, "qrels.tsv line 1: expected"),
        ({"judged": "n1 o1 3\n"}, "qrels.tsv line 1: expected"),
        ({"judged": "n1\to9\t3\n"}, "qrels.tsv line 1: n1 or o9 is in neither file"),
    ],
)
def test_a_bad_folder_is_told_by_file_and_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadBenchFolder, match=message):
        read_bench_folder(write(tmp_path, **changes))


def test_a_missing_folder_or_file_or_another_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadBenchFolder, match="is not a folder"):
        read_bench_folder(tmp_path / "none")
    write(tmp_path)
    (tmp_path / "needs.jsonl").write_bytes("竹".encode("cp932"))
    with pytest.raises(BadBenchFolder, match=r"needs\.jsonl is not UTF-8"):
        read_bench_folder(tmp_path)
    (tmp_path / "needs.jsonl").unlink()
    with pytest.raises(BadBenchFolder, match=r"needs\.jsonl is missing"):
        read_bench_folder(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    write(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_bench_folder(tmp_path).needs) == 3


def test_the_speed_bench_prints_its_figures() -> None:
    result = run_speed_bench(500)
    assert {"offerings", "p50_ms", "p95_ms", "build_s", "memory_mb"} <= set(result)
    assert 0 < result["p50_ms"] <= result["p95_ms"]
    assert "500 offerings" in render_speed_bench(result)
    read_bytes = 500 * DIMENSION * 4
    at_least_ms = read_bytes / (result["bandwidth_gb_s"] * 1e9) * 1000
    assert result["limit_ms"] == pytest.approx(at_least_ms, abs=0.02)
    assert run_speed_bench(1)["offerings"] == 1
    with pytest.raises(ValueError, match="at least one"):
        run_speed_bench(0)


def test_the_command_line_tells_a_bad_folder_without_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "embeddings", "bench-ranking", str(tmp_path / "none")]
    run = subprocess.run(
        [*command, "--encoder", str(tmp_path / "no-model")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "is not a folder" in run.stderr
    assert "Traceback" not in run.stderr


def test_everything_is_ranked_anew_with_progress() -> None:
    told: list[int] = []
    result = run_refresh_bench(200, 30, report=told.append)
    assert told == [100, 200]
    assert set(result) == {"needs", "offerings", "seconds", "cpu_s", "changed_ms"}
    assert result["changed_ms"] > 0
    assert "200 needs × 30 offerings" in render_refresh_bench(result)
