package org.chameleon.plan;

import java.util.Locale;

/** A trainer whose mixture file can be written. */
public enum ExportTarget {
  /** Megatron-LM and Megatron-Core: blends of tokenized datasets. */
  MEGATRON(new MegatronExporter()),
  /** Hugging Face {@code datasets}: arguments of {@code interleave_datasets} and a dataset card. */
  HUGGINGFACE(new HuggingFaceExporter());

  private final Exporter exporter;

  ExportTarget(Exporter exporter) {
    this.exporter = exporter;
  }

  Exporter exporter() {
    return exporter;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
