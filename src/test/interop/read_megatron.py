"""Reads exported blend files with Megatron-Core's own parser and blender, as they are in its wheel but without
importing the package (which wants torch): usage read_megatron.py TXT JSON SAMPLES. Prints one JSON object: the share
of samples of each path, from the text file and from the train split of the JSON file."""
import ast
import importlib.util
import json
import sys
import sysconfig
from pathlib import Path
from typing import Any, List, Optional, Tuple

import numpy

here = Path(sysconfig.get_paths()["purelib"]) / "megatron/core/datasets"
names = {"List": List, "Optional": Optional, "Tuple": Tuple, "Any": Any, "numpy": numpy}
for node in ast.parse((here / "utils.py").read_text()).body:
    if isinstance(node, ast.FunctionDef) and node.name in ("get_blend_from_list", "normalize"):
        exec(compile(ast.Module([node], []), "utils.py", "exec"), names)
spec = importlib.util.spec_from_file_location("helpers_cpp", next(here.glob("helpers_cpp*.so")))
helpers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(helpers)


def shares(blend):
    paths, weights = names["get_blend_from_list"](blend)
    assert weights is not None and all(w > 0 for w in weights), blend
    size = int(sys.argv[3])
    index, sample = numpy.zeros(size, numpy.int16), numpy.zeros(size, numpy.int64)
    weights = names["normalize"](weights)
    helpers.build_blending_indices(index, sample, numpy.array(weights), len(weights), size, False)
    return {path: float((index == i).mean()) for i, path in enumerate(paths)}


splits = json.load(open(sys.argv[2]))
assert names["get_blend_from_list"](splits["valid"]) is None and names["get_blend_from_list"](splits["test"]) is None
print(json.dumps({"text": shares(open(sys.argv[1]).read().split()), "json": shares(splits["train"])}))
