package org.chameleon.export;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * Source list of OLMo-core's {@code SourceMixtureList.from_yaml}. A target ratio is a share of
 * tokens, and the only one of these trainers that refuses to repeat a source beyond a cap. The cap
 * is compared with a product cut to whole tokens, so it is rounded up; and as sizes are estimates,
 * it leaves room for three standard errors.
 */
final class OlmoCoreExporter implements Exporter {
  private static final double STANDARD_ERRORS = 3;
  private static final int DECIMALS = 3;

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> ratios = shares.ofTokens();
    List<Object> sources = new ArrayList<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      String path = access.copy(domain, "arrays of token ids (.npy), often as a glob");
      requireNoPattern(domain, path);
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("source_name", domain.name());
      source.put("target_ratio", ratios.get(domain.name()));
      source.put("max_repetition_ratio", cap(domain, shares.epochs(domain)));
      source.put("paths", List.of(LocalPaths.plain(path)));
      sources.add(source);
    }
    String comment =
        "OLMo-core SourceMixtureList. target_ratio: share of tokens.\nmax_repetition_ratio: most passes over a source, rounded up.\nSourceMixtureDatasetConfig: requested_tokens=%d, seed=%d"
            .formatted(shares.plan().targetTokens(), shares.plan().seed());
    return Export.of(
        "olmo-core.yaml",
        MixtureFile.yaml(comment, Map.of("sources", sources)),
        shares.wholeSequences(access, ratios));
  }

  /** It expands a path only where it has a star, so a name cannot be escaped for both cases. */
  private static void requireNoPattern(SamplingPlan.Domain domain, String path)
      throws NotExpressible {
    boolean odd = domain.name().matches("(?s).*[\\[*?].*");
    if (odd && path.contains("*")) {
      throw new NotExpressible(
          "it takes paths as patterns, and domain '%s' has one of [ * ? in its name. Rename the domain."
              .formatted(domain.name()));
    }
  }

  private static double cap(SamplingPlan.Domain domain, double epochs) {
    double error = domain.availableTokensStandardError();
    double least = Math.max(1, domain.availableTokens() - STANDARD_ERRORS * error);
    double passes = Math.max(1, epochs * domain.availableTokens() / least);
    return BigDecimal.valueOf(passes).setScale(DECIMALS, RoundingMode.CEILING).doubleValue();
  }
}
