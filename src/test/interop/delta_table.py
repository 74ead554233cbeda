"""Appends rows of a corpus to a Delta table, in partitions by domain: delta_table.py JARS CORPUS TABLE CONDITION"""

import sys

from pyspark.sql import SparkSession

jars, corpus, table, condition = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jars)
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .getOrCreate()
)
rows = spark.read.parquet(corpus).where(condition).coalesce(1)
rows.write.format("delta").mode("append").partitionBy("domain").save(table)
