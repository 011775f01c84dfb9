"""What the parts that run on onnxruntime share: how a graph is opened, and a text as it is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from index.types import Spans


@dataclass(frozen=True, slots=True)
class Tokenized:
    """One prefixed text: model ids with specials, and offsets in the text without its prefix."""

    ids: npt.NDArray[np.int64]  # (t,)
    spans: Spans  # (t, 2); negative or empty for specials and the prefix's tokens


def open_session(path: Path, threads: int) -> Any:
    """An onnxruntime session on a graph. Raises `ModelError` if it does not load."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that spin while they wait slow everything else on a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
    except MemoryError:
        raise
    except Exception as error:  # its errors have no base class of their own
        raise ModelError(
            f"The embedding model is damaged ({path.name} does not load); type: kordon setup"
        ) from error
