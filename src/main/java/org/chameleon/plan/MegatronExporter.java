package org.chameleon.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.DomainFiles;

/**
 * Blend files of Megatron-LM: pairs of weight and path prefix, for {@code --data-args-path} (text)
 * and {@code --per-split-data-args-path} (JSON). Megatron draws sequences of one length, so a
 * weight is a share of tokens. Weights must be positive, and paths free of white space.
 */
final class MegatronExporter implements Exporter {

  @Override
  public Map<String, String> files(SamplingPlan plan, CorpusAccess access) {
    List<String> blend = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (SamplingPlan.Domain domain : plan.domains()) {
      for (Map.Entry<String, BigDecimal> part : parts(domain, access).entrySet()) {
        String weight = part.getValue().toPlainString();
        requireNoSpace(domain.name(), part.getKey());
        blend.add(weight);
        blend.add(part.getKey());
        text.append(weight).append(' ').append(part.getKey()).append('\n');
      }
    }
    ObjectNode splits = new ObjectMapper().createObjectNode();
    splits.putNull("test");
    blend.forEach(splits.putArray("train")::add);
    splits.putNull("valid");
    Map<String, String> files = new TreeMap<>();
    files.put("megatron.txt", text.toString());
    files.put("megatron.json", splits.toPrettyString() + "\n");
    return files;
  }

  @Override
  public Optional<String> obstacle(
      List<SamplingPlan.Domain> domains, Optional<String> pathTemplate) {
    if (pathTemplate.isPresent()) {
      return Optional.empty();
    }
    if (domains.stream().anyMatch(d -> d.sources().isEmpty())) {
      return Optional.of("the corpus's files are not known. Set plan.paths.megatron.");
    }
    return domains.stream()
        .flatMap(d -> d.sources().stream())
        .map(DomainFiles.Source::path)
        .filter(MegatronExporter::hasSpace)
        .findFirst()
        .map("its paths cannot have white space, as in '%s'. Set plan.paths.megatron."::formatted);
  }

  /** Returns path and weight: one for a domain with a path, else its files by their rows. */
  private static Map<String, BigDecimal> parts(SamplingPlan.Domain domain, CorpusAccess access) {
    Map<String, BigDecimal> parts = new TreeMap<>();
    BigDecimal weight = BigDecimal.valueOf(domain.weight());
    if (!domain.isDrawn()) {
      return parts;
    }
    if (access.pathTemplate().isPresent()) {
      parts.put(access.paths(domain).get(0), weight.stripTrailingZeros());
      return parts;
    }
    long rows = domain.sources().stream().mapToLong(DomainFiles.Source::rows).sum();
    BigDecimal left = weight;
    for (int i = 0; i < domain.sources().size(); i++) {
      DomainFiles.Source source = domain.sources().get(i);
      boolean last = i == domain.sources().size() - 1;
      BigDecimal part =
          last
              ? left
              : weight
                  .multiply(BigDecimal.valueOf(source.rows()))
                  .divide(BigDecimal.valueOf(rows), MathContext.DECIMAL64);
      left = left.subtract(part);
      if (part.signum() > 0) {
        parts.put(LocalPaths.plain(source.path()), part.stripTrailingZeros());
      }
    }
    return parts;
  }

  private static void requireNoSpace(String domain, String path) {
    if (hasSpace(path)) {
      throw new InvalidInputException(
          ("Cannot export domain '%s' to megatron: its blend files are split at white space, and the"
                  + " path '%s' has some. Set plan.paths.megatron, or rename the domain.")
              .formatted(domain, path));
    }
  }

  private static boolean hasSpace(String path) {
    return path.chars().anyMatch(Character::isWhitespace);
  }
}
