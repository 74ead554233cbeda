"""Runs the DAG in a real Airflow, without a scheduler: run_dag.py DAGS_FOLDER < requests > results

The first result says what was loaded: {"errors", "dags"}. A request is a line of JSON: {"conf": {...}, "at": time,
"connection": URI, "path": a folder to find programs in first, or ""}. Its result is {"run_id", "state", "tasks": {id:
state}, "tries": {id: count}, "extra": of the asset event or null}, or {"refused": why}.
"""

import json
import os
import sys
from datetime import datetime, timedelta

from airflow.dag_processing.dagbag import DagBag
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
from sqlalchemy import select

# What Airflow prints goes elsewhere.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
path = os.environ["PATH"]
bag = DagBag(sys.argv[1])
loaded = {"errors": {k: str(v) for k, v in bag.import_errors.items()}, "dags": sorted(bag.dags)}
print(json.dumps(loaded), file=out, flush=True)


def last_event():
    with create_session() as session:
        event = session.scalars(select(AssetEvent).order_by(AssetEvent.id.desc())).first()
        return None if event is None else {"id": event.id, **event.extra}


for line in sys.stdin:
    request = json.loads(line)
    dag = bag.dags["chameleon"]
    for task in dag.tasks:
        task.retries = min(task.retries, 1)
        task.retry_delay = timedelta(seconds=1)
    os.environ["AIRFLOW_CONN_SPARK_DEFAULT"] = request["connection"]
    os.environ["PATH"] = request["path"] + os.pathsep + path if request["path"] else path
    before = last_event()
    try:
        at = datetime.fromisoformat(request["at"])
        run = dag.test(logical_date=at, run_after=at, run_conf=request["conf"])
    except Exception as e:
        print(json.dumps({"refused": f"{type(e).__name__}: {e}"}), file=out, flush=True)
        continue
    after = last_event()
    result = {
        "run_id": run.run_id,
        "state": str(run.state),
        "tasks": {t.task_id: str(t.state) for t in run.get_task_instances()},
        "tries": {t.task_id: t.try_number for t in run.get_task_instances()},
        "extra": after if after != before else None,
    }
    print(json.dumps(result), file=out, flush=True)
