"""Writes a corpus as tables: make_tables.py JARS CORPUS FOLDER

`delta` and `lake/db/corpus` get rows in two writes and then lose some files again, so that listing their folders is
wrong. `delta-deleted` and `lake/db/deleted` have rows deleted without their files being written again.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import lit

jars, corpus, folder = sys.argv[1:4]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jars)
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.sql.shuffle.partitions", "2")
    .config(
        "spark.sql.extensions",
        "io.delta.sql.DeltaSparkSessionExtension,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    )
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
    .config("spark.sql.catalog.lake.type", "hadoop")
    .config("spark.sql.catalog.lake.warehouse", folder + "/lake")
    .getOrCreate()
)
rows = spark.read.parquet(corpus)
noise = rows.limit(50).withColumn("domain", lit("noise & more"))

delta = folder + "/delta"
noise.coalesce(1).write.format("delta").partitionBy("domain").save(delta)
rows.coalesce(1).write.format("delta").mode("append").partitionBy("domain").save(delta)
spark.sql(f"DELETE FROM delta.`{delta}` WHERE domain = 'noise & more'")

spark.sql("CREATE TABLE lake.db.corpus (domain string, text string) USING iceberg PARTITIONED BY (domain)")
noise.writeTo("lake.db.corpus").append()
rows.sort("domain").writeTo("lake.db.corpus").append()
spark.sql("DELETE FROM lake.db.corpus WHERE domain = 'noise & more'")

vectors = folder + "/delta-deleted"
rows.coalesce(1).write.format("delta").option("delta.enableDeletionVectors", "true").save(vectors)
spark.sql(f"DELETE FROM delta.`{vectors}` WHERE domain = 'sums' AND length(text) % 7 = 3")
spark.sql(
    "CREATE TABLE lake.db.deleted (domain string, text string) USING iceberg "
    "TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read')"
)
rows.writeTo("lake.db.deleted").append()
spark.sql("DELETE FROM lake.db.deleted WHERE domain = 'sums' AND length(text) % 7 = 3")
