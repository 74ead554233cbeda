package org.chameleon.plan;

import java.util.Locale;

/** A trainer whose mixture file can be written; its name is what the configuration calls it. */
public enum ExportTarget {
  /** Megatron-LM and Megatron-Core: blends of tokenized datasets. */
  MEGATRON,
  /** Hugging Face {@code datasets}: arguments of {@code interleave_datasets} and a dataset card. */
  HUGGINGFACE,
  /** MosaicML Streaming and LLM Foundry: streams with proportions. */
  MOSAIC,
  /** OLMo-core: a source mixture. */
  OLMO_CORE,
  /** LLaMA-Factory: dataset descriptions and interleave probabilities. */
  LLAMA_FACTORY,
  /** Nanotron: a data stage with weighted dataset folders. */
  NANOTRON,
  /** Levanter: training weights over URLs. */
  LEVANTER,
  /** Grain, as MaxText configures it: weighted ArrayRecord files. */
  GRAIN,
  /** LitData: a combined streaming dataset. */
  LITDATA,
  /** torchtitan: weights of a dataset mix. */
  TORCHTITAN,
  /** TRL: a dataset mixture with fractions. */
  TRL,
  /** Axolotl: datasets with the share of rows kept. */
  AXOLOTL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
