package org.chameleon.export;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.SamplingPlan;

/**
 * Data section of Levanter, which reads the corpus in place and cuts it into sequences of one
 * length: a weight is a share of tokens. It draws in blocks, in each of which a component has its
 * share rounded down, and the largest component the rest; so the block must be large enough for the
 * smallest share. The name of a component is a folder of its cache.
 */
final class LevanterExporter implements Exporter {
  private static final int DEFAULT_BLOCK = 2048;
  private static final int LARGEST_BLOCK = 65_535;

  /** Sequences of the smallest component in a block: its share is then off by 1 % at most. */
  private static final int LEAST_IN_BLOCK = 100;

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> weights = new LinkedHashMap<>();
    shares.ofTokens().forEach((name, w) -> weights.put(SafeNames.ofConfig(name), w));
    int block = block(weights);
    Map<String, Object> configs = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      Map<String, Object> config = new LinkedHashMap<>();
      config.put(
          "train_urls",
          access.hasCopy()
              ? List.of(access.copyPattern(domain, ""))
              : urls(access.ownPaths(domain)));
      if (!access.textColumn().equals("text")) {
        config.put("format", Map.of("text_key", access.textColumn()));
      }
      configs.put(SafeNames.ofConfig(domain.name()), config);
    }
    Map<String, Object> data = new LinkedHashMap<>();
    access.tokenizer().ifPresent(path -> data.put("tokenizer", path));
    data.put("configs", configs);
    data.put("train_weights", weights);
    data.put("stop_strategy", "restart");
    data.put("mixture_block_size", block);
    List<Warning> warnings =
        shares.coarse(
            access,
            weights,
            inBlock(weights, block),
            "it draws in blocks of %d sequences".formatted(block));
    return Export.of(
        "levanter.yaml",
        MixtureFile.yaml(
            "Levanter. train_weights: shares of sequences of one length, so of tokens.\nmixture_block_size: large enough for the smallest of them. Marin's newer form calls\nconfigs components, and train_urls source.train_urls.",
            Map.of("data", data)),
        warnings);
  }

  /** It tells formats by the last or the last but one ending, and expands braces and globs. */
  private static List<String> urls(List<String> paths) throws NotExpressible {
    for (String path : paths) {
      if (!path.matches("(?s).*\\.(parquet|jsonl|json)(\\.[a-z0-9]+)?")
          || path.matches("(?s).*[{}*?\\[].*")) {
        throw new NotExpressible(
            "it takes files that end in .parquet, .json or .jsonl without any of { } * ? [ in their names, and %s is none. Set plan.paths.levanter."
                .formatted(path));
      }
    }
    return paths;
  }

  private static int block(Map<String, Double> weights) {
    double smallest = weights.values().stream().mapToDouble(w -> w).min().orElse(1);
    double wanted = LEAST_IN_BLOCK / smallest;
    int block = DEFAULT_BLOCK;
    while (block < wanted && block < LARGEST_BLOCK) {
      block = Math.min(LARGEST_BLOCK, 2 * block);
    }
    return block;
  }

  /** Returns the shares that a block comes to. */
  private static Map<String, Double> inBlock(Map<String, Double> weights, int block) {
    Map<String, Double> shares = new LinkedHashMap<>();
    weights.forEach((name, weight) -> shares.put(name, Math.floor(weight * block) / block));
    double rest = 1 - shares.values().stream().mapToDouble(s -> s).sum();
    String largest =
        weights.entrySet().stream()
            .max(Comparator.comparingDouble(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    shares.merge(largest, rest, Double::sum);
    return shares;
  }
}
