package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.SamplingPlan;

/**
 * Mixture of MaxText's Grain pipeline ({@code grain_train_mixture_config_path}). It draws records,
 * which are documents, before it packs them. Grain counts in multiples of a hundredth of the
 * smallest weight.
 */
final class GrainExporter implements Exporter {
  private static final int SMALLEST = 100;

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> weights = shares.ofDocuments();
    Map<String, Object> mixture = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      String path = access.copyPattern(domain, "ArrayRecord files, as a glob");
      Map<String, Object> component = new LinkedHashMap<>();
      component.put("path", LocalPaths.plain(path));
      component.put("weight", weights.get(domain.name()));
      mixture.put(domain.name(), component);
    }
    List<Warning> warnings =
        new ArrayList<>(
            shares.coarse(
                access,
                weights,
                counted(weights),
                "it counts in hundredths of the smallest weight"));
    warnings.addAll(shares.onePass(access, "Set num_epoch = %d."));
    return Export.of("grain.json", MixtureFile.json(mixture), warnings);
  }

  private static Map<String, Double> counted(Map<String, Double> weights) {
    double smallest = weights.values().stream().mapToDouble(w -> w).min().orElse(1);
    Map<String, Double> counts = new LinkedHashMap<>();
    weights.forEach((name, w) -> counts.put(name, Math.floor(w / smallest * SMALLEST + 1e-9)));
    double total = counts.values().stream().mapToDouble(c -> c).sum();
    counts.replaceAll((name, count) -> count / total);
    return counts;
  }
}
