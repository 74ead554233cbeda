package org.chameleon.plan;

import java.util.Locale;

/** A trainer whose mixture file can be written. */
public enum ExportTarget {
  /** Megatron-LM and Megatron-Core: blends of tokenized datasets. */
  MEGATRON(new MegatronExporter()),
  /** Hugging Face {@code datasets}: arguments of {@code interleave_datasets} and a dataset card. */
  HUGGINGFACE(new HuggingFaceExporter()),
  /** MosaicML Streaming and LLM Foundry: streams with proportions. */
  MOSAIC(new MosaicExporter()),
  /** OLMo-core: a source mixture. */
  OLMO_CORE(new OlmoCoreExporter()),
  /** LLaMA-Factory: dataset descriptions and interleave probabilities. */
  LLAMA_FACTORY(new LlamaFactoryExporter()),
  /** Nanotron: a data stage with weighted dataset folders. */
  NANOTRON(new NanotronExporter()),
  /** Levanter: training weights over URLs. */
  LEVANTER(new LevanterExporter()),
  /** Grain, as MaxText configures it: weighted ArrayRecord files. */
  GRAIN(new GrainExporter()),
  /** LitData: a combined streaming dataset. */
  LITDATA(new LitDataExporter()),
  /** torchtitan: weights of a dataset mix. */
  TORCHTITAN(new TorchtitanExporter()),
  /** TRL: a dataset mixture with fractions. */
  TRL(new TrlExporter()),
  /** Axolotl: datasets with the share of rows kept. */
  AXOLOTL(new AxolotlExporter());

  @SuppressWarnings("ImmutableEnumChecker") // exporters have no state
  private final Exporter exporter;

  ExportTarget(Exporter exporter) {
    this.exporter = exporter;
  }

  Exporter exporter() {
    return exporter;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
