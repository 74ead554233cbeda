"""Computes the domain mixture of a corpus and publishes its plan.

    run ──> check ──> gate ──> publish

``run`` submits the job, ``check`` asks run.json whether it is done, ``gate`` compares the weights with the
published ones, ``publish`` replaces OUTPUT/latest.json. A run writes into OUTPUT/RUN, the run id made fit for a
path. A retry resumes: stages that are done are kept. With ``take_over`` (the default) it begins from the published
run: the proxy is that run's, and only domains whose files have changed since are sampled and embedded. Without it, or
where nothing is published, the proxy is trained.

With ``require_evidence``, ``publish`` refuses a mixture that was not evaluated, or that is neither the recommended one
nor was shown to be better. Nothing here evaluates: run ``chameleon evaluate --run OUTPUT/RUN``, then clear ``publish``.

Where trying again cannot help, ``run`` fails at once. What spark-submit says of that differs with the deploy mode, so
``chameleon status`` is asked on the worker, with the arguments of the job: a wrong configuration is its exit code 2,
and of an input that is refused for what it is run.json says so. For that the worker reads configuration and run
directory; where it cannot, the job is tried again.

From the environment of the scheduler's workers:
    CHAMELEON_JAR     the application jar (a URI that the driver reaches, in cluster mode)
    SPARK_CONF_DIR    Spark's settings, with those of conf/spark-defaults.conf, the native library in spark.jars,
                      and org.apache.spark.deploy logged at INFO (the operator reads the driver's id there)
    SPARK_HOME        the installation that looks at runs; without it, the spark-submit of the PATH
The connection ``spark_default`` says where the job runs. In standalone cluster mode the master's REST server has to
be on, and its port in the connection's extra ``rest-port``: without it a driver that failed cannot be seen.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import timedelta

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, Asset, Param, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

MAIN = "org.chameleon.cli.Main"
MIXTURE = Asset("chameleon_mixture")
FUTILE = "Trying again cannot help"
JAR = os.environ.get("CHAMELEON_JAR", "chameleon-spark-application.jar")


def folder_name(run_id: str) -> str:
    """Returns a run id as a name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.")


def run_uri(params: dict, run_id: str) -> str:
    """Returns the directory that a run writes."""
    return f"{params['output'].rstrip('/')}/{folder_name(run_id)}"


def chameleon(*arguments: str) -> tuple[int, str]:
    """Runs a command that only looks at runs, on this machine with Spark's file systems: code and output."""
    home = os.environ.get("SPARK_HOME")
    submit = f"{home}/bin/spark-submit" if home else "spark-submit"
    command = [submit, "--master", "local[1]", "--deploy-mode", "client", "--class", MAIN, JAR, *arguments]
    told = {**os.environ, "CHAMELEON_SAY_WHETHER_TO_RETRY": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=told)
    print(done.stderr)
    print(done.stdout)
    lines = [line for line in done.stderr.splitlines() if not re.match(r"\d\d/\d\d/\d\d |WARNING:|\s+at ", line)]
    return done.returncode, done.stdout if done.returncode == 0 else "\n".join(lines)


SETTINGS = {"mixture.objective": "objective", "plan.tokens": "tokens", "mixture.lambda": "lambda"}


def job_arguments(params: dict, run_id: str) -> list[str]:
    """Returns what the job is given behind its command."""
    given = ["--config", params["config"], "--output", run_uri(params, run_id)]
    # A retry keeps the stages that are done; in an empty folder this is a first run.
    given += ["--resume", "--run-id", folder_name(run_id)]
    for key, name in SETTINGS.items():
        if params[name] is not None:
            given += ["--set", f"{key}={params[name]}"]
    return given + (["--published", params["output"]] if params["take_over"] else [])


def failure(code: int, said: str) -> Exception:
    """Returns what to raise of a command that failed: tried again only where that can help."""
    return AirflowFailException(said) if code == 2 or FUTILE in said else AirflowException(said)


class Job(SparkSubmitOperator):
    """A job that is tried again only where that can help."""

    def execute(self, context):
        try:
            return super().execute(context)
        except Exception as cause:
            code, said = chameleon("status", *job_arguments(context["params"], context["run_id"]))
            if code == 2 or FUTILE in said:
                raise AirflowFailException(said) from cause
            raise


with DAG(
    dag_id="chameleon",
    description="How much of each domain to train on",
    schedule=None,
    catchup=False,
    # Two runs may write at the same time, each into its own folder, but only one publishes.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["chameleon"],
    params={
        "config": Param(type="string", minLength=1, default="conf/quickstart.conf", description="Configuration, a URI"),
        "output": Param(type="string", minLength=1, default="runs", description="Folder of all runs, a URI"),
        "objective": Param(
            type=["null", "string"], enum=[None, "pretrain", "finetune"], default=None,
            description="What the weights are for; empty: as configured",
        ),
        "tokens": Param(
            type=["null", "integer"], minimum=1, default=None, description="Training budget; empty: as configured"
        ),
        "lambda": Param(
            type=["null", "number"], exclusiveMinimum=0, default=None,
            description="Of the leverage scores, in the configured mode; empty: as configured",
        ),
        "max_change": Param(
            type="number", minimum=0, maximum=1, default=0.05,
            description="Largest change of a weight against the published run that is published",
        ),
        "take_over": Param(
            type="boolean", default=True,
            description="Begin from the published run: its proxy, and the embeddings of domains that have not changed",
        ),
        "require_evidence": Param(
            type="boolean", default=False,
            description="Publish only a mixture that was evaluated, and is recommended or was shown to be better",
        ),
    },
) as dag:

    @task(retries=0)
    def arguments(params: dict, run_id: str) -> list[str]:
        """Returns the arguments of the job."""
        return ["run", *job_arguments(params, run_id)]

    @task(retries=0)
    def check(params: dict, run_id: str) -> str:
        """Fails unless run.json says that this run has done every stage, whatever spark-submit said."""
        uri = run_uri(params, run_id)
        code, said = chameleon("status", "--run", uri, "--run-id", folder_name(run_id))
        if code != 0:
            raise AirflowFailException(said)
        return uri

    @task
    def gate(uri: str, params: dict) -> None:
        """Fails, and so holds back publication, if a weight moved too far since the published run."""
        code, said = chameleon(
            "diff", "--published", params["output"], "--run", uri, "--max-change", str(params["max_change"])
        )
        if "--max-change" in said and code != 0:
            # The run itself is fine: the same weights would be computed again.
            raise AirflowFailException(f"{said}\nTo publish {uri} all the same, raise max_change and trigger again.")
        if code != 0:
            raise failure(code, said)

    @task(outlets=[MIXTURE])
    def publish(uri: str, params: dict, run_id: str, outlet_events) -> dict:
        """Replaces latest.json in one step, and says so in an asset event."""
        required = ["--require-evidence"] if params["require_evidence"] else []
        code, said = chameleon("publish", "--run", uri, "--to", params["output"], *required)
        if "--require-evidence" in said and code != 0:
            # What is missing is an evaluation of this run, or another plan: neither comes by itself.
            raise AirflowFailException(f"{said}\nThen clear this task.")
        if code != 0:
            raise failure(code, said)
        published = json.loads(said)
        outlet_events[MIXTURE].extra = {"run_id": run_id, **published}
        return published

    run = Job(
        task_id="run",
        conn_id="spark_default",
        application=JAR,
        java_class=MAIN,
        name="chameleon-{{ run_id }}",
        application_args=arguments(),
    )
    checked = check()
    gated = gate(checked)
    run >> checked
    gated >> publish(checked)
