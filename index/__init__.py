"""Pages in, searchable index out: chunking, encoders, stores, generations, search."""

import os
import sys

# The matrices of a search are small. numpy's threads cost a search more than they give, on a busy
# machine many times more (decision 0306); the encoder and FAISS have threads of their own.
if "OPENBLAS_NUM_THREADS" not in os.environ:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if "numpy" in sys.modules:  # a program that imported it before us: the variable is too late
        from threadpoolctl import threadpool_limits

        threadpool_limits(1, "blas")
