"""``flask bench encoding``: texts a second, and how pages answer meanwhile."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask

from config import Settings
from embeddings.encoder import SentenceTransformerEncoder
from matchmaker.benchmarks.pages import time_page
from matchmaker.benchmarks.throwaway import throwaway_app
from matchmaker.core import clock
from matchmaker.core.settings import current_settings
from matchmaker.matching.engine import engine_of
from matchmaker.seeding.loading import seed

MakeApp = Callable[[Settings], Flask]
SENTENCE = (
    "放置された竹林の竹を伐って運び出し、家畜の飼料や土壌を改良する炭に変える相手を探しています。"
)
TEXT = SENTENCE * 2 + SENTENCE[:9]
"""80 tokens once it has a number and the bundled model's words for the found side before it."""
BATCH = 64
PAGE = "/needs"
PATIENCE_S = 120


def run_encoding_bench(
    make_app: MakeApp, settings: Settings, texts: int, rounds: int
) -> dict[str, Any]:
    """Encode texts in the worker's way, alone and beside pages.

    Args:
        make_app: ``create_app``.
        settings: which model, how many threads.
        texts: how many texts are encoded alone.
        rounds: how often the list is asked for, idle and beside another process that encodes
            without pause, as the worker does in bulk.

    Returns:
        ``tokens`` of a text without what the model puts before it; ``texts_per_s``;
        ``idle_p95_ms`` and ``busy_p95_ms`` of the list of needs; ``ratio`` of the two.
    """
    with throwaway_app(make_app, settings) as (app, changed):
        with app.app_context():
            seed(changed, clock.now(), demo=True)
            encoder = engine_of(app).encoder
        if not isinstance(encoder, SentenceTransformerEncoder):
            raise click.ClickException("the encoder cannot be loaded")
        figures = {
            "tokens": encoder.count_tokens(_numbered(texts - 1)),
            "texts_per_s": _rate(encoder, texts),
        }
        client = app.test_client()
        idle = time_page(app, client, PAGE, rounds)["p95_ms"]
        with _encoding_elsewhere(changed):
            busy = time_page(app, client, PAGE, rounds)["p95_ms"]
    return {
        **figures,
        "idle_p95_ms": idle,
        "busy_p95_ms": busy,
        "ratio": round(busy / idle, 2) if idle else 0.0,
    }


def render_encoding_bench(result: Mapping[str, Any]) -> str:
    """The result of :func:`run_encoding_bench` as lines to read."""
    return (
        f"{result['texts_per_s']} texts of {result['tokens']} tokens a second\n"
        f"{PAGE}: p95 {result['idle_p95_ms']} ms idle, {result['busy_p95_ms']} ms beside bulk "
        f"encoding ({result['ratio']} ×)"
    )


def encoding_command(make_app: MakeApp) -> click.Command:
    """The command that measures encoding."""

    @click.command("encoding")
    @click.option("--texts", type=click.IntRange(1, 100_000), default=500, show_default=True)
    @click.option("--rounds", type=click.IntRange(1, 1000), default=100, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def encoding(texts: int, rounds: int, as_json: bool) -> None:
        """Encode texts of some 80 tokens, alone and beside a page."""
        result = run_encoding_bench(make_app, current_settings(), texts, rounds)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_encoding_bench(result)
        click.echo(text)

    return encoding


def _rate(encoder: SentenceTransformerEncoder, texts: int) -> float:
    encoder.encode_documents([TEXT] * min(texts, BATCH))
    wanted = [_numbered(number) for number in range(texts)]
    start = time.perf_counter()
    encoder.encode_documents(wanted)
    return round(texts / (time.perf_counter() - start), 1)


def _numbered(number: int) -> str:
    """No two alike, so that nothing can be encoded once for several."""
    return f"{number}番。{TEXT}"


@contextmanager
def _encoding_elsewhere(settings: Settings) -> Iterator[None]:
    """Another process encodes without pause until the block is left."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_encode_without_pause, args=(settings, ready), daemon=True)
    process.start()
    try:
        if not ready.wait(PATIENCE_S):
            raise click.ClickException("the other process did not begin to encode")
        yield
    finally:
        process.terminate()
        process.join()


def _encode_without_pause(settings: Settings, ready: Any) -> None:
    encoder = SentenceTransformerEncoder(
        settings.embedding_model,
        models_folder=settings.resolved_model_dir(),
        threads=settings.encoder_threads,
    )
    while True:
        encoder.encode_documents([TEXT] * BATCH)
        ready.set()
