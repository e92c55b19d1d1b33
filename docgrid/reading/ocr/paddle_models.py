"""The PP-OCR networks inside the rapidocr wheel, run by OpenVINO (or onnxruntime where OpenVINO has no wheel).

Nothing is downloaded: the model files are named explicitly. The recogniser knows 18,708 characters, most of them Chinese;
its last layer is cut down to the characters wanted here before it is compiled, which halves its work and keeps stray Chinese
signs out of Latin text, and the best character of each column is taken inside the network.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docgrid.reading.ocr.lookalikes import LOOKALIKES

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE = "PP-OCRv6_rec_small.onnx"
BLANK = 0  # class of "no character" in connectionist temporal classification
LAST_LATIN = 0x024F
# Beyond Latin letters: quotation marks, dashes, bullets, currency signs, numero, trade mark, arithmetic, check marks.
EXTRA_CHARACTERS = "–—―‘’“”„†‡•…‰′″‹›€₤₦₩₪₫₱₹₺₽₿№℃℉™←↑→↓−∕√≈≠≤≥□■▪▲△▶▼○●★☆☐☑☒✓✔✕✖✗✘"

Detect = Callable[[NDArray[np.float32]], NDArray[np.float32]]  # [1, 3, H, W] -> probability of text [H, W]


@dataclass(frozen=True, eq=False)
class Columns:
    """What the recogniser sees in each of T columns of a batch of B text lines.

    Attributes:
        classes: int64 [B, T], the most probable class.
        probability: float32 [B, T], of that class.
        space: float32 [B, T], of a space, also where it is not the most probable class.
        lookalikes: float32 [B, T, 6], of each character of `LOOKALIKES`, likewise.
    """

    classes: NDArray[np.int64]
    probability: NDArray[np.float32]
    space: NDArray[np.float32]
    lookalikes: NDArray[np.float32]

    def line(self, row: int) -> Columns:
        """The columns of one line: every array without its first axis."""
        return Columns(self.classes[row], self.probability[row], self.space[row], self.lookalikes[row])


Recognise = Callable[[NDArray[np.float32]], Columns]  # [B, 3, 48, W]


@dataclass(frozen=True)
class PaddleModels:
    """Detector and recogniser, ready to run.

    Attributes:
        detect: Normalised picture [1, 3, H, W], sides multiples of 32 -> probability of text [H, W].
        recognise: Normalised text lines [B, 3, 48, W] -> what stands in each column.
        code_points: uint32 [classes], what each class stands for; `BLANK` first, the space last.
        runtime: Such as "openvino 2026.4".
    """

    detect: Detect
    recognise: Recognise
    code_points: NDArray[np.uint32]
    runtime: str


def model_folder() -> Path | None:
    """Where the rapidocr wheel keeps its models; None where it is not installed or lacks them."""
    spec = importlib.util.find_spec("rapidocr")  # found, not imported: importing it costs half a second and sets up logging
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "models"
    return folder if all((folder / name).is_file() for name in (DETECTOR_FILE, RECOGNISER_FILE)) else None


def runtime_name() -> str | None:
    """The inference library that is installed, OpenVINO before onnxruntime; None without either."""
    return next((name for name in ("openvino", "onnxruntime") if importlib.util.find_spec(name) is not None), None)


def load_models(folder: Path, runtime: str, threads: int | None) -> PaddleModels:
    """Compile both networks.

    Args:
        folder: See `model_folder`.
        runtime: See `runtime_name`.
        threads: Of the inference library; None leaves it to choose.
    """
    if runtime == "openvino":
        return _load_openvino(folder, threads)
    return _load_onnxruntime(folder, threads)


def wanted_classes(characters: list[str]) -> NDArray[np.int64]:
    """Classes of the recogniser to keep: blank, Latin letters, digits, punctuation, `EXTRA_CHARACTERS`, and the space.

    Args:
        characters: What classes 1, 2, ... stand for; the class after the last one is the space.
    """
    extra = set(EXTRA_CHARACTERS)
    kept = [
        index
        for index, character in enumerate(characters, start=1)
        if character in extra or (len(character) == 1 and ord(character) <= LAST_LATIN and not _is_odd_letter(character))
    ]
    return np.array([BLANK, *kept, len(characters) + 1], np.int64)


def _is_odd_letter(character: str) -> bool:
    """Letters of phonetics and digraphs, which no invoice has and which are taken for common ones."""
    return 0x0180 <= ord(character) <= LAST_LATIN and character not in "ƒȘșȚț" and unicodedata.decomposition(character) == ""


def _code_points(characters: list[str], classes: NDArray[np.int64]) -> NDArray[np.uint32]:
    spelled = [" ", *characters, " "]  # the blank is never shown
    return np.array([ord(spelled[index][0]) for index in classes.tolist()], np.uint32)


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry, which otherwise reports every import to a web service unless users opt out."""
    if "openvino" not in sys.modules:
        name = "openvino_telemetry"
        loaded = sys.modules.get(name)
        sys.modules[name] = None  # type: ignore[assignment]  # importing it now fails, and OpenVINO goes on with a dummy
        try:
            importlib.import_module("openvino")
        finally:
            if loaded is None:
                del sys.modules[name]
            else:
                sys.modules[name] = loaded
    return importlib.import_module("openvino")


