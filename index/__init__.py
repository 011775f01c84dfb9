"""Pages in, searchable index out: chunking, encoders, stores, generations, search."""

import os

# The matrices of a search are small. numpy's threads cost a search more than they give, on a busy
# machine many times more (decision 0306); the encoder and FAISS have threads of their own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
