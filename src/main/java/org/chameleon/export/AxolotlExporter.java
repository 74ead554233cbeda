package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.SamplingPlan;

/**
 * Datasets of Axolotl, which concatenates and shuffles them. {@code weight} is the share of its
 * rows that is kept, so a domain is listed once for every whole pass, and once more for what
 * remains. Versions that do not know the key drop it without a word, and keep all rows.
 */
final class AxolotlExporter implements Exporter {
  /** Below this share of a pass nothing is listed: it is less than a row of most files. */
  private static final double LEAST = 1e-6;

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    String format = access.format(shares.domains());
    List<Object> datasets = new ArrayList<>();
    Map<String, Double> whole = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      double epochs = shares.epochs(domain);
      for (String path : access.ownLiteralPatterns(domain)) {
        for (double left = epochs; left > LEAST; left--) {
          Map<String, Object> dataset = new LinkedHashMap<>();
          dataset.put("path", path);
          dataset.put("ds_type", format);
          dataset.put("type", "completion");
          dataset.put("field", access.textColumn());
          dataset.put("split", "train");
          if (left < 1) {
            dataset.put("weight", left);
          }
          datasets.add(dataset);
        }
      }
      whole.put(domain.name(), Math.ceil(epochs - LEAST) * domain.availableTokens());
    }
    return Export.of(
        "axolotl.yaml",
        MixtureFile.yaml(
            "Axolotl. weight: share of the rows of this entry that is kept; all where there is none.\nA domain is listed once for every pass, so one epoch is the whole plan: leave\ndataset_exact_deduplication off. Versions without weight keep all rows.",
            Map.of("datasets", datasets)),
        ignored(shares, whole, access));
  }

  /** Warns of versions that keep all rows, if that makes a difference. */
  private static List<Warning> ignored(
      DrawnShares shares, Map<String, Double> whole, CorpusAccess access) throws NotExpressible {
    double total = whole.values().stream().mapToDouble(t -> t).sum();
    double largest = 0;
    String domain = "";
    for (Map.Entry<String, Double> share : shares.ofTokens().entrySet()) {
      double error = Math.abs(whole.get(share.getKey()) / total - share.getValue());
      if (error > largest) {
        largest = error;
        domain = share.getKey();
      }
    }
    String message =
        String.format(
            Locale.ROOT,
            "versions that do not know 'weight' of a dataset drop it and keep all rows; this share would be off by %.2f %% of all tokens. Check yours, or train on a materialized corpus.",
            100 * largest);
    return largest < 1e-4
        ? List.of()
        : List.of(access.warning("NEEDS_VERSION", List.of(domain), message));
  }
}
