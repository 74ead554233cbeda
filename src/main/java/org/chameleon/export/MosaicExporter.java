package org.chameleon.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * Streams of MosaicML Streaming, as LLM Foundry's {@code train_loader} holds them. A proportion is
 * a share of samples; of MDS shards made with {@code --concat_tokens} every sample is one sequence,
 * so it is a share of tokens. Without {@code epoch_size} an epoch would be the sum of the streams,
 * and what is drawn twice would take another's place unseen.
 */
final class MosaicExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> proportions = shares.ofTokens();
    Map<String, Object> streams = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      String path = LocalPaths.plain(access.copy(domain, "MDS shards of concatenated tokens"));
      Map<String, Object> stream = new LinkedHashMap<>();
      if (LocalPaths.isRemote(path)) {
        stream.put("remote", path);
        stream.put("local", "/tmp/mds/" + SafeNames.ofFile(domain.name()));
      } else {
        stream.put("local", path);
      }
      stream.put("proportion", proportions.get(domain.name()));
      streams.put(domain.name(), stream);
    }
    Map<String, Object> dataset = new LinkedHashMap<>();
    dataset.put("streams", streams);
    long samples = shares.sequences();
    if (samples > 0) {
      dataset.put("epoch_size", samples);
    }
    dataset.put("shuffle", true);
    dataset.put("shuffle_seed", Math.floorMod(shares.plan().seed(), 1L << 31));
    String comment =
        "MosaicML Streaming: samples are sequences of %d tokens (convert_dataset_hf.py --concat_tokens %d).\nproportion: share of samples, here of tokens. epoch_size: samples of the whole plan, in one epoch."
            .formatted(shares.plan().sequenceLength(), shares.plan().sequenceLength());
    String text = MixtureFile.yaml(comment, Map.of("train_loader", Map.of("dataset", dataset)));
    return Export.of("mosaic.yaml", text, shares.wholeSequences(access, proportions));
  }
}
