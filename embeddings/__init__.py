"""Text → vector → index → ranking → evaluation, without Flask, SQL or the product.

How the product calls it
------------------------
One process holds one :class:`~embeddings.store.TwoSidedIndex`; importing is cheap, torch is only
loaded with the encoder::

    from embeddings.encoder import EncoderUnavailable, SentenceTransformerEncoder
    from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, TextPart
    from embeddings.geography import load_geography
    from embeddings.posts import PostVectors, embed_posts, index_post
    from embeddings.ranking import Rules
    from embeddings.reading.reader import with_readings
    from embeddings.reading.thesaurus import load_thesaurus
    from embeddings.store import TwoSidedIndex
    from embeddings.text import TEXT_VERSION, text_hash

    try:
        encoder = SentenceTransformerEncoder("bundled", models_folder=Path("instance/models"))
    except EncoderUnavailable:
        encoder = None                      # words alone; say so on the page and in the log

    thesaurus = load_thesaurus(Path("seeds/vocabulary"))
    geography = load_geography(Path("seeds/reference/prefecture_adjacency.yaml"))
    rules = Rules(geography=geography, thesaurus=thesaurus)
    index = TwoSidedIndex(encoder, rules=rules)
    index.follow(other_rules)               # another model or vocabulary, at once

Sides that may outgrow memory are given a ``needs_source`` and an ``offerings_source``
(:class:`~embeddings.indexes.shelf.PostSource`), from which posts are fetched when needed.

A stored post goes in with what its text says (``readings``) and its vectors, which live in the
database keyed by ``encoder.model_id`` and ``text_hash(facts)``; ``to_bytes`` and ``from_bytes``
pack them for a column::

    facts = OfferingFacts(id=..., title=..., description=..., organization=..., prefecture=...,
                          further=(TextPart("strengths", ...),), materials=(...), ...)
    facts = with_readings(facts, thesaurus)
    vectors = PostVectors.from_bytes(row.vectors, encoder.dimension)
    # or, newly computed: vectors = embed_posts(encoder, [facts])[0]
    index.offerings.upsert([index_post(facts, vectors)])   # adds or replaces; pass many at once
    index.offerings.remove([offering_id])                  # a closed post leaves at once

Ranking a stored post needs no encoding; a post whose vectors are still to come is ranked by words::

    need = index.needs.get(need_id)                        # or index_post(facts, vectors)
    for place in index.offerings_for(need, top_k=10, only=visible_ids_or_None, readings=stored):
        place.id, place.score, place.parts   # parts, "base" among them, add up to the log-odds
        place.prospect                       # together, town, business, band, or why silent
        place.reasons.shared_materials, .shared_methods, .shared_stages, .distance_km
        place.reasons.findings  # constraint, verdict, both values, their origins, the phrase
        place.reasons.pair                   # .query and .document, each: part, start, end, text

    index.needs_for(offering, ...)                         # the other direction
    index.offerings.scores(need, ids, query_side=index.needs.centre())    # log-odds alone
    index.search_offerings("紙おむつ"), index.search_needs("...")   # the search box

``Rules`` takes the shipped :class:`~embeddings.partnership.PartnershipModel` unless another is
given, and a thesaurus; :func:`embeddings.learning.training.train` fits one, and
:func:`embeddings.learning.measuring.measure` prints its figures.

``flask bench`` calls :func:`embeddings.ranking_bench.run_ranking_bench` and
:func:`embeddings.speed.run_speed_bench` with their ``render_…`` functions; a bad folder raises
:class:`embeddings.bench_folder.BadBenchFolder`, whose message can be shown as it is.
"""
