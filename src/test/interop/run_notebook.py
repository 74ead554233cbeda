"""Executes a notebook with its outputs kept: usage run_notebook.py NOTEBOOK RUN OUTPUT."""
import os
import sys

import nbformat
from nbclient import NotebookClient

os.environ["CHAMELEON_RUN"] = os.path.abspath(sys.argv[2])
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3", record_timing=False).execute()
for i, cell in enumerate(notebook.cells):
    cell["id"] = f"cell-{i}"
nbformat.write(notebook, sys.argv[3])
print(sum(len(cell.get("outputs", [])) for cell in notebook.cells))
