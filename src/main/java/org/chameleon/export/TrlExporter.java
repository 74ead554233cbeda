package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * Dataset mixture of TRL. A fraction is a share of rows; the mixture is as large as the scarcest
 * dataset allows, and made of the first rows of each.
 */
final class TrlExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> fractions = shares.ofDocuments();
    List<Object> datasets = new ArrayList<>();
    String format = access.format(shares.domains());
    for (SamplingPlan.Domain domain : shares.domains()) {
      Map<String, Object> dataset = new LinkedHashMap<>();
      dataset.put("path", format);
      dataset.put("data_files", access.ownPatterns(domain));
      dataset.put("split", "train");
      dataset.put("fraction", fractions.get(domain.name()));
      datasets.add(dataset);
    }
    return Export.of(
        "trl.yaml",
        MixtureFile.yaml(
            "TRL. fraction: share of rows. Datasets in this order: %s."
                .formatted(String.join(", ", fractions.keySet())),
            Map.of("datasets", datasets)),
        shares.onePass(
            access, "It takes the first rows of the others alone; set num_train_epochs = %d."));
  }
}
