"""How the weights files of the answers were made; not used at run time.

`python -m rag.answering.fitting MODELS DATA CACHE` makes `rag/data/sentence_ranker.json` and
`rag/data/answer_calibration.json` again.
"""
