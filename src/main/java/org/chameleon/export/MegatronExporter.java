package org.chameleon.export;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.plan.SamplingPlan;

/**
 * Blend files of Megatron-LM: pairs of weight and path prefix, for {@code --data-args-path} (text)
 * and {@code --per-split-data-args-path} (JSON). Megatron draws sequences of one length, so a
 * weight is a share of tokens. Weights must be positive, and paths free of white space.
 */
final class MegatronExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> weights = shares.ofTokens();
    List<String> blend = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (SamplingPlan.Domain domain : shares.domains()) {
      BigDecimal weight = BigDecimal.valueOf(weights.get(domain.name()));
      for (Map.Entry<String, BigDecimal> part : parts(domain, weight, access).entrySet()) {
        String share = part.getValue().toPlainString();
        requireNoSpace(part.getKey());
        blend.add(share);
        blend.add(part.getKey());
        text.append(share).append(' ').append(part.getKey()).append('\n');
      }
    }
    Map<String, Object> splits = new LinkedHashMap<>();
    splits.put("test", null);
    splits.put("train", blend);
    splits.put("valid", null);
    return new Export(
        Map.of("megatron.txt", text.toString(), "megatron.json", MixtureFile.json(splits)),
        access.sharedFiles(shares.domains()));
  }

  /** Returns path and weight: one for a domain with a path, else its files by their rows. */
  private static Map<String, BigDecimal> parts(
      SamplingPlan.Domain domain, BigDecimal weight, CorpusAccess access) throws NotExpressible {
    Map<String, BigDecimal> parts = new TreeMap<>();
    List<String> paths = access.paths(domain);
    if (access.hasCopy()) {
      parts.put(paths.get(0), weight.stripTrailingZeros());
      return parts;
    }
    long rows = domain.sources().stream().mapToLong(DomainFiles.Source::rows).sum();
    BigDecimal left = weight;
    for (int i = 0; i < paths.size(); i++) {
      BigDecimal part =
          i == paths.size() - 1
              ? left
              : weight
                  .multiply(BigDecimal.valueOf(domain.sources().get(i).rows()))
                  .divide(BigDecimal.valueOf(rows), MathContext.DECIMAL64);
      left = left.subtract(part);
      if (part.signum() > 0) {
        parts.put(paths.get(i), part.stripTrailingZeros());
      }
    }
    return parts;
  }

  private static void requireNoSpace(String path) throws NotExpressible {
    if (path.chars().anyMatch(Character::isWhitespace)) {
      throw new NotExpressible(
          "its files are split at white space, and the path '%s' has some. Set plan.paths.megatron, or rename the domain."
              .formatted(path));
    }
  }
}
