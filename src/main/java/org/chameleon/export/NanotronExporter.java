package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * A data stage of Nanotron: folders of tokenized data and their weights, two lists in the same
 * order. It draws sequences of one length, so a weight is a share of tokens; it repeats a folder
 * without limit.
 */
final class NanotronExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    List<String> folders = new ArrayList<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      folders.add(LocalPaths.plain(access.copy(domain, "a folder of tokenized data (.ds)")));
    }
    Map<String, Object> dataset = new LinkedHashMap<>();
    dataset.put("dataset_folder", folders);
    dataset.put("dataset_weights", List.copyOf(shares.ofTokens().values()));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dataset", dataset);
    data.put("num_loading_workers", 1);
    data.put("seed", shares.plan().seed());
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("name", "chameleon");
    stage.put("start_training_step", 1);
    stage.put("data", data);
    return Export.of(
        "nanotron.yaml",
        MixtureFile.yaml(
            "Nanotron. dataset_weights: shares of sequences of one length, so of tokens, in the order of dataset_folder.",
            Map.of("data_stages", List.of(stage))),
        List.of());
  }
}
