package org.chameleon.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Datasets of Axolotl, which concatenates and shuffles them. {@code weight} is the share of its
 * rows that is kept, so a domain is listed once for every whole pass, and once more for what
 * remains.
 */
final class AxolotlExporter implements Exporter {
  /** Below this share of a pass nothing is listed: it is less than a row of most files. */
  private static final double LEAST = 1e-6;

  @Override
  public Export export(SamplingPlan plan, CorpusAccess access) throws NotExpressible {
    DrawnShares shares = new DrawnShares(plan);
    String format = access.format(shares.domains());
    List<Object> datasets = new ArrayList<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      double epochs = shares.epochs(domain);
      for (String path : access.ownPaths(domain)) {
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
    }
    return Export.of(
        "axolotl.yaml",
        MixtureFile.yaml(
            "Axolotl. weight: share of the rows of this entry that is kept; all where there is none.\nA domain is listed once for every pass. One epoch is the whole plan.\nVersions without weight keep all rows: check yours.",
            Map.of("datasets", datasets)),
        List.of());
  }
}
