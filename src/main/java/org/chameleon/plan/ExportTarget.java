package org.chameleon.plan;

import java.util.Locale;

/** A trainer whose mixture file can be written. */
public enum ExportTarget {
  /** Megatron-LM and Megatron-Core: blends of tokenized datasets. */
  MEGATRON,
  /** Hugging Face {@code datasets}: arguments of {@code interleave_datasets} and a dataset card. */
  HUGGINGFACE;

  Exporter exporter() {
    return switch (this) {
      case MEGATRON -> new MegatronExporter();
      case HUGGINGFACE -> new HuggingFaceExporter();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