def _load_openvino(folder: Path, threads: int | None) -> PaddleModels:
    openvino = import_openvino()
    core = openvino.Core()
    settings = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "ENABLE_CPU_PINNING": False}
    if threads is not None:
        settings["INFERENCE_NUM_THREADS"] = threads
    recogniser = core.read_model(folder / RECOGNISER_FILE)
    characters = recogniser.get_rt_info()["framework"]["character"].value.splitlines()
    classes = wanted_classes(characters)
    code_points = _code_points(characters, classes)
    recogniser = _narrow(openvino, recogniser, classes, _watched(code_points))
    detector_run = core.compile_model(core.read_model(folder / DETECTOR_FILE), "CPU", settings).create_infer_request()
    recogniser_run = core.compile_model(recogniser, "CPU", settings).create_infer_request()

    def detect(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        detector_run.infer([picture], share_inputs=True)
        return np.array(detector_run.get_output_tensor(0).data[0, 0])

    def recognise(lines: NDArray[np.float32]) -> Columns:
        recogniser_run.infer([lines], share_inputs=True)
        probability, best = (np.array(recogniser_run.get_output_tensor(index).data[:, :, 0]) for index in range(2))
        watched = np.array(recogniser_run.get_output_tensor(2).data)
        return Columns(best.astype(np.int64), probability, watched[:, :, 0], watched[:, :, 1:])

    version = openvino.__version__.split("-")[0]
    return PaddleModels(detect, recognise, code_points, f"openvino {version}")


def _watched(code_points: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Classes whose probability is wanted everywhere: the space, and those of `LOOKALIKES`."""
    known = code_points.tolist()
    return np.array([len(known) - 1, *(known.index(ord(character)) for character in LOOKALIKES)], np.int64)


def _narrow(openvino: Any, model: Any, classes: NDArray[np.int64], watched: NDArray[np.int64]) -> Any:
    """Cut the last layer of the recogniser to `classes`; the network picks the best of each column, and gives the `watched`."""
    operations = importlib.import_module("openvino.opset13")
    product = next(node for node in reversed(model.get_ordered_ops()) if node.get_type_name() == "MatMul")
    weights = product.input_value(1).get_node().data  # [120, classes]
    adder = next(iter(product.output(0).get_target_inputs())).get_node()
    bias = adder.input_value(1).get_node().data
    logits = operations.add(
        operations.matmul(product.input_value(0), operations.constant(np.ascontiguousarray(weights[:, classes])), False, False),
        operations.constant(np.ascontiguousarray(bias[classes])),
    )
    probability = operations.softmax(logits, 2)
    best = operations.topk(probability, operations.constant(np.int64(1)), 2, mode="max", sort="none", index_element_type="i32")
    always = operations.gather(probability, operations.constant(watched), operations.constant(np.int64(2)))
    return openvino.Model([best.output(0), best.output(1), always.output(0)], model.get_parameters(), "recogniser")


def _load_onnxruntime(folder: Path, threads: int | None) -> PaddleModels:
    onnxruntime = importlib.import_module("onnxruntime")  # in no dependency list: for where OpenVINO has no wheel
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 4
    settings.intra_op_num_threads = threads or 0
    sessions = [
        onnxruntime.InferenceSession(str(folder / name), settings, providers=["CPUExecutionProvider"])
        for name in (DETECTOR_FILE, RECOGNISER_FILE)
    ]
    detector_input, recogniser_input = (session.get_inputs()[0].name for session in sessions)
    characters = sessions[1].get_modelmeta().custom_metadata_map["character"].splitlines()
    classes = wanted_classes(characters)
    code_points = _code_points(characters, classes)
    watched = _watched(code_points)

    def detect(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        (result,) = sessions[0].run(None, {detector_input: picture})
        return np.asarray(result[0, 0], np.float32)

    def recognise(lines: NDArray[np.float32]) -> Columns:
        (result,) = sessions[1].run(None, {recogniser_input: lines})
        narrowed = result[:, :, classes]
        always = narrowed[:, :, watched]
        return Columns(narrowed.argmax(axis=2), narrowed.max(axis=2), always[:, :, 0], always[:, :, 1:])

    return PaddleModels(detect, recognise, code_points, f"onnxruntime {onnxruntime.__version__}")
