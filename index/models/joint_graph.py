"""Writes the layers that read a question and a text together as ONNX."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.models.onnx_graph import FUSED, IR_VERSION, OPSET, GraphBuilder, Peaks
from index.models.wheel import Matrix, ModelShape

if TYPE_CHECKING:
    from onnx import ModelProto


def write_joint_graph(
    path: Path, shape: ModelShape, tensors: Mapping[str, Matrix], peaks: Peaks | None = None
) -> None:
    """Write layers that read a question and a text together (`index.encoders.joint_reader`); in
    full precision without `peaks`.

    Inputs, one of each: `question` (1, q, hidden) and `text` (1, t, hidden) float32 states,
    `question_signs` (1, q, a) and `text_signs` (1, t, b) float32. Output: `answers` (1, t) float32,
    the log-odds that a token is part of the answer, against there being none.
    """
    import onnx

    onnx.save(_JointBuilder(shape, tensors, peaks).model(), str(path))


class _JointBuilder(GraphBuilder):
    """The same layers over a question and a text side by side."""

    def model(self) -> "ModelProto":
        from onnx import TensorProto, helper

        sides = [self.side(name) for name in ("question", "text")]
        state = self.add("Concat", sides, axis=1)
        for layer in range(self.shape.layers):
            state = self.layer(layer, state)
        length = self.add("Shape", ["question"], start=1, end=2)
        end, axis = self.constant("end", np.array([2**31])), self.constant("axis", np.array([1]))
        own = self.add("Slice", [state, length, end, axis])
        own = self.add("Concat", [own, "text_signs"], axis=2)
        logits = self.add("MatMul", [own, self.constant("head.w", self.tensors["head.w"])])
        logits = self.add("Add", [logits, self.constant("head.b", self.tensors["head.b"])])
        last = self.constant("last", np.array([2]))
        self.add("Squeeze", [logits, last], outputs=["answers"])
        widths = dict.fromkeys(("question", "text"), self.shape.hidden)
        widths |= {f"{name}_signs": len(self.tensors[f"{name}_signs.w"]) for name in widths}
        graph = helper.make_graph(
            self.nodes,
            "joint-reader",
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, f"{name[0]}", width])
                for name, width in widths.items()
            ],
            [helper.make_tensor_value_info("answers", TensorProto.FLOAT, [1, "t"])],
            self.weights,
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION)

    def side(self, name: str) -> str:
        """States of the question or the text with what tells them apart and how they match."""
        signs = self.add("MatMul", [f"{name}_signs", self.weight(f"{name}_signs.w")])
        signs = self.add("Add", [signs, self.weight(f"{name}_signs.b")])
        return self.add("Add", [name, signs])

    def masked(self) -> list[str]:
        return []
