package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * What torchtitan's {@code DatasetMixConfig} is built from; it takes its mixture in Python and has
 * no file for it. A weight is a share of what is mixed: of tokens where packed sequences are, of
 * documents where they are mixed before they are packed; the file has both.
 */
final class TorchtitanExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> weights = shares.ofTokens();
    Map<String, Double> documents = shares.ofDocuments();
    String format = access.format(shares.domains());
    List<Object> datasets = new ArrayList<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      Map<String, Object> dataset = new LinkedHashMap<>();
      dataset.put("name", domain.name());
      dataset.put("path", format);
      dataset.put("data_files", access.ownPatterns(domain));
      dataset.put("weight", weights.get(domain.name()));
      dataset.put("document_weight", documents.get(domain.name()));
      datasets.add(dataset);
    }
    return Export.of(
        "torchtitan.yaml",
        MixtureFile.yaml(
            "torchtitan: DatasetMixConfig(datasets=tuple(WeightedDataset(dataset=…, weight=…))), in this order.\nweight: where packed sequences are mixed (share of tokens). document_weight: where documents are mixed and then packed.",
            Map.of("datasets", datasets)),
        shares.onePass(access, "Set repeat = True, or go over it %d times."));
  }
}
